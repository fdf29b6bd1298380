from email import policy
from email.message import EmailMessage

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.channels.email.notice_mail import (
    HEADERS,
    Stamp,
    UnusableAddressError,
    checked_address,
    compose,
    harmless,
    is_plain_header_set,
)
from tests.builders import MONDAY
from tests.intake.channels.email.notices import FROM, outgoing, read


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=100))
def test_any_words_make_one_mail_with_our_headers(subject: str, name: str, answer: str) -> None:
    stamp = Stamp(
        from_name=name,
        from_address=FROM,
        reply_to="reply+x@rs.example.org",
        message_id="<1.a@rs.example.org>",
        earlier=("<0.a@rs.example.org>",),
        date=MONDAY,
    )

    content = compose(outgoing(subject=subject, text=answer, html=None), stamp).as_bytes()

    assert is_plain_header_set(content)
    assert set(read(content).keys()) <= HEADERS


@settings(deadline=None)
@given(st.text(max_size=60))
def test_an_address_is_kept_or_refused_never_bent(text: str) -> None:
    try:
        kept = checked_address(text)
    except UnusableAddressError:
        return
    assert kept.rpartition("@")[0] == text.strip().rpartition("@")[0]
    assert kept.count("@") == 1


def test_a_foreign_header_is_noticed() -> None:
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["Bcc"] = FROM, "x@example.org"
    message.set_content("isi")

    assert not is_plain_header_set(message.as_bytes())
    assert harmless("=?utf-8?q?x?=") == "= ?utf-8?q?x?="
