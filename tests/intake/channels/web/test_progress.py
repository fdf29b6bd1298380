from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from core.hospital.directory import Directory, HospitalEntry, UnitEntry
from core.reading.reporter import Tracked, TrackedEvent, TrackedMessage
from core.tickets.lifecycle import CLOSED, ESCALATED, IN_PROGRESS, OPEN, RESOLVED, Status
from intake.channels.web.progress import Progress, progress_of
from tests.builders import FARMASI, MELATI, MONDAY

BY = "paling lambat Selasa, 24 November 2026 pukul 10.00 WIB"
DIRECTORY = Directory(
    version=1,
    hospital=HospitalEntry(name="RS Contoh", short_name="RS"),
    units={
        MELATI: UnitEntry(id=MELATI, code="MELATI", name="Ruang Melati"),
        FARMASI: UnitEntry(id=FARMASI, code="FARMASI", name="Farmasi"),
    },
)


def happened(*kinds: str, **moved: UUID) -> tuple[TrackedEvent, ...]:
    return tuple(
        TrackedEvent(kind=kind, at=MONDAY + timedelta(hours=hour), **moved)
        if kind == "moved"
        else TrackedEvent(kind=kind, at=MONDAY + timedelta(hours=hour))
        for hour, kind in enumerate(kinds)
    )


def ticket(status: Status = OPEN, **changes: object) -> Tracked:
    facts: dict[str, object] = {
        "id": uuid4(),
        "number": "TKT-20261123-0001",
        "status": status,
        "unit_name": "Farmasi",
        "language": "id",
        "received_at": MONDAY,
        "due_at": MONDAY + timedelta(hours=24),
        "first_response_at": None,
        "resolved_at": None,
        "rating": None,
        "version": 1,
        "messages": (),
        "events": happened("received"),
    }
    return Tracked(**(facts | changes))  # type: ignore[arg-type]  # a builder for any field


def told(tracked: Tracked, language: str = "id", now: datetime = MONDAY) -> Progress:
    return progress_of(tracked, DIRECTORY, language, now)


def steps(progress: Progress) -> list[tuple[str, str]]:
    return [(step.state, step.words) for step in progress.steps]


def test_a_fresh_report_shows_the_whole_way_ahead() -> None:
    progress = told(ticket())

    assert (progress.badge, progress.status) == ("open", "Diterima")
    assert steps(progress) == [
        ("now", "Diterima"),
        ("ahead", "Sedang diperiksa Farmasi"),
        ("ahead", "Dijawab"),
        ("ahead", "Selesai"),
    ]


def test_events_of_one_meaning_are_one_step_and_notes_are_none() -> None:
    events = happened("received", "assigned", "noted", "started", "graded", "replied", "replied")

    progress = told(ticket(IN_PROGRESS, events=events))

    assert steps(progress) == [
        ("done", "Diterima"),
        ("done", "Sedang diperiksa Farmasi"),
        ("now", "Dijawab"),
        ("ahead", "Selesai"),
    ]


def test_a_ticket_that_moved_names_the_unit_of_each_time() -> None:
    events = happened("received", "started", "moved", "started", origin_id=MELATI, unit_id=FARMASI)

    progress = told(ticket(IN_PROGRESS, events=events), "en")

    assert [words for _, words in steps(progress)][:4] == [
        "Received",
        "Being looked at by Ruang Melati",
        "Handed to Farmasi",
        "Being looked at by Farmasi",
    ]


def test_a_reopened_ticket_has_its_way_ahead_again() -> None:
    events = happened("received", "started", "replied", "resolved", "reopened")

    progress = told(ticket(OPEN, events=events), "en")

    assert steps(progress)[-4:] == [
        ("now", "Opened again"),
        ("ahead", "Being looked at by Farmasi"),
        ("ahead", "Answered"),
        ("ahead", "Solved"),
    ]


@pytest.mark.parametrize(
    ("status", "asks", "stars"),
    [
        (OPEN, False, False),
        (IN_PROGRESS, False, False),
        (ESCALATED, False, False),
        (RESOLVED, True, True),
        (CLOSED, False, True),
    ],
)
def test_questions_are_asked_when_they_can_be_answered(
    status: Status, asks: object, stars: object
) -> None:
    progress = told(ticket(status))

    assert (progress.asks_if_solved, progress.asks_for_stars) == (asks, stars)
    assert progress.may_add


@pytest.mark.parametrize(
    ("answered_after", "now_after", "kind", "text"),
    [
        (None, 1, "due", "Paling lambat Selasa, 24 November 2026 pukul 10.00 WIB: 23 j lagi."),
        (None, 24, "due", "Paling lambat Selasa, 24 November 2026 pukul 10.00 WIB: 0 m lagi."),
        (
            None,
            25,
            "bad",
            f"Dijanjikan {BY}. Kami mohon maaf. Anda dapat mengingatkan kami di bawah.",
        ),
        (
            3,
            99,
            "good",
            f"Dijanjikan {BY}; dijawab 21 j lebih awal.",
        ),
        (
            26,
            99,
            "warn",
            f"Dijanjikan {BY}; jawabannya datang 2 j sesudahnya. Kami mohon maaf.",
        ),
    ],
)
def test_the_promise_is_said_and_judged(
    answered_after: int | None, now_after: int, kind: str, text: str
) -> None:
    answered = MONDAY + timedelta(hours=answered_after) if answered_after is not None else None
    tracked = ticket(IN_PROGRESS, first_response_at=answered)

    promise = told(tracked, now=MONDAY + timedelta(hours=now_after)).promise

    assert promise is not None
    assert (promise.kind, promise.text) == (kind, text)


def test_a_report_taken_back_owes_nothing() -> None:
    assert told(ticket(CLOSED, events=happened("received", "withdrawn"))).promise is None


def test_staff_speak_as_their_unit() -> None:
    said = tuple(
        TrackedMessage(author=author, words="x", at=MONDAY, files=())
        for author in ("submitter", "staff", "system")
    )

    messages = told(ticket(messages=said)).messages

    assert [(m.author, m.ours) for m in messages] == [
        ("Anda", False),
        ("Farmasi", True),
        ("RS Contoh", True),
    ]
