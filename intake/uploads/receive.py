"""A form from outside: text fields cleaned, files stored, and each problem beside its field.

One bad file costs that file. The rest of the form is kept, so that nobody types it again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from urllib.parse import parse_qsl

from aiohttp import ClientError, web
from aiohttp.http_exceptions import HttpProcessingError

from core.ground.storage import Storage
from intake.uploads.form_parts import ArrivingForm, FilePart, Received, TextPart
from intake.uploads.limits import Limits
from intake.uploads.multipart import (
    MalformedMultipart,
    MultipartParser,
    PartBegin,
    PartData,
    boundary_of,
)
from intake.uploads.quota import IDLE_SECONDS, Upload, under_way
from intake.uploads.refusals import Aborted, Malformed, Stalled, TooMuch, Unsupported
from intake.uploads.steadiness import Steadiness

__all__ = ["Received", "read_body", "receive"]


async def receive(
    request: web.Request, storage: Storage, limits: Limits, *, share: str = ""
) -> Received:
    """Read a multipart or urlencoded form; its files are durable when this returns.

    Files count where they come from, those of staff in the `share` of their account. Raises Refused
    with status 400, 408, 413 or 415. A fault of the storage, or no room in the share, does not: it
    is a problem of the file, marked temporary, so that the text is not lost with it.
    """
    if (request.content_length or 0) > limits.read_bytes:
        raise TooMuch  # said before a byte of it is read
    match request.content_type:
        case "multipart/form-data":
            with under_way(request, share) as upload:
                return await _receive_multipart(request, storage, limits, upload)
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
    form = ArrivingForm(limits)
    for name, text in pairs:
        form.add_text(name, text.encode(errors="replace"))
    return form.received()


async def read_body(request: web.Request, limits: Limits) -> bytes:
    """Read a small body whole. Raises Refused; TooMuch beyond `body_bytes`."""
    return b"".join([chunk async for chunk in _paced(request, limits, limits.body_bytes)])


async def _paced(
    request: web.Request, limits: Limits, at_most: int, upload: Upload | None = None
) -> AsyncIterator[bytes]:
    """Yield the body at the pace of a bad line, but not of a held one.

    Only time spent waiting for the peer counts.

    Raises Stalled when `pace_seconds` of waiting brought fewer than `pace_bytes`, or when somebody
    else wants the place of an upload that hardly moves; TooMuch after `at_most` bytes, Aborted when
    the peer breaks off or its framing is wrong, Unsupported for a body that is packed.
    """
    if request.headers.get("Content-Encoding", "").strip().lower() not in {"", "identity"}:
        raise Unsupported  # no page of ours packs what it sends, and nothing is unpacked here
    upload = upload or Upload()
    pace = Steadiness(request, upload)
    now = asyncio.get_running_loop().time
    left, fresh, total = limits.pace_seconds, 0, 0
    while True:
        asked = now()
        try:
            async with asyncio.timeout(min(left, IDLE_SECONDS)):
                chunk = await request.content.readany()
        except TimeoutError as error:
            left -= now() - asked
            pace.nothing_came()
            if left <= 0 or upload.is_put_out:
                raise Stalled from error
            continue
        except (ClientError, HttpProcessingError, ConnectionError, EOFError) as error:
            raise Aborted from error
        if not chunk:
            pace.ended()
            return
        if upload.is_put_out:
            raise Stalled
        pace.came(len(chunk))
        total += len(chunk)
        if total > at_most:
            raise TooMuch
        left, fresh = left - (now() - asked), fresh + len(chunk)
        if fresh >= limits.pace_bytes:
            left, fresh = limits.pace_seconds, 0
        yield chunk


async def _receive_multipart(
    request: web.Request, storage: Storage, limits: Limits, upload: Upload
) -> Received:
    """Read it whole before a file is kept: what is broken off leaves nothing behind."""
    form = ArrivingForm(limits, upload)
    try:
        parser = MultipartParser(
            boundary_of(request.headers.get("Content-Type", "")),
            header_bytes=limits.part_header_bytes,
        )
        async with AsyncExitStack() as drafts:
            part: TextPart | FilePart | None = None
            async for chunk in _paced(request, limits, limits.read_bytes, upload):
                for event in parser.feed(chunk):
                    if isinstance(event, PartBegin):
                        part = form.begin(event, storage, drafts)
                    elif part is not None and isinstance(event, PartData):
                        await part.write(event.data)
                    elif part is not None:
                        await part.end()
            parser.finish()
            await form.keep_files()
    except MalformedMultipart as error:
        raise Malformed from error
    return form.received()
