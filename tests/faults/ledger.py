"""People who report and note down what they were told, and the mailbox where news arrives."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes

import aiohttp
from aiosmtpd.smtp import SMTP, Envelope, Session

from core.ground.clock import system_clock
from core.ground.secret import Secret
from intake.channels.web.report_form import fresh_key
from intake.channels.web.robot_check import RobotCheck
from tests.builders import TOKEN

SECRET = "a secret for fault tests, long enough"


_TIMEOUT = aiohttp.ClientTimeout(total=8)


def form_fields(key: str, email: str, words: str) -> dict[str, str]:
    """Fill in the form of the poster, with a pass that is old enough to be taken at once."""
    given = RobotCheck(Secret.of(SECRET.encode())).grant(
        key, system_clock() - timedelta(seconds=10)
    )
    return {
        "key": key,
        "pass": given,
        "type": "complaint",
        "story": words,
        "qr": TOKEN,
        "email": email,
    }


_KEEPS = {"kiss-form": "1"}
"""What a browser that keeps cookies brings along; it is led on with a 303."""


@dataclass
class Ledger:
    """What was answered as received: key → the e-mail address that must hear of it."""

    accepted: dict[str, str] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    attempts: int = 0
    wrong: list[int] = field(default_factory=list)
    """Statuses that no person should ever see."""

    async def report(self, urls: Callable[[], str], stop: asyncio.Event, patience: int) -> None:
        """File reports one after the other, each repeated until it is answered, until told."""
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
            while not stop.is_set():
                key = fresh_key()
                self.begun.append(key)
                for _ in range(patience):
                    if await self._try(session, urls(), key):
                        break
                    if patience > 1:
                        await asyncio.sleep(0.05)

    async def finish(self, url: str) -> None:
        """Send again whatever was begun and never answered, as people do."""
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
            for key in self.begun:
                if key not in self.accepted:
                    assert await self._try(session, url, key)

    async def _try(self, session: aiohttp.ClientSession, url: str, key: str) -> bool:
        self.attempts += 1
        email = f"{key.lower()}@ward{sum(key.encode()) % 97}.example"
        fields = form_fields(key, email, f"Laporan {key}: lampu lorong mati.")
        try:
            async with session.post(
                f"{url}/q/{TOKEN}/report", data=fields, allow_redirects=False, cookies=_KEEPS
            ) as answer:
                if answer.status == 303:
                    self.accepted[key] = email
                    return True
                if answer.status != 503:
                    self.wrong.append(answer.status)
        except (aiohttp.ClientError, TimeoutError):
            pass
        return False


class Mailbox:
    """A real SMTP server that counts what each address received, by Message-ID."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()
        self.identifiers: dict[str, set[str]] = {}
        self.port = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        identifier = str(message_from_bytes(content)["Message-ID"])
        for recipient in envelope.rcpt_tos:
            self.received[recipient.lower()] += 1
            self.identifiers.setdefault(recipient.lower(), set()).add(identifier)
        return "250 2.0.0 kept"


@contextlib.asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    """Serve a mailbox on a free loopback port."""
    box = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, loop=loop), "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()
        await server.wait_closed()
