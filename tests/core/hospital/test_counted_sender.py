import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.hospital.counted_sender import counted_as, domain_behind, mailbox_behind


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("korban@example.org", "KORBAN@EXAMPLE.ORG"),
        ("korban@example.org", "korban+1@example.org"),
        ("korban@example.org", '"korban"@example.org'),
        ("korban@example.org", '"kor\\ban"@example.org'),
        ("korban@example.org", "korban@example.org."),
        ("korban@example.org", "korban@example\u3002org"),
        ("korban@example.org", "\uff4b\uff4f\uff52\uff42\uff41\uff4e@example.org"),
        ("korban@example.org", "kor\u00adban@example.org"),
        ("korban@example.org", "korban@exam\u200bple.org"),
        ("korban@bücher.example", "korban@xn--bcher-kva.example"),
        ("josé@example.org", "jose\u0301@example.org"),
        ("strasse@example.org", "STRASSE@example.org"),
        ("ab@gmail.com", "a.b@googlemail.com"),
    ],
)
def test_two_spellings_are_one_mailbox(one: str, other: str) -> None:
    assert mailbox_behind(one) == mailbox_behind(other)
    assert mailbox_behind(mailbox_behind(other)) == mailbox_behind(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.b@example.org", "ab@example.org"),  # elsewhere a dot is a letter
        ("a.b@yahoo.com", "ab@yahoo.com"),
        ("+a@example.org", "+b@example.org"),
        ("a@gmail.com.example.org", "a@gmail.com"),
        ("josé@example.org", "jose@example.org"),
    ],
)
def test_two_mailboxes_stay_two(one: str, other: str) -> None:
    assert mailbox_behind(one) != mailbox_behind(other)


@given(st.text(max_size=60))
def test_any_text_is_counted_as_something_and_again_as_that(text: str) -> None:
    assert mailbox_behind(text) == mailbox_behind(text)
    assert domain_behind(text) is None or domain_behind(text)


@pytest.mark.parametrize("typed", ["0812 0000 0000", "+62 812-0000-0000", "0062 812 0000 0000"])
def test_a_telephone_number_is_counted_once(typed: str) -> None:
    assert counted_as("phone", typed.replace("0062", "+62")) == "+6281200000000"


def test_a_domain_is_one_however_it_is_spelled() -> None:
    assert domain_behind("a@Mail.Korban.example.") == domain_behind("b@korban.example")
    assert domain_behind("a@gmail.com.") is None
