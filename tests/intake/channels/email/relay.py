"""A mail server on loopback that answers as it is told: codes, silence, a hung-up line."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from ssl import SSLContext

HANG, DROP = "hang", "drop"
ACCEPT = {
    "connect": "220 relay.invalid",
    "EHLO": "250-relay.invalid\r\n250 8BITMIME",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go on",
    "content": "250 2.0.0 queued",
    "QUIT": "221 bye",
    "AUTH": "235 2.7.0 welcome",
    "STARTTLS": "220 go on",
    "RSET": "250 ok",
}


@dataclass
class Relay:
    """Says what `answers` hold by verb, else yes; keeps what it was told."""

    answers: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    tls: SSLContext | None = None
    port: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if await self._answer("connect", writer):
                while line := await reader.readline():
                    if not await self._hear(line.decode().strip(), reader, writer):
                        break
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    async def _hear(
        self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        self.said.append(line)
        verb = line.split(" ", maxsplit=1)[0].upper()
        goes_on = await self._answer(verb, writer)
        if verb == "DATA" and goes_on and self._saying(verb).startswith("354"):
            content = (await reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n")
            self.contents.append(content.replace(b"\r\n..", b"\r\n."))
            goes_on = await self._answer("content", writer)
        if verb == "STARTTLS" and goes_on and self.tls is not None:
            await writer.start_tls(self.tls)
        return goes_on and verb != "QUIT"

    async def _answer(self, verb: str, writer: asyncio.StreamWriter) -> bool:
        answer = self._saying(verb)
        if answer == DROP:
            return False
        if answer == HANG:
            await asyncio.sleep(30)
        writer.write(answer.encode() + b"\r\n")
        await writer.drain()
        return True

    def _saying(self, verb: str) -> str:
        return self.answers.get(verb, ACCEPT.get(verb, "502 5.5.1 what?"))


@contextlib.asynccontextmanager
async def relay(*, tls: SSLContext | None = None, implicit: bool = False) -> AsyncIterator[Relay]:
    """Listen while the block lasts; `tls` is offered, or spoken from the start if implicit."""
    made = Relay(tls=tls)
    talks: set[asyncio.Task[None]] = set()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(made.talk(reader, writer))
        talks.add(task)

    server = await asyncio.start_server(begin, "127.0.0.1", 0, ssl=tls if implicit else None)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await asyncio.sleep(0)  # transports end in the loop's next round
        await server.wait_closed()
