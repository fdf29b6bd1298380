"""The form of `tests/chats/*.yaml`: a conversation, and what must have come of it.

    title: what the script shows, as a sentence
    given:                       # tickets that came by another channel, numbered from 1
      - {unit: GIGI, words: kursi rusak}
    steps:                       # in order; tickets are named by their place: 1 is the first
      - scan: GIGI               # opens the chat from that unit's poster
      - say: perawatnya ketus    # words; `id` names the message for a later edit
      - press: send              # a button by its id, wherever it was shown last
      - wait: 26 hours
    expect:
      tickets: [{unit: GIGI, words: [ketus]}]

`{number:1}` and `{code:1}` in words stand for a ticket's number and tracking code. Expectations
name outcomes, never wording; every ticket must be listed, what is not named does not matter.
"""

from datetime import timedelta
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A part of a script; an unknown word in it is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Says(Part):
    """The person writes."""

    say: str
    id: str | None = None
    reply_to: int | None = None


class Presses(Part):
    """The person presses a button that was shown; `about` is a unit's code or a ticket."""

    press: str
    about: str | int | None = None
    again: bool = False
    """The very button that was pressed with that id before, whatever was shown since."""


class Sends(Part):
    """The person sends a file."""

    send: Literal["photo", "file", "voice", "video", "video_note", "audio"]
    caption: str = ""
    seconds: int = 0
    megabytes: float = 0.1
    album: str | None = None
    id: str | None = None
    reply_to: int | None = None


class Edits(Part):
    """The person edits the message with that id."""

    edit: str
    text: str
    ticket: int | None = None
    """The ticket the message is on by now, if it is on one."""


class Scans(Part):
    """The person opens the chat from the poster of a unit (or of none: an old poster)."""

    scan: str


class Follows(Part):
    """The person opens the chat by the link on a ticket's receipt."""

    follow: int


class Shares(Part):
    """The person shares a contact (own or somebody else's) or a place."""

    share: Literal["own number", "other number", "place"]


class Does(Part):
    """Something else: a sticker, a group, blocking, opening the chat without a link."""

    do: Literal["sticker", "group", "block", "unblock", "start"]


class Waits(Part):
    """Time passes: "40 minutes", "26 hours", "3 days"."""

    wait: str

    @property
    def span(self) -> timedelta:
        """Return how long."""
        number, unit = self.wait.split()
        return timedelta(**{unit.rstrip("s") + "s": float(number)})


class Restarts(Part):
    """All processes end and begin anew."""

    restart: Literal["all"]


class Staff(Part):
    """Staff do something to a ticket, and the person is told."""

    staff: Literal["question", "answer", "passed_on", "resolved", "closed"]
    ticket: int = 1
    words: str = ""


class AtOnce(Part):
    """Several things reach us in the same moment, on different replicas."""

    at_once: tuple["Deed", ...]


Deed = Says | Presses | Sends | Edits | Scans | Follows | Shares | Does
"""What the person does, in one update of the channel."""

ScriptStep = Deed | Waits | Restarts | Staff | AtOnce


class Given(Part):
    """A ticket that another channel filed before."""

    unit: str
    words: str


class TicketExpected(Part):
    """What a ticket must be like; words and comments must contain each of the listed texts."""

    unit: str | None = None
    kind: str | None = None
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    files: int | None = None
    name: str | None = None
    phone: str | None = None
    anonymous: bool | None = None
    urgent: bool | None = None
    status: str | None = None
    comments: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    everything: tuple[str, ...] = ()
    """Texts that must be in the words or in a comment, in whichever."""
    added: int | None = None
    """How many comments there are."""
    unsaid: int = 0
    """How many comments bear the remark that the person did not say which report they meant."""
    retracted: int = 0
    stars: int | None = None
    opinions: tuple[str, ...] = ()
    confirmed: bool | None = None


class SurveyExpected(Part):
    """What a satisfaction survey must hold."""

    answered: int = 9
    unit: str | None = None
    remarks: tuple[str, ...] = ()


class Expected(Part):
    """What must have come of the conversation."""

    tickets: tuple[TicketExpected, ...] = ()
    surveys: tuple[SurveyExpected, ...] = ()
    alarms: int = 0
    draft: tuple[str, ...] | None = None
    """Texts of the draft that is left; None: nothing waits to be sent."""
    groups_left: int = 0
    notices: bool = True
    """Whether the chat can still be written to."""


class Script(Part):
    """A whole conversation."""

    title: str
    language: Literal["id", "en", "mixed", "jv", "su"]
    given: tuple[Given, ...] = ()
    steps: tuple[ScriptStep, ...] = Field(min_length=1)
    expect: Expected


AtOnce.model_rebuild()
Script.model_rebuild()


def read(path: Path) -> Script:
    """Read a script; a mistake in it is a ValidationError that names the place."""
    return Script.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
