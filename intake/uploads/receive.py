"""A form from outside: text fields cleaned, files stored, and each problem beside its field.

One bad file costs that file. The rest of the form is kept, so that nobody types it again.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from aiohttp import ClientError, StreamReader, web
from aiohttp.http_exceptions import HttpProcessingError

from core.ground.storage import Storage, StorageUnavailable
from core.ground.text import clean
from core.tickets.submission import StoredFile
from intake.uploads.arrival import Arrival, FileTooLarge, ReceivedFile
from intake.uploads.limits import Limits
from intake.uploads.multipart import (
    MalformedMultipart,
    MultipartParser,
    PartBegin,
    PartData,
    boundary_of,
)
from intake.uploads.names import display_name, safe_name
from intake.uploads.reasons import Problem, Reason
from intake.uploads.refusals import Aborted, Malformed, Stalled, TooMuch, Unsupported

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


async def receive(request: web.Request, storage: Storage, limits: Limits) -> Received:
    """Read a multipart or urlencoded form; its files are durable when this returns.

    Raises Refused with status 400, 408, 413 or 415. A fault of the storage does not: it is a
    problem of the file, marked temporary, so that the text is not lost with it.
    """
    match request.content_type:
        case "multipart/form-data":
            return await _receive_multipart(request, storage, limits)
        case "application/x-www-form-urlencoded":
            return await _receive_urlencoded(request, limits)
    raise Unsupported


async def _receive_urlencoded(request: web.Request, limits: Limits) -> Received:
    body = await read_body(request, limits)
    try:
        pairs = parse_qsl(
            body.decode(errors="replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=limits.parts,
        )
    except ValueError as error:
        raise TooMuch from error
    form = _Form(limits)
    for name, text in pairs:
        form.add_text(name, text.encode(errors="replace"))
    return form.received()


async def read_body(request: web.Request, limits: Limits) -> bytes:
    """Read a small body whole. Raises Refused; TooMuch beyond `body_bytes`."""
    return b"".join([chunk async for chunk in _paced(request.content, limits, limits.body_bytes)])


async def _paced(content: StreamReader, limits: Limits, at_most: int) -> AsyncIterator[bytes]:
    """Yield the body at the pace of a bad line, but not of a held one.

    Only time spent waiting for the peer counts.

    Raises Stalled when `pace_seconds` of waiting brought fewer than `pace_bytes`, TooMuch
    after `at_most` bytes, Aborted when the peer breaks off or its framing is wrong.
    """
    now = asyncio.get_running_loop().time
    left, fresh, total = limits.pace_seconds, 0, 0
    while True:
        asked = now()
        try:
            async with asyncio.timeout(left):
                chunk = await content.readany()
        except TimeoutError as error:
            raise Stalled from error
        except (ClientError, HttpProcessingError, ConnectionError, EOFError) as error:
            raise Aborted from error
        if not chunk:
            return
        total += len(chunk)
        if total > at_most:
            raise TooMuch
        left, fresh = left - (now() - asked), fresh + len(chunk)
        if fresh >= limits.pace_bytes:
            left, fresh = limits.pace_seconds, 0
        yield chunk


async def _receive_multipart(request: web.Request, storage: Storage, limits: Limits) -> Received:
    form = _Form(limits)
    try:
        parser = MultipartParser(
            boundary_of(request.headers.get("Content-Type", "")),
            header_bytes=limits.part_header_bytes,
        )
        async with AsyncExitStack() as open_files:
            part: _TextPart | _FilePart | None = None
            async for chunk in _paced(request.content, limits, limits.read_bytes):
                for event in parser.feed(chunk):
                    if isinstance(event, PartBegin):
                        part = form.begin(event, storage, open_files)
                    elif part is not None and isinstance(event, PartData):
                        await part.write(event.data)
                    elif part is not None:
                        await part.end()
            parser.finish()
    except MalformedMultipart as error:
        raise Malformed from error
    return form.received()


@dataclass(slots=True)
class _Form:
    """What has been understood so far."""

    limits: Limits
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[ReceivedFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    parts: int = 0
    files_begun: int = 0
    file_bytes: int = 0

    def begin(
        self, part: PartBegin, storage: Storage, open_files: AsyncExitStack
    ) -> "_TextPart | _FilePart":
        self.parts += 1
        if self.parts > self.limits.parts:
            raise TooMuch
        name = _field_name(part.name)
        if part.filename is None:
            return _TextPart(self, name)
        return _FilePart(self, name, part, storage, open_files)

    def add_text(self, name: str, text: bytes) -> None:
        limit = self.limits.text_bytes
        name = _field_name(name)
        if len(text) > limit:
            self.problems.append(
                Problem(field=name, reason=Reason.TEXT_TOO_LONG, size=len(text), limit=limit)
            )
        cut = text[:limit]
        readable = cut.decode(errors="ignore" if len(text) > limit else "replace")
        self.fields.setdefault(name, []).append(clean(readable))

    def received(self) -> Received:
        return Received(
            fields={name: tuple(texts) for name, texts in self.fields.items()},
            files=tuple(self.files),
            problems=tuple(self.problems),
        )


def _field_name(name: str) -> str:
    return display_name(name, _FIELD_NAME_CHARACTERS)


class _TextPart:
    def __init__(self, form: _Form, name: str) -> None:
        self._form = form
        self._name = name
        self._text = bytearray()

    async def write(self, data: bytes) -> None:
        room = self._form.limits.text_bytes + 1 - len(self._text)  # one more shows the excess
        self._text += data[:room]

    async def end(self) -> None:
        self._form.add_text(self._name, bytes(self._text))


class _FilePart:
    """A file part; after its first problem the rest of it is read and thrown away."""

    def __init__(
        self,
        form: _Form,
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
        self._arrival: Arrival | None = None
        self._reason: Reason | None = None
        self._size = 0

    async def write(self, data: bytes) -> None:
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
        if self._size == 0 and not self._part.filename:
            return  # what a browser sends for "no file chosen"
        try:
            if self._arrival is None and self._reason is None:
                self._arrival = await self._begin()
            if self._arrival is not None:
                self._form.files.append(await self._arrival.complete())
        except StorageUnavailable:
            await self._drop(Reason.STORAGE_FAULT)
        await self._open_files.aclose()
        if self._reason is not None:
            self._form.problems.append(self._problem(self._reason))

    async def _begin(self) -> Arrival | None:
        self._form.files_begun += 1
        if self._form.files_begun > self._form.limits.files:
            await self._drop(Reason.TOO_MANY_FILES)
            return None
        arrival = Arrival(
            self._storage,
            name=self._part.filename or "",
            declared=self._part.content_type,
            field=self._field,
            limits=self._form.limits,
        )
        return await self._open_files.enter_async_context(arrival)

    async def _drop(self, reason: Reason) -> None:
        self._reason = reason
        self._arrival = None
        self._form.file_bytes -= self._size  # what is not kept leaves room for the others
        await self._open_files.aclose()

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
