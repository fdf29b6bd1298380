"""Effects: what the adapter does for the dialogue, all in the step's own transaction.

Three of them are questions: the adapter answers `Submit` with `Filed`, `ReadPoster` with
`Scanned`, `ReadTicketLink` with `Found`, by calling `step` again at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.ground.limit import Limit
from intake.dialogue.state import File, Kind, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """File the draft as one ticket; the same draft_id again is the same ticket."""

    draft_id: str
    kind: Kind
    unit: str
    qr_code: str | None
    words: str
    said: tuple[Said, ...]
    name: str | None
    phone: str | None
    anonymous: bool
    urgent: bool
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddComment:
    """Add to a ticket what the person said; core decides whether that reopens it."""

    ticket: str
    said: tuple[Said, ...]
    edited: bool = False
    unsaid: bool = False
    """The person was asked which report they meant, and did not say; staff are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retract:
    """Mark comments as not meant for this ticket: the person made a new report of them."""

    ticket: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmResolved:
    """The person says the problem is solved."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """The person says the problem is not solved; their words follow as a comment."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveStars:
    """Rate the handling, 1 to 5; a later rating replaces an earlier one."""

    ticket: str
    stars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveStarsComment:
    """Keep what the person said about the handling."""

    ticket: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSurvey:
    """File a satisfaction survey: element code → 1 to 4; unanswered elements are missing."""

    survey_id: str
    unit: str | None
    qr_code: str | None
    answers: Mapping[str, int]
    said: tuple[Said, ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFile:
    """Fetch a file from the channel soon: it belongs to this chat's draft or comment."""

    file: File


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseAlarm:
    """Somebody may be in danger: tell the duty officer by a loud path, now."""

    said: Said
    matched: tuple[str, ...]
    unit: str | None
    ticket: str | None
    draft_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Send `Timer(name)` at a time; a later time for the same name replaces the earlier one."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPoster:
    """Look up a QR token; answer with `Scanned`."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTicketLink:
    """Look up a ticket's link token; answer with `Found`."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChat:
    """From now on news of this ticket comes to this chat."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopNotices:
    """The chat cannot be reached: cancel what waits for it, tell staff, use another contact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeNotices:
    """The chat can be reached again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRefusal:
    """Count what a limit put off, for whoever runs the place."""

    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveChat:
    """Leave the group or channel."""


Effect = (
    Submit
    | AddComment
    | Retract
    | ConfirmResolved
    | Reopen
    | SaveStars
    | SaveStarsComment
    | SaveSurvey
    | FetchFile
    | RaiseAlarm
    | Schedule
    | ReadPoster
    | ReadTicketLink
    | LinkChat
    | StopNotices
    | ResumeNotices
    | NoteRefusal
    | LeaveChat
)
