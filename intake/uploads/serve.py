"""A stored file as an answer that a browser can save but not run.

Whether the person may have it is decided before, by the row that names the key, every time.
"""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

from aiohttp import web

from core.ground.sealed_files import SealedFiles
from core.ground.storage import FileMissing, Storage
from core.runtime import Runtime
from intake.uploads.kinds import BY_NAME, MIMES, UNKNOWN
from intake.uploads.names import safe_name

_DRAWN = (BY_NAME["jpeg"], BY_NAME["webp"])
_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
        "Accept-Ranges": "bytes",
    }
)


Files = Storage | SealedFiles
"""Where a file is read from: as it lies there, or opened on its way."""


async def download(
    request: web.Request, files: Files, key: str, *, name: str, mime: str = UNKNOWN.mime
) -> web.StreamResponse:
    """Answer with the file as an attachment to save; ranges and HEAD work.

    `name` is the safe name or any text. A MIME type outside our table becomes octet-stream; give
    none for a quarantined file. Raises HTTPNotFound, and StorageUnavailable before the first byte.
    """
    return await _answer(
        request, files, key, _saved_as(name), mime if mime in MIMES else UNKNOWN.mime
    )


def hand_out(content: bytes, *, name: str) -> web.Response:
    """Answer with bytes that lie in no storage, to be saved as well."""
    headers = {**_HEADERS, "Accept-Ranges": "none", "Content-Disposition": _saved_as(name)}
    return web.Response(body=content, content_type=UNKNOWN.mime, headers=headers)


def _saved_as(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(safe_name(name), safe='')}"


def files_of(runtime: Runtime, *, is_sealed: bool) -> Files:
    """Return where a file of a ticket is read from."""
    storage = runtime.storage
    return SealedFiles(storage, runtime.secret) if is_sealed else storage


async def show(request: web.Request, storage: Storage, display_key: str) -> web.StreamResponse:
    """Answer with a display copy, which we drew ourselves, for an `img` element.

    Anything but a JPEG or WebP by content is not found: nothing else is ever shown inline.
    """
    try:
        head = b"".join([chunk async for chunk in storage.read(display_key, 0, 32)])
    except FileMissing as error:
        raise web.HTTPNotFound from error
    kind = next((kind for kind in _DRAWN if kind.magic.match(head)), None)
    if kind is None:
        raise web.HTTPNotFound
    return await _answer(request, storage, display_key, "inline", kind.mime)


async def _answer(
    request: web.Request, files: Files, key: str, disposition: str, mime: str
) -> web.StreamResponse:
    try:
        size = await files.size(key)
    except FileMissing as error:
        raise web.HTTPNotFound from error
    part = _range(request, size)
    response = web.StreamResponse(status=206 if part else 200, headers=_HEADERS)
    response.content_type = mime
    response.headers["Content-Disposition"] = disposition
    start, end = part or (0, size)
    if part:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    response.content_length = end - start
    await response.prepare(request)
    if request.method != "HEAD" and end > start:
        async for chunk in files.read(key, start, end):
            await response.write(chunk)
    await response.write_eof()
    return response


def _range(request: web.Request, size: int) -> tuple[int, int] | None:
    """Return the one range asked for as (start, end), None for the whole (RFC 9110 §14.2)."""
    try:
        asked = request.http_range
    except ValueError:
        return None  # several ranges, or nonsense: the whole file is a correct answer
    if asked.start is None and asked.stop is None:
        return None
    start, end, _ = asked.indices(size)
    if start >= end:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"})
    return start, end
