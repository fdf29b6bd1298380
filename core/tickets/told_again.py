"""What becomes of a report whose key was told before. Pure: one rule for every form and channel.

| what came under the same key           | MERGE  | ANOTHER        | LEAVE  |
|----------------------------------------|--------|----------------|--------|
| nothing that is new                    | same   | same           | same   |
| other words, whatever else             | merged | another report | left   |
| the same words; other facts or files   | merged | merged         | left   |

Which column counts is the channel's knowledge (`Again`, ADR 25).
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

from core.ground.text import is_readable
from core.hospital.contact import compared
from core.hospital.directory import Directory
from core.tickets.routing import Route
from core.tickets.submission import Again, StoredFile, Submission

WORDS: Final = "words"
FILES: Final = "files"
PLACES: Final = "places"
UNKNOWN: Final = "unknown"
UNIT: Final = "unit"
CONTACTS: Final = ("name", "email", "phone", "address")
DIFFERENCES: Final = (WORDS, FILES, *CONTACTS, PLACES, UNKNOWN, "kind", "category", "urgency", UNIT)
"""What a repeat can say that was not told before, in the order in which it is told to people."""
_UNNAMED: Final = "triage"
"""The routing rule that decides where nobody named a place."""


class Verdict(StrEnum):
    """What becomes of a repeat."""

    SAME = "same"
    MERGED = "merged"
    ANOTHER = "another"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was told of a ticket so far, whatever staff have made of it since."""

    words: frozenset[str]
    """Everything the person said on it."""
    files: frozenset[str]
    """Names by which its files are known (`StoredFile.names`)."""
    contacts: dict[str, str | None]
    places: frozenset[tuple[str, str]]
    """Where news of it goes: channel and address, as addresses compare."""
    is_anonymous: bool
    kind: str
    category_id: UUID | None
    urgency: int
    unit_id: UUID
    """The unit that the person named last, or that the rules found."""


def verdict(differs: tuple[str, ...], again: Again) -> Verdict:
    """Decide by what differs and what the channel knows; the table above."""
    if not differs:
        return Verdict.SAME
    if again is Again.LEAVE:
        return Verdict.LEFT
    if again is Again.ANOTHER and WORDS in differs:
        return Verdict.ANOTHER
    return Verdict.MERGED


def differences(
    known: Known, told: Submission, way: Route, directory: Directory, *, hides: bool
) -> tuple[str, ...]:
    """Name what a repeat, made fit, says that was not told before; what it leaves out is nothing.

    `hides`: the person asks to stay unknown. Somebody who merely gives no name does not.
    """
    found = {
        WORDS: is_readable(told.words) and told.words not in known.words,
        FILES: bool(new_files(known, told.files)),
        PLACES: bool(new_places(known, told, directory)),
        UNKNOWN: hides and not known.is_anonymous,
        "kind": told.kind != known.kind,
        "category": way.category_id not in (None, known.category_id),
        "urgency": told.urgency > known.urgency,
        UNIT: way.rule != _UNNAMED and way.unit.id != known.unit_id,
    }
    for name in CONTACTS:
        typed = getattr(told.submitter, name)
        found[name] = bool(typed) and typed != known.contacts[name]
    return tuple(one for one in DIFFERENCES if found[one])


def new_files(known: Known, files: tuple[StoredFile, ...]) -> tuple[StoredFile, ...]:
    """Return the files that are not on the ticket yet, each content once."""
    new = {file.names: file for file in files if not file.names & known.files}
    return tuple(new.values())


def new_places(known: Known, told: Submission, directory: Directory) -> tuple[int, ...]:
    """Return which of the addresses news does not go to yet, by their place in the submission."""
    return tuple(
        rank
        for rank, one in enumerate(told.addresses)
        if (one.channel, compared(directory.channels[one.channel].takes, one.address))
        not in known.places
    )


def key_of_words(key: str, words: str, files: tuple[StoredFile, ...] = ()) -> str:
    """Return a key under a sender's key that is equal for equal words and files only."""
    content = "\0".join((words, *(file.path or file.name for file in files)))
    return f"{key}.{sha256(content.encode(errors='replace')).hexdigest()[:16]}"
