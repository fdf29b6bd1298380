"""Signed handles that carry a stored file from one rendering of a form to the next.

When a form comes back with an error, its files are stored already. Each is written into the
page as a hidden handle, so that nobody sends 30 MB twice over a bad line. A handle works only
together with the form's own idempotency key: it opens nobody else's file.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from pydantic import TypeAdapter

from core.ground.seals import STAGED_FILE, Seals
from core.ground.secret import Secret
from intake.uploads.arrival import ReceivedFile
from intake.uploads.reasons import Problem, Reason

_FILE = TypeAdapter(ReceivedFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handles:
    """Signs and opens handles."""

    secret: Secret = field(repr=False)

    def sign(self, file: ReceivedFile, form: str, now: datetime) -> str:
        """Return an opaque text of `A-Za-z0-9_-`, good within the same form.

        It lasts from the first time on, however often the form comes back: the file is swept soon
        after.
        """
        content = _FILE.dump_json(file)
        return Seals(self.secret, STAGED_FILE).seal(content, file.since or now, about=form)

    def open(self, handle: str, form: str, now: datetime) -> ReceivedFile | None:
        """Return the file, or None if the handle is forged, another form's or too old."""
        found = Seals(self.secret, STAGED_FILE).open(handle, now, about=form)
        if found is None:
            return None
        return replace(_FILE.validate_json(found.content), since=found.made_at)

    def opened(
        self, kept: Iterable[str], form: str, now: datetime
    ) -> tuple[tuple[ReceivedFile, ...], tuple[Problem, ...]]:
        """Return the files of handles, and a problem where some of them open nothing any more."""
        files = tuple(self.open(handle, form, now) for handle in kept)
        lapsed = Problem(field="files", reason=Reason.KEPT_NO_LONGER)
        return tuple(filter(None, files)), (lapsed,) if None in files else ()
