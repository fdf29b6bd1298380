"""The pure middle of the core: properties that hold for any input."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import text, tracking
from core.directory import Directory, UnitEntry
from core.faults import STEPS
from core.faults import parse as parse_fault
from core.ids import uuid7
from core.submission import LIMITS, Submission, Submitter, prepare
from tests.core.hospital import DIRECTORY

anything = st.text(st.characters(), max_size=300) | st.text(max_size=300)


@given(anything)
def test_clean_text_can_be_stored_and_is_left_alone_the_second_time(raw: str) -> None:
    cleaned = text.clean(raw)

    cleaned.encode()
    assert "\0" not in cleaned
    assert text.clean(cleaned) == cleaned


@given(anything, st.integers(min_value=2, max_value=100))
def test_shortened_text_fits(raw: str, limit: int) -> None:
    assert len(text.shorten(raw, limit)) <= limit
    assert len(text.first_words(raw, limit)) <= limit


@given(st.binary(min_size=1, max_size=64), anything)
def test_a_tracking_code_is_read_back_however_it_is_typed(secret: bytes, key: str) -> None:
    code = tracking.code_for(secret, key.encode(errors="replace").decode())

    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", "  ")):
        assert tracking.read_code(typed) == code
    assert len(code.replace("-", "")) * 5 == 80


@given(anything)
def test_any_typed_text_is_a_code_or_none(typed: str) -> None:
    code = tracking.read_code(typed)

    assert code is None or tracking.read_code(code) == code


def test_identifiers_are_version_seven_and_ordered_by_time() -> None:
    made = [uuid7() for _ in range(50)]

    assert {identifier.version for identifier in made} == {7}
    assert made[0].int >> 80 <= made[-1].int >> 80


@given(
    st.builds(
        Submission,
        channel=st.just("web"),
        key=anything,
        words=anything,
        kind=anything,
        title=st.none() | anything,
        language=anything,
        for_whom=st.none() | anything,
        submitter=st.builds(Submitter, name=st.none() | anything, phone=st.none() | anything),
        anonymous=st.booleans(),
        ip_address=st.none() | anything,
        user_agent=st.none() | anything,
        urgency=st.integers(),
    )
)
def test_any_submission_can_be_prepared(submission: Submission) -> None:
    ready = prepare(submission)

    assert ready.title
    assert len(ready.title) <= LIMITS["title"]
    assert 1 <= ready.urgency <= 5
    if ready.anonymous:
        assert ready.submitter.is_unknown
        assert (ready.ip_address, ready.user_agent) == (None, None)


def test_units_below_include_the_retired_and_end_in_a_circle() -> None:
    top, middle, leaf = (uuid4() for _ in range(3))
    units = {
        top: UnitEntry(id=top, code="A", name="A", parent_id=leaf),
        middle: UnitEntry(id=middle, code="B", name="B", parent_id=top, is_active=False),
        leaf: UnitEntry(id=leaf, code="C", name="C", parent_id=middle),
    }
    tree = Directory(version=1, hospital=DIRECTORY.hospital, units=units)

    assert tree.below(middle) == {top, middle, leaf}


def test_a_typed_code_is_found_in_any_spelling() -> None:
    for typed in ("melati-1", " MELATI 1", "Melati1"):
        assert DIRECTORY.qr_by_code(typed) is not None
    assert DIRECTORY.qr_by_code("OLD-1") is None
    assert DIRECTORY.qr_by_code("") is None


def test_a_fault_names_a_step_of_ours() -> None:
    assert parse_fault(f"{STEPS[0]}:3") == (STEPS[0], 3)
    with pytest.raises(ValueError, match=r"submit\.before"):
        parse_fault("nowhere")
