"""As much of S3 as our storage uses, over a real socket."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal

from aiohttp import web

BUCKET = "berkas"

Fault = Literal["hangs", "refuses", "breaks", "read only", "loses the answer"]
"""Thirty seconds of silence, 403, 500, 403 for whatever writes, kept and not said."""


@dataclass(slots=True)
class FakeS3:
    objects: dict[str, bytes | bytearray] = field(default_factory=dict)
    modified: dict[str, datetime] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    fault: Fault | None = None
    """What every request meets, until it is None again."""
    mangles: bool = False
    """Whether what is kept is another byte longer than what was sent."""
    hangs_at: str = ""
    """The end of the one key with which nothing ends."""
    endpoint: str = ""

    async def answer(  # noqa: PLR0911 - one return for each verb of the protocol
        self, request: web.Request
    ) -> web.StreamResponse:
        key = request.match_info["key"]
        query = request.query
        self.requests.append(f"{request.method} {'?'.join([key, *sorted(query)])}")
        if fault := self._fault_of(request, key):
            return await self._ill(fault, request, key)
        match request.method:
            case "PUT" if "uploadId" in query:
                body = await request.read()
                self.uploads[query["uploadId"]][int(query["partNumber"])] = body
                return web.Response(headers={"ETag": _etag(body)})
            case "PUT":
                return self._store(key, await request.read())
            case "POST" if "uploads" in query:
                self.uploads[str(len(self.uploads))] = {}
                return _xml(
                    "<InitiateMultipartUploadResult><UploadId>"
                    f"{len(self.uploads) - 1}</UploadId></InitiateMultipartUploadResult>"
                )
            case "POST" if "uploadId" in query:
                parts = self.uploads.pop(query["uploadId"])
                whole = bytearray()
                for number in sorted(parts):
                    whole += parts.pop(number)
                self._store(key, whole)
                return _xml(
                    "<CompleteMultipartUploadResult><ETag>"
                    f"{_etag(whole)}</ETag></CompleteMultipartUploadResult>"
                )
            case "POST" if "delete" in query:
                return self._delete_many(await request.text())
            case "DELETE":
                self.objects.pop(key, None)
                return web.Response(status=204)
            case "GET" if not key:
                return self._list(query.get("prefix", ""))
        return await self._get(request, key)

    def _fault_of(self, request: web.Request, key: str) -> Fault | None:
        if self.hangs_at and key.endswith(self.hangs_at):
            return "hangs"
        if self.fault == "read only" and request.method in {"GET", "HEAD"}:
            return None  # a store that only takes nothing still hands out
        return self.fault

    async def _ill(self, fault: Fault, request: web.Request, key: str) -> web.StreamResponse:
        match fault:
            case "hangs":
                await asyncio.sleep(30)
            case "refuses" | "read only":
                return web.Response(status=403)
            case "loses the answer" if request.method == "PUT":
                self._store(key, await request.read())
                await asyncio.sleep(30)
        return web.Response(status=500)

    def _store(self, key: str, body: bytes | bytearray) -> web.Response:
        self.objects[key] = body + b"?" if self.mangles else body
        self.modified[key] = datetime.now(UTC)  # noqa: TID251 - a server's own clock
        return web.Response(headers={"ETag": _etag(body)})

    async def _get(self, request: web.Request, key: str) -> web.StreamResponse:
        if key not in self.objects:
            return web.Response(status=404)
        body = self.objects[key]
        headers = {
            "ETag": _etag(body),
            "Last-Modified": format_datetime(self.modified[key], usegmt=True),
        }
        if request.method == "HEAD":
            return web.Response(headers={**headers, "Content-Length": str(len(body))})
        wanted = request.http_range
        if wanted.start is None and wanted.stop is None:
            return await _in_pieces(request, body, headers)
        start, end, _ = wanted.indices(len(body))
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(body)}"
        return web.Response(status=206, body=bytes(body[start:end]), headers=headers)

    def _list(self, prefix: str) -> web.Response:
        rows = "".join(
            f"<Contents><Key>{key}</Key><Size>{len(body)}</Size><ETag>{_etag(body)}</ETag>"
            f"<LastModified>{self.modified[key].strftime('%Y-%m-%dT%H:%M:%S.000Z')}</LastModified>"
            "</Contents>"
            for key, body in self.objects.items()
            if key.startswith(prefix)
        )
        return _xml(f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>")

    def _delete_many(self, body: str) -> web.Response:
        gone = [key for key in self.objects if f"<Key>{key}</Key>" in body]
        for key in gone:
            del self.objects[key]
        rows = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in gone)
        return _xml(f"<DeleteResult>{rows}</DeleteResult>")


async def _in_pieces(
    request: web.Request, body: bytes | bytearray, headers: dict[str, str]
) -> web.StreamResponse:
    """Send as a server of files does, and not as one buffer."""
    response = web.StreamResponse(headers=headers | {"Content-Length": str(len(body))})
    await response.prepare(request)
    for start in range(0, len(body), 1 << 18):
        await response.write(bytes(body[start : start + (1 << 18)]))
    return response


def _etag(body: bytes | bytearray) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _xml(text: str) -> web.Response:
    return web.Response(text=f"<?xml version='1.0'?>{text}", content_type="application/xml")


@asynccontextmanager
async def fake_s3() -> AsyncIterator[FakeS3]:
    server = FakeS3()
    app = web.Application(client_max_size=1 << 30)
    app.router.add_route("*", f"/{BUCKET}{{slash:/?}}{{key:.*}}", server.answer)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.endpoint = f"http://{host}:{port}"
    try:
        yield server
    finally:
        await asyncio.wait_for(runner.cleanup(), 5)
