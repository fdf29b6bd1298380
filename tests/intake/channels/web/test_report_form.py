from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.hospital.directory import ChannelEntry, Directory, HospitalEntry
from core.tickets.submission import Address
from core.triage import emergency
from intake.channels.web.report_form import ReportForm
from intake.pages.kinds import KIND_CODES
from intake.uploads.receive import Received

EMPTY = Directory(version=1, hospital=HospitalEntry(name="RS Contoh", short_name="RS"))
WRITING = replace(EMPTY, channels={"post": ChannelEntry(name="post", sends=True, takes="email")})
"""It has a channel that writes to e-mail addresses."""


def form(**fields: str) -> ReportForm:
    return ReportForm.read(Received(fields={name: (text,) for name, text in fields.items()}))


@pytest.fixture(scope="module", autouse=True)
def rules() -> None:
    """Read the words of danger once, outside any example's time."""
    emergency.load()


@given(
    st.dictionaries(
        st.sampled_from(("key", "type", "story", "unit", "qr", "identity", "name", "email")),
        st.text(max_size=80),
    )
)
def test_any_fields_make_a_form_and_a_submission(fields: dict[str, str]) -> None:
    read = form(**fields)

    made = read.submission(EMPTY, (), language="id", ip_address=None, user_agent=None)

    assert read.kind in KIND_CODES
    assert len(read.key) >= 16
    assert made.anonymous or read.identity == "named"
    assert made.words == fields.get("story", "").strip()


@pytest.mark.parametrize("typed", ["mailto:Sari@Example.org", " Sari <sari@example.org>, "])
def test_an_address_is_read_as_people_type_it_and_shown_as_they_typed_it(typed: str) -> None:
    named = form(story="x", identity="named", email=typed)

    made = named.submission(WRITING, (), language="id", ip_address=None, user_agent=None)

    assert not named.problems(with_files=False)
    assert named.email == typed.strip()
    assert made.submitter.email == "sari@example.org"
    assert made.addresses == (Address(channel="post", address="sari@example.org"),)


def test_what_is_no_address_is_never_written_to() -> None:
    wrong = form(story="x", identity="named", email="a@example.org, b@example.org")

    made = wrong.submission(WRITING, (), language="id", ip_address=None, user_agent=None)

    assert list(wrong.problems(with_files=False)) == ["email"]
    assert made.addresses == ()


@pytest.mark.parametrize(
    ("phone", "right"),
    [
        ("0800-0000-0001", True),
        ("+62 812 0000 0001", True),
        ("(021) 0000001", True),
        ("12", False),
        ("nol delapan", False),
        ("0800;DROP", False),
    ],
)
def test_a_telephone_number_is_digits(phone: str, right: object) -> None:
    named = form(story="x", identity="named", phone=phone)
    unknown = form(story="x", phone=phone)

    assert ("phone" not in named.problems(with_files=False)) is right
    assert "phone" not in unknown.problems(with_files=False)


def test_problems_come_in_the_order_of_the_page() -> None:
    wrong = form(email="@", phone="x", identity="named")

    assert list(wrong.problems(with_files=False)) == ["story", "email", "phone"]
    assert not form().problems(with_files=True)


def test_a_key_that_is_not_ours_is_replaced() -> None:
    assert form(key="short").key != form(key="short").key
    assert form(key="exactly-as-it-came-in").key == "exactly-as-it-came-in"
