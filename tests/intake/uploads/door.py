"""A real server on loopback that receives a form, and raw clients that misbehave."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from core.ground.storage import Storage
from intake.uploads.json_body import Json, receive_json
from intake.uploads.limits import Limits
from intake.uploads.receive import Received, receive
from intake.uploads.refusals import Refused

BOUNDARY = b"----batas7MA4YWxk"


@dataclass(slots=True)
class Door:
    storage: Storage
    limits: Limits
    port: int = 0
    forms: list[Received] = field(default_factory=list)
    values: list[Json] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)

    @property
    def form(self) -> Received:
        [form] = self.forms
        return form

    async def answer(self, request: web.Request) -> web.Response:
        try:
            if request.path == "/json":
                self.values.append(await receive_json(request, self.limits))
            else:
                self.forms.append(await receive(request, self.storage, self.limits))
        except Refused as refused:
            self.refusals.append(refused)
            return web.Response(status=refused.status, text=refused.sentence)
        return web.Response(text="terima kasih")

    async def post(
        self,
        body: bytes | AsyncIterable[bytes],
        *,
        content_type: str = f"multipart/form-data; boundary={BOUNDARY.decode()}",
        length: int | None = None,
        path: str = "/",
        hang_up: bool = False,
    ) -> int:
        """Send a request byte by byte as told; return the status, 0 if the line was cut."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        known = len(body) if isinstance(body, bytes) else None
        size = length if length is not None else known
        framing = "Transfer-Encoding: chunked" if size is None else f"Content-Length: {size}"
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            f"Content-Type: {content_type}\r\n{framing}\r\n\r\n"
        )
        try:
            writer.write(head.encode())
            async for chunk in _chunks(body):
                writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if size is None else chunk)
                await writer.drain()
            if size is None:
                writer.write(b"0\r\n\r\n")
            if hang_up:
                return 0
            line = await asyncio.wait_for(reader.readline(), 60)
            return int(line.split()[1]) if line else 0
        except ConnectionError:
            return 0
        finally:
            writer.close()


async def _chunks(body: bytes | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    if isinstance(body, bytes):
        yield body
        return
    async for chunk in body:
        yield chunk


@asynccontextmanager
async def open_door(storage: Storage, limits: Limits) -> AsyncIterator[Door]:
    door = Door(storage, limits)
    app = web.Application()
    app.router.add_post("/{path:.*}", door.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    door.port = runner.addresses[0][1]
    try:
        yield door
    finally:
        await asyncio.wait_for(runner.cleanup(), 10)


def part(name: str, content: bytes, filename: str | None = None, mime: str = "image/jpeg") -> bytes:
    """Write a part as a browser does."""
    named = f'; filename="{filename}"' if filename is not None else ""
    kind = f"\r\nContent-Type: {mime}" if filename is not None else ""
    head = f'Content-Disposition: form-data; name="{name}"{named}{kind}'
    return b"--" + BOUNDARY + b"\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"
