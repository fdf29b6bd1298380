"""State: where a conversation stands, as one frozen value that fits into a JSON column."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from intake.language import DEFAULT_LANGUAGE, Language

VERSION = 2
"""Of the stored form. A reader takes what it knows from any version and drops the rest."""

Kind = Literal["complaint", "suggestion", "information"]

IDLE = "IDLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that came by chat; `ref` is the channel's own name for it."""

    ref: str
    kind: str = "file"
    size: int = 0
    seconds: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one message said: words, a file, or both. `message` lets an edit find it."""

    text: str = ""
    message: str | None = None
    file: File | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A report that is not sent yet."""

    draft_id: str
    kind: Kind | None = None
    unit: str | None = None
    qr_code: str | None = None
    said: tuple[Said, ...] = ()
    name: str | None = None
    name_message: str | None = None
    phone: str | None = None
    urgent: bool = False
    noted: bool = False
    """Whether "noted, anything else?" was said already."""
    reminded: bool = False
    cancelled: bool = False
    at: str = ""
    """The screen to resume."""
    touched: datetime | None = None
    reviewed: int = 0
    """The version of the screen that first showed it before sending; 0: none did."""
    joined: int = 0
    """How many of the last things said waited for "go on or start new?" and got no answer."""

    @property
    def begun(self) -> bool:
        """Tell whether the person said anything that would be lost."""
        return bool(self.said)

    @property
    def words(self) -> str:
        """All words, one message a paragraph."""
        return "\n".join(said.text for said in self.said if said.text)

    @property
    def files(self) -> tuple[File, ...]:
        """All files, in the order they came."""
        return tuple(said.file for said in self.said if said.file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A satisfaction survey under way: the question asked now, and the answers so far."""

    survey_id: str
    unit: str | None = None
    qr_code: str | None = None
    question: int = 0
    answers: Mapping[str, int] = field(default_factory=dict)
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A poster scanned while another report was not finished."""

    unit: str
    qr_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The last draft that was sent, and the ticket it became."""

    draft_id: str
    ticket: str | None = None
    urgent: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Words that were put on a ticket without its being asked for, so that they can be moved.

    `run` names them in the button under the answer; words that follow soon join the same run.
    """

    run: int
    ticket: str
    said: tuple[Said, ...] = ()
    at: datetime | None = None
    moved: bool = False
    """Whether a new report was made of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A report that its tracking code opened here: at hand for a while, and linked to nobody."""

    ticket: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCodes:
    """How many codes opened nothing, since when."""

    since: datetime | None = None
    count: int = 0
    last: str = ""
    """A mark of the one that was asked about in a draft; sent again it is words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast the person writes, and until when we stay silent."""

    since: datetime | None = None
    count: int = 0
    quiet_until: datetime | None = None
    owes: bool = False
    """Whether something was kept in silence that is still to be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A conversation. `at` names the screen; everything else is what the screens remember."""

    at: str = IDLE
    lang: Language = DEFAULT_LANGUAGE
    draft: Draft | None = None
    survey: Survey | None = None
    ticket: str | None = None
    """The ticket that the present screen speaks about."""
    gathered: tuple[Said, ...] = ()
    """Words of a breath that is not over: they are taken together when it is."""
    gathered_since: datetime | None = None
    held: tuple[Said, ...] = ()
    """Words that wait for the answer which report they belong to."""
    added: tuple[Added, ...] = ()
    """Words just put on tickets, in case they should have been a new report; newest last."""
    hits: tuple[str, ...] = ()
    """Units that may be meant, offered instead of the busiest."""
    back: str | None = None
    """The screen to return to after an aside about a ticket."""
    tries: int = 0
    answered: bool = False
    """Whether a comment was acknowledged on this screen."""
    scan: Scan | None = None
    sent: Sent | None = None
    pace: Pace = Pace()
    opened: tuple[Opened, ...] = ()
    """Reports that were opened here by their codes, the last one first."""
    wrong_codes: WrongCodes = WrongCodes()
    last_group: str | None = None
    greeted_group: bool = False
    blocked_at: datetime | None = None
    version: int = 0
    """Counts the screens shown, so that a button of an older one is known as such."""

    @property
    def begun(self) -> bool:
        """Tell whether a report with words or files waits to be sent."""
        return self.draft is not None and self.draft.begun

    def with_draft(self, draft_id: str, **changes: Any) -> "State":  # noqa: ANN401 - fields of Draft
        """Return the state with its draft changed, begun under `draft_id` if there was none."""
        draft = self.draft or Draft(draft_id=draft_id)
        return replace(self, draft=replace(draft, **changes))


_STATE = TypeAdapter(State)
_SAID = TypeAdapter(Said)


def dump(state: State) -> dict[str, Any]:
    """Return the state as JSON-able dict, with the version of its form."""
    return {"form": VERSION, **_STATE.dump_python(state, mode="json")}


def load(stored: object, screens: frozenset[str]) -> State:
    """Read a stored state of any version; what cannot be read is left out, words last of all.

    A screen that no longer exists becomes IDLE; its draft waits there to be resumed. Never raises.
    """
    fields = dict(stored) if isinstance(stored, dict) else {}
    for known in ("at", "back"):
        name = fields.get(known)
        if not isinstance(name, str) or name not in screens:
            fields.pop(known, None)
    _read_first_form(fields)
    try:
        return _STATE.validate_python(fields)
    except ValidationError as error:
        broken = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
        kept = {name: value for name, value in fields.items() if name not in broken}
        rescued = _rescue(fields.get("draft")) if "draft" in broken else None
        return _salvage(kept, rescued)


def _read_first_form(fields: dict[str, Any]) -> None:
    """Read what form 1 called `copied`: words on the state's own ticket."""
    copied, ticket = fields.pop("copied", None), fields.get("ticket")
    if copied and isinstance(ticket, str) and "added" not in fields:
        fields["added"] = [{"run": 1, "ticket": ticket, "said": copied}]


def _salvage(kept: dict[str, Any], draft: Draft | None) -> State:
    try:
        state = _STATE.validate_python(kept)
    except ValidationError:
        state = State()
    return replace(state, at=IDLE, back=None, draft=draft or state.draft)


def _rescue(stored: object) -> Draft | None:
    """Save the words of a draft whose other fields cannot be read."""
    if not isinstance(stored, dict) or not isinstance(stored.get("draft_id"), str):
        return None
    said = [_said(item) for item in stored.get("said") or () if item]
    return Draft(draft_id=stored["draft_id"], said=tuple(filter(None, said)))


def _said(item: object) -> Said | None:
    try:
        return _SAID.validate_python(item)
    except ValidationError:
        return None
