"""Replies: what the bot says, as a key with its facts; `wording` turns it into a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Style = Literal["reply", "inline", "none"]
"""Buttons under the keyboard, buttons on the message, or the keyboard removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button. Its label is `text` (a name), else the catalogue's word for `key`."""

    id: str
    about: str = ""
    """What it concerns: a unit's id or a ticket's number."""
    text: str = ""
    key: str = ""
    asks_contact: bool = False
    """The button shares the person's own number, where the channel can do that."""

    @property
    def label(self) -> str:
        """The catalogue key of the label."""
        return self.key or f"label.{self.id}"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the catalogue inside a sentence, in the sentence's language."""

    key: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, to be written out on the hospital's clock."""

    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Size:
    """How large a file is, to be written in MB of a million bytes."""

    size_bytes: int


Param = str | int | Term | Moment | Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """One message. `edit` asks the channel to change its last question in place if it can."""

    key: str
    params: Mapping[str, Param] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    style: Style = "none"
    numbers: bool = True
    """Whether a choice may be answered by its number."""
    edit: bool = False
    ticket: str | None = None
    """The ticket this message speaks of: a reply to it is a comment on that ticket."""
    version: int = 0
    """Comes back in `Press`, so that a button of an older question is known as such."""


def choices(*ids: str) -> tuple[Choice, ...]:
    """Return plain choices whose labels are in the catalogue."""
    return tuple(Choice(id=each) for each in ids)
