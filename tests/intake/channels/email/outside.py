"""The world outside: a mail server that takes our notices, refuses some, and shows them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from aiosmtpd.smtp import SMTP, Envelope, Session

from core.jobs.leasing import Jobs
from core.notices.delivery import DELIVERIES
from core.runtime import Runtime
from intake.channel import Sender
from intake.channels.email.channel import EmailChannel
from intake.channels.email.settings import MailSettings, ReceivingSettings
from notifier.deliver import deliver
from tests.intake.channels.email.door import OURS

NOBODY = "tidak-ada@example.org"
"""A mailbox that does not exist out there."""


@dataclass(frozen=True)
class Sent:
    """One mail that left us."""

    sender: str
    recipient: str
    content: bytes

    @property
    def message(self) -> Message:
        return message_from_bytes(self.content)


@dataclass
class Outside:
    """Keeps what it takes, in order."""

    port: int = 0
    mails: list[Sent] = field(default_factory=list)
    refused: str = NOBODY
    """The mailbox that it refuses, by name."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's spelling
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if address == self.refused:
            return f"550 5.1.1 <{address}> User unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's spelling
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        for recipient in envelope.rcpt_tos:
            self.mails.append(Sent(envelope.mail_from or "", recipient, content))
        return "250 OK"

    def to(self, address: str) -> list[Sent]:
        return [mail for mail in self.mails if mail.recipient == address]


@contextlib.asynccontextmanager
async def outside() -> AsyncIterator[Outside]:

    world = Outside()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(world, hostname="outside.example.org", loop=loop, enable_SMTPUTF8=True),
        "127.0.0.1",
        0,
    )
    world.port = server.sockets[0].getsockname()[1]
    try:
        yield world
    finally:
        server.close()
        await server.wait_closed()


def channel_to(runtime: Runtime, port: int, mailbox: str = OURS) -> EmailChannel:
    """Open our channel with a relay at a port of this machine."""
    sending = MailSettings(url=f"smtp://127.0.0.1:{port}", from_address=mailbox)
    return EmailChannel(runtime, sending, ReceivingSettings())


async def send_notices(runtime: Runtime, channel: EmailChannel) -> int:
    """Send every notice that is due; return how many."""
    find: Callable[[str], Sender | None] = {"email": channel}.get
    sent = 0
    while ids := await Jobs(runtime, DELIVERIES).hand_out(1000):
        for delivery_id in ids:
            await deliver(runtime, find, delivery_id)
        sent += len(ids)
    return sent
