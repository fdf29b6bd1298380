"""One attack under way, and what every attack does with its connections."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field

MEGABYTE = 1 << 20


@dataclass
class Attack:
    """One attack under way."""

    web: int
    smtp: int
    code: str
    """Of a report of the attacker's own."""
    heard: Counter[str] = field(default_factory=Counter)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    @contextlib.asynccontextmanager
    async def line(self, port: int, peer: str) -> AsyncIterator["Line"]:
        """Open a connection from an address of this machine; whoever is put out is counted."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(peer, 0))
        try:
            yield Line(self, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.heard["put out"] += 1
        finally:
            writer.close()


@dataclass
class Line:
    """A connection and what is said on it."""

    attack: Attack
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, head: str, body: bytes = b"") -> tuple[int, bytes]:
        """Send one request and read its answer whole."""
        self.writer.write(f"{head}\r\nHost: 127.0.0.1\r\n\r\n".encode() + body)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        length = answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        content = await self.reader.readexactly(int(length or 0))
        status = int(answer.split(b" ", 2)[1])
        self.attack.heard[f"{status}"] += 1
        return status, content

    async def say(self, text: str) -> str:
        """Say one thing to the mail door; return the last line of what it answers."""
        self.writer.write(text.encode() + b"\r\n")
        return await self.hear()

    async def hear(self) -> str:
        """Hear one answer of the mail door."""
        while True:
            told = (await self.reader.readline()).decode()
            if not told:
                raise ConnectionResetError
            if told[3:4] != "-":
                self.attack.heard["refused" if told[0] in "45" else "answered"] += 1
                return told

    async def stay(self) -> None:
        """Hold the connection and take what comes, until it is cut."""
        while await self.reader.read(1 << 16):
            pass
        raise ConnectionResetError


Doing = Callable[[Attack], Awaitable[None]]


async def many(attack: Attack, works: Iterator[Awaitable[None]], *, settle: float = 0.0) -> None:
    """Do all of it side by side; it stands once all have begun and some time has passed."""
    tasks = [asyncio.ensure_future(work) for work in works]
    await asyncio.sleep(settle)
    attack.begun.set()
    await asyncio.gather(*tasks)


async def again_and_again(
    attack: Attack, peer: str, requests: Iterator[tuple[str, bytes]], clients: int = 8
) -> None:
    """Ask without a pause, over connections that stay."""

    async def client() -> None:
        while True:
            with contextlib.suppress(ConnectionError):
                async with attack.line(attack.web, peer) as line:
                    for head, body in requests:
                        await line.ask(head, body)

    await many(attack, (client() for _ in range(clients)), settle=1.0)


def posted(
    path: str, body: bytes, kind: str = "application/x-www-form-urlencoded"
) -> tuple[str, bytes]:
    """Make a form's request."""
    return (
        f"POST {path} HTTP/1.1\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}",
        body,
    )


async def trickle(
    line: Line, drops: bytes, seconds: float, until: Coroutine[None, None, object]
) -> None:
    """Send a little every so often, until the other side has something to say."""
    ended = asyncio.create_task(until)
    try:
        while not ended.done():
            line.writer.write(drops)
            await line.writer.drain()
            await asyncio.wait([ended], timeout=seconds)
        ended.result()
    finally:
        ended.cancel()
        await asyncio.gather(ended, return_exceptions=True)
