"""A mail door in the test's own process, and a peer that writes every byte itself."""

import asyncio
import contextlib
import dataclasses
import ssl
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.ground.refusals import Refusals
from core.ground.spool import Spool
from intake.channels.email.raw_mail import RawMail
from intake.channels.email.smtp.limits import DoorLimits
from intake.channels.email.smtp.listener import Door, House, listening

OURS = "halo@rs.example.org"
PERSON = "sari@example.org"
LIMITS = DoorLimits()


@dataclass
class Postbox:
    """Takes letters, or fails as told."""

    letters: list[RawMail] = field(default_factory=list)
    fault: Exception | None = None
    delay: float = 0.0

    async def accept(self, letter: RawMail) -> None:
        await asyncio.sleep(self.delay)
        if self.fault is not None:
            raise self.fault
        self.letters.append(letter)

    async def knows(self, address: str) -> bool:
        return address in (OURS, "farmasi@rs.example.org", "reply+abc@rs.example.org")


@contextlib.asynccontextmanager
async def opened(
    postbox: Postbox,
    limits: Mapping[str, object] | None = None,
    refusals: Refusals | None = None,
    **door: object,
) -> AsyncIterator[int]:
    changed = dataclasses.replace(LIMITS, **(limits or {}))  # type: ignore[arg-type]  # any limit
    where = Door(port=0, limits=changed, **door)  # type: ignore[arg-type]  # any field
    with tempfile.TemporaryDirectory() as folder:
        house = House.of(where, refusals, Spool(Path(folder), reserve=0))
        async with listening(where, postbox.accept, postbox.knows, house) as port:
            yield port


@dataclass
class Peer:
    """One raw connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def line(self) -> str:
        """Read one line, "" at the end of the connection."""
        async with asyncio.timeout(20):
            return (await self.reader.readline()).decode()

    async def answer(self) -> str:
        """Read one whole reply and return its last line."""
        while True:
            line = await self.line()
            if line[3:4] != "-":
                return line.rstrip("\r\n")

    async def say(self, *lines: str | bytes) -> str:
        """Send lines and return the reply to the last of them."""
        answer = ""
        for line in lines:
            self.send((line.encode() if isinstance(line, str) else line) + b"\r\n")
            answer = await self.answer()
        return answer

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def begin(self, recipient: str = OURS) -> str:
        """Go as far as DATA."""
        return await self.say(f"MAIL FROM:<{PERSON}>", f"RCPT TO:<{recipient}>", "DATA")

    async def is_closed(self) -> bool:
        """Wait for the other side to hang up."""
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(20):
                return await self.reader.read() is not None
        return True


@contextlib.asynccontextmanager
async def peer(
    port: int,
    *,
    greet: str | None = "EHLO client.example.org",
    tls: ssl.SSLContext | None = None,
    at: str = "127.0.0.1",
) -> AsyncIterator[Peer]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls, local_addr=(at, 0))
    one = Peer(reader, writer)
    if greet is not None:
        assert (await one.answer()).startswith("220")
        assert (await one.say(greet)).startswith("250")
    try:
        yield one
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def mail(*lines: str, subject: str = "Keluhan", sender: str = PERSON, **headers: str) -> bytes:
    """Write a small mail by hand, so that nothing in it is made pretty."""
    head = {"From": sender, "To": OURS, "Subject": subject, **headers}
    fields = [f"{name.replace('_', '-')}: {value}" for name, value in head.items()]
    return "\r\n".join([*fields, "", *lines, ""]).encode()
