"""The pure middle of the core: properties that hold for any input."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import text, tracking
from core.directory import CategoryEntry, Directory, HospitalEntry, QrEntry, UnitEntry
from core.faults import STEPS
from core.faults import parse as parse_fault
from core.ids import uuid7
from core.lifecycle import MOVES, IllegalMoveError, Status, after, possible
from core.notices import RULES, TEMPLATES, Audience, Recipient, notices_for
from core.priority import priority_of
from core.routing import RULES as ROUTES
from core.routing import route
from core.sla.promise import promise
from core.submission import LIMITS, Submission, Submitter, prepare
from tests.builders import MONDAY, TOKEN

anything = st.text(st.characters(), max_size=300) | st.text(max_size=300)

DESK = UnitEntry(id=uuid4(), code="PENGADUAN", name="Meja Pengaduan", is_triage_desk=True)
WARD = UnitEntry(id=uuid4(), code="MELATI", name="Ruang Melati", aliases=("melati",))
CLOSED_WARD = UnitEntry(id=uuid4(), code="LAMA", name="Ruang Lama", is_active=False)
CATEGORY = CategoryEntry(id=uuid4(), code="FAC", name="Fasilitas", sla_hours=72, unit_id=WARD.id)
DIRECTORY = Directory(
    version=1,
    hospital=HospitalEntry(name="RS Contoh Sehat", short_name="RS Contoh"),
    units={unit.id: unit for unit in (DESK, WARD, CLOSED_WARD)},
    categories={"FAC": CATEGORY},
    qr_codes={
        TOKEN: QrEntry(id=uuid4(), unit_id=WARD.id, code="MELATI-1", token=TOKEN, name="Pintu"),
        "old": QrEntry(id=uuid4(), unit_id=CLOSED_WARD.id, code="OLD-1", token="old", name="-"),
    },
    sending=frozenset({"email"}),
)


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


@given(
    qr=st.sampled_from([None, TOKEN, "old", "x"]),
    unit=st.sampled_from([None, "melati", "LAMA", "?"]),
    recipient=st.sampled_from([None, "melati@rs.example.org", "melati+x@y", "who@x"]),
    category=st.sampled_from([None, "FAC", "?"]),
)
def test_routing_always_finds_an_active_unit_and_says_why(
    qr: str | None, unit: str | None, recipient: str | None, category: str | None
) -> None:
    report = Submission(
        channel="web",
        key="k",
        words="w",
        qr_token=qr,
        unit_code=unit,
        recipient=recipient,
        category=category,
    )

    way = route(report, DIRECTORY)

    assert way.unit.is_active
    assert way.unit.name in way.reason
    named = qr == TOKEN or unit == "melati" or (recipient or "").startswith("melati")
    assert (way.rule == "triage") is not (named or category == "FAC")


def test_every_routing_rule_speaks_both_languages() -> None:
    for rule in ROUTES:
        assert set(rule.sentence) == {"id", "en"}


@pytest.mark.parametrize(
    ("unit_hours", "category_hours", "hours", "origin"),
    [
        (None, None, 72, "umum"),
        (12, None, 12, "Ruang Melati"),
        (None, 24, 24, "Fasilitas"),
        (240, 24, 24, "Fasilitas"),
        (12, 24, 12, "Ruang Melati"),
    ],
)
def test_the_strictest_hours_are_promised(
    unit_hours: int | None, category_hours: int | None, hours: int, origin: str
) -> None:
    unit = UnitEntry(id=uuid4(), code="M", name="Ruang Melati", sla_hours=unit_hours)
    category = CategoryEntry(id=uuid4(), code="FAC", name="Fasilitas", sla_hours=category_hours)

    promised = promise(MONDAY, unit=unit, category=category, hospital=DIRECTORY.hospital)

    assert promised.due_at == MONDAY + timedelta(hours=hours)
    assert origin in promised.reason


@given(st.sampled_from(list(MOVES)), st.sampled_from(list(Status)))
def test_every_move_is_in_the_table_or_refused(verb: str, status: Status) -> None:
    if status in MOVES[verb]:
        assert after(verb, status) is MOVES[verb][status]
        assert verb in possible(status)
        return
    with pytest.raises(IllegalMoveError):
        after(verb, status)
    assert verb not in possible(status)


def test_every_status_can_be_reached_and_left() -> None:
    reached = {to for moves in MOVES.values() for to in moves.values()}

    assert reached == set(Status)
    assert all(any(to is not status for to in _exits(status)) for status in Status)


def _exits(status: Status) -> list[Status]:
    return [moves[status] for moves in MOVES.values() if status in moves]


def test_nobody_is_told_twice_of_one_event() -> None:
    people: dict[Audience, Recipient] = {
        audience: Recipient(channel="email", address=f"{audience}@example.org", language="id")
        for audience in ("submitter", "unit", "assignee")
    }
    for event in {rule.event for rule in RULES}:
        told = [(n.channel, n.address) for n in notices_for(event, people)]
        assert len(told) == len(set(told))
        assert notices_for(event, {}) == ()
        assert notices_for(event, people, silent=frozenset(people)) == ()
    assert {rule.template for rule in RULES} == set(TEMPLATES)


@given(st.integers(1, 5), st.sampled_from([None, "red", "yellow", "green"]))
def test_priority_never_falls_below_what_the_grade_calls_for(
    urgency: int, grade: str | None
) -> None:
    order = ("low", "medium", "high", "critical")

    together = order.index(priority_of(urgency, grade))

    assert together >= order.index(priority_of(urgency))
    assert together >= order.index(priority_of(1, grade))


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
