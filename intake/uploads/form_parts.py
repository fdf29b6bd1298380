"""The parts of a form as they come: texts cleaned and cut, files drafted, then kept or named.

Nothing is kept before the whole form is read: what is broken off leaves nothing behind.
"""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from core.ground.storage import Storage, StorageUnavailable
from core.ground.text import clean
from core.tickets.submission import StoredFile
from intake.uploads.arrival import Arrival, FileTooLarge, ReceivedFile
from intake.uploads.limits import Limits
from intake.uploads.multipart import PartBegin
from intake.uploads.names import display_name, safe_name
from intake.uploads.quota import Upload
from intake.uploads.reasons import Problem, Reason
from intake.uploads.refusals import TooMuch

_FIELD_NAME_CHARACTERS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A form as it was understood: every text of a field in order, stored files, problems."""

    fields: Mapping[str, tuple[str, ...]]
    files: tuple[ReceivedFile, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def lost(self) -> tuple[StoredFile, ...]:
        """The files that no place of ours could keep, by name, as a ticket lists them."""
        return tuple(
            StoredFile(name=each.name, size=each.size, status="failed", reason=each.reason.value)
            for each in self.problems
            if each.temporary
        )

    def text(self, name: str) -> str:
        """Return the last text of a field; empty if it did not come."""
        return self.fields.get(name, ("",))[-1]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return all texts of a field, such as ticked boxes."""
        return self.fields.get(name, ())


@dataclass(slots=True)
class ArrivingForm:
    """What has been understood so far."""

    limits: Limits
    upload: Upload = field(default_factory=Upload)
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[ReceivedFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    drafts: "list[FilePart]" = field(default_factory=list)
    """Files that came whole, in their order."""
    parts: int = 0
    files_begun: int = 0
    file_bytes: int = 0

    def begin(
        self, part: PartBegin, storage: Storage, open_files: AsyncExitStack
    ) -> "TextPart | FilePart":
        """Begin a part. Raises TooMuch."""
        self.parts += 1
        if self.parts > self.limits.parts:
            raise TooMuch
        name = _field_name(part.name)
        if part.filename is None:
            return TextPart(self, name)
        return FilePart(self, name, part, storage, open_files)

    def add_text(self, name: str, text: bytes) -> None:
        """Add a field, cut where it is too long."""
        limit = self.limits.text_bytes
        name = _field_name(name)
        if len(text) > limit:
            self.problems.append(
                Problem(field=name, reason=Reason.TEXT_TOO_LONG, size=len(text), limit=limit)
            )
        cut = text[:limit]
        readable = cut.decode(errors="ignore" if len(text) > limit else "replace")
        self.fields.setdefault(name, []).append(clean(readable))

    async def keep_files(self) -> None:
        """Keep each file for which there is room."""
        for part in self.drafts:
            await part.keep()

    def received(self) -> Received:
        """Return the form."""
        return Received(
            fields={name: tuple(texts) for name, texts in self.fields.items()},
            files=tuple(self.files),
            problems=tuple(self.problems),
        )


def _field_name(name: str) -> str:
    return display_name(name, _FIELD_NAME_CHARACTERS)


class TextPart:
    """A field."""

    def __init__(self, form: ArrivingForm, name: str) -> None:
        self._form = form
        self._name = name
        self._text = bytearray()

    async def write(self, data: bytes) -> None:
        """Append bytes; what is far too long is not held."""
        room = self._form.limits.text_bytes + 1 - len(self._text)  # one more shows the excess
        self._text += data[:room]

    async def end(self) -> None:
        """Add the field."""
        self._form.add_text(self._name, bytes(self._text))


class FilePart:
    """A file part; after its first problem the rest of it is read and thrown away."""

    def __init__(
        self,
        form: ArrivingForm,
        name: str,
        part: PartBegin,
        storage: Storage,
        open_files: AsyncExitStack,
    ) -> None:
        self._form = form
        self._field = name
        self._part = part
        self._storage = storage
        self._open_files = open_files
        self._own = AsyncExitStack()
        self._arrival: Arrival | None = None
        self._reason: Reason | None = None
        self._size = 0

    async def write(self, data: bytes) -> None:
        """Append bytes to the draft."""
        self._size += len(data)
        if self._reason is not None:
            return
        self._form.file_bytes += len(data)
        try:
            if self._arrival is None:
                self._arrival = await self._begin()
            if self._form.file_bytes > self._form.limits.request_bytes:
                await self._drop(Reason.REQUEST_TOO_LARGE)
            elif self._arrival is not None:
                await self._arrival.write(data)
        except FileTooLarge:
            await self._drop(Reason.FILE_TOO_LARGE)
        except StorageUnavailable:
            await self._drop(Reason.STORAGE_FAULT)

    async def end(self) -> None:
        """Leave the whole file for `keep`, or say why there is none."""
        if self._size == 0 and not self._part.filename:
            return  # what a browser sends for "no file chosen"
        try:
            if self._arrival is None and self._reason is None:
                self._arrival = await self._begin()
            if self._arrival is not None:
                await self._arrival.finish()
                self._form.drafts.append(self)
                return
        except StorageUnavailable:
            await self._drop(Reason.STORAGE_FAULT)
        if self._reason is not None:
            self._form.problems.append(self._problem(self._reason))

    async def keep(self) -> None:
        """Keep the whole file, or say why not."""
        arrival = self._arrival
        try:
            if not self._form.upload.admits(self._size):
                await self._drop(Reason.NO_ROOM_IN_SHARE)
            elif arrival is not None:
                self._form.files.append(await arrival.complete())
        except StorageUnavailable:
            await self._drop(Reason.STORAGE_FAULT)
        await self._own.aclose()
        if self._reason is not None:
            self._form.problems.append(self._problem(self._reason))

    async def _begin(self) -> Arrival | None:
        self._form.files_begun += 1
        if self._form.files_begun > self._form.limits.files:
            await self._drop(Reason.TOO_MANY_FILES)
            return None
        if not self._form.upload.has_place:
            await self._drop(Reason.NO_ROOM_IN_SHARE)
            return None
        self._open_files.push_async_exit(self._own)
        arrival = Arrival(
            self._storage,
            name=self._part.filename or "",
            declared=self._part.content_type,
            field=self._field,
            limits=self._form.limits,
            share=self._form.upload.share,
        )
        return await self._own.enter_async_context(arrival)

    async def _drop(self, reason: Reason) -> None:
        self._reason = reason
        self._arrival = None
        self._form.file_bytes -= self._size  # what is not kept leaves room for the others
        await self._own.aclose()

    def _problem(self, reason: Reason) -> Problem:
        limits = self._form.limits
        limit = {
            Reason.FILE_TOO_LARGE: limits.file_bytes,
            Reason.REQUEST_TOO_LARGE: limits.request_bytes,
            Reason.TOO_MANY_FILES: limits.files,
        }
        return Problem(
            field=self._field,
            reason=reason,
            name=safe_name(self._part.filename or ""),
            size=self._size,
            limit=limit.get(reason, 0),
        )
