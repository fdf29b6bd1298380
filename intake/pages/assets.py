"""Style sheets, scripts and pictures, read once and served from memory."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from aiohttp import web

STATIC: Final = Path(__file__).resolve().parent.parent.parent / "static"

# Asked with its fingerprint an asset never changes; asked without, it is checked each time.
_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_KINDS: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it goes over the wire."""

    plain: bytes
    zipped: bytes
    kind: str
    fingerprint: str


def url_of(name: str) -> str:
    """Give the address of an asset, fingerprint and all; ``KeyError`` if there is no such file."""
    return f"/static/{name}?v={assets()[name].fingerprint}"


async def serve(request: web.Request) -> web.Response:
    """Answer ``/static/{name}``. Only what was read at the start exists: no path is opened."""
    asset = assets().get(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    zips = "gzip" in request.headers.get("Accept-Encoding", "")
    known = request.query.get("v") == asset.fingerprint
    headers = {
        "Cache-Control": _FOREVER if known else _ASK_AGAIN,
        "ETag": f'"{asset.fingerprint}"',
        "Vary": "Accept-Encoding",
    }
    if f'"{asset.fingerprint}"' in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    if zips:
        headers["Content-Encoding"] = "gzip"
    body = asset.zipped if zips else asset.plain
    return web.Response(body=body, content_type=asset.kind, charset="utf-8", headers=headers)


@cache
def assets() -> Mapping[str, Asset]:
    """Read every file of the static folder that a page may ask for, by its relative name."""
    files = (path for path in STATIC.rglob("*") if path.suffix in _KINDS)
    return {path.relative_to(STATIC).as_posix(): _read(path) for path in files}


def _read(path: Path) -> Asset:
    plain = path.read_bytes()
    return Asset(
        plain=plain,
        zipped=gzip.compress(plain, compresslevel=9, mtime=0),
        kind=_KINDS[path.suffix],
        fingerprint=sha256(plain).hexdigest()[:12],
    )
