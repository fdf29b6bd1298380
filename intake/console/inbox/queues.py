"""What each queue is called, what one sees where it is empty, and how a row is written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from core.reading.queues import SOON, QueueReader, QueueRow
from intake.console.labels import GRADES, KINDS, STATUSES_IN_WORDS, Word, channel_word
from intake.language import Language, time_left
from intake.language import marked as _


class QueueWords(NamedTuple):
    """A queue's name, its sign, and a kind sentence for when it is empty."""

    name: str
    sign: str
    empty: str


QUEUES: Final = {
    "triage": QueueWords(
        _("Triage desk"), "signpost", _("Everything has found its unit. Thank you.")
    ),
    "unit": QueueWords(
        _("My unit"), "inbox", _("Nothing is open in your unit. A good moment to breathe.")
    ),
    "mine": QueueWords(_("Mine"), "person", _("Nothing waits for you by name.")),
    "soon": QueueWords(_("Due soon"), "clock", _("No deadline within this shift.")),
    "overdue": QueueWords(
        _("Overdue"), "alert", _("Nobody waits longer than was promised. Well done.")
    ),
    "waiting": QueueWords(
        _("Waiting for the person"), "pause", _("No question of ours waits for an answer.")
    ),
    "undelivered": QueueWords(
        _("Failed notices"), "undelivered", _("Every notice has arrived or is on its way.")
    ),
    "all": QueueWords(_("All"), "list", _("There are no reports yet.")),
}
NOTHING_FOUND: Final = _("No report fits. Fewer words or filters may find it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row as it is shown."""

    row: QueueRow
    channel: Word
    status: Word
    grade: Word | None
    kind: str
    clock: str
    urgency: str
    """`calm`, `soon`, `late` or `over`; a class beside the words, never instead of them."""


def line_of(row: QueueRow, desk: QueueReader, language: Language) -> ShownRow:
    """Write a row."""
    return ShownRow(
        row=row,
        channel=channel_word(desk.directory, language, row.source),
        status=STATUSES_IN_WORDS[row.status],
        grade=GRADES.get(row.grade or ""),
        kind=KINDS[row.kind],
        clock=time_left(row.due_at, desk.now, language) if row.is_owed else "",
        urgency=urgency(row.due_at, desk.now, owed=row.is_owed),
    )


def urgency(due_at: datetime, now: datetime, *, owed: bool) -> str:
    """Say how near a deadline is."""
    if not owed:
        return "over"
    if due_at < now:
        return "late"
    return "soon" if due_at <= now + SOON else "calm"
