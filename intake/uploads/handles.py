"""Signed handles that carry a stored file from one rendering of a form to the next.

When a form comes back with an error, its files are stored already. Each is written into the
page as a hidden handle, so that nobody sends 30 MB twice over a bad line. A handle works only
together with the form's own idempotency key: it opens nobody else's file.
"""

from dataclasses import dataclass, field
from datetime import datetime

from pydantic import TypeAdapter

from core.ground.seals import STAGED_FILE, Seals
from intake.uploads.arrival import ReceivedFile

_FILE = TypeAdapter(ReceivedFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handles:
    """Signs and opens handles."""

    secret: bytes = field(repr=False)

    def sign(self, file: ReceivedFile, form: str, now: datetime) -> str:
        """Return an opaque text of `A-Za-z0-9_-`, good for a day within the same form."""
        return Seals(self.secret, STAGED_FILE).seal(_FILE.dump_json(file), now, about=form)

    def open(self, handle: str, form: str, now: datetime) -> ReceivedFile | None:
        """Return the file, or None if the handle is forged, another form's or too old."""
        found = Seals(self.secret, STAGED_FILE).open(handle, now, about=form)
        return _FILE.validate_json(found.content) if found else None
