"""The way in: listeners that commit raw mail before they answer, and what understands it after."""

import contextlib
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from aiohttp import web

from core.runtime import Runtime
from intake import raw_messages
from intake.channels.email.fingerprint import fingerprint
from intake.channels.email.mailboxes import Mailboxes
from intake.channels.email.parser_pool import parse_in_worker
from intake.channels.email.raw_mail import Letter
from intake.channels.email.receiving import ReceivingSettings
from intake.channels.email.reception import Read, Reception
from intake.channels.email.settings import MailSettings
from intake.channels.email.smtp.listener import listening
from intake.channels.email.tokens import Tokens

CHANNEL = "email"


@dataclass(frozen=True)
class Incoming:
    """Mail on its way in."""

    runtime: Runtime
    sending: MailSettings
    tokens: Tokens
    receiving: ReceivingSettings = field(default_factory=ReceivingSettings)
    read: Read = parse_in_worker

    @property
    def mailboxes(self) -> Mailboxes:
        """Our addresses."""
        return Mailboxes(self.sending, self.receiving)

    @property
    def reception(self) -> Reception:
        """Where stored mail is understood."""
        return Reception(self.runtime, self.mailboxes, self.tokens, self.read)

    async def accept(self, letter: Letter) -> None:
        """Commit a mail as it came. Raises DatabaseAwayError, StorageUnavailable."""
        await raw_messages.store(
            self.runtime,
            CHANNEL,
            fingerprint(letter.content).external_id,
            letter.content,
            letter.envelope() | {"lane": _lane(letter.sender)},
            self.runtime.clock(),
        )

    async def knows(self, address: str) -> bool:
        """Say whether a recipient is a mailbox of ours. Raises DatabaseAwayError."""
        return self.mailboxes.knows(address, await self.runtime.directory.fresh())

    async def listen(self, _app: web.Application) -> AsyncIterator[None]:
        """Keep every listener open while the application runs."""
        async with contextlib.AsyncExitStack() as open_doors:
            for door in self.receiving.doors(self.sending.own_domain):
                await open_doors.enter_async_context(listening(door, self.accept, self.knows))
            yield


def _lane(sender: str) -> str | None:
    """Let one sender's mails be understood in their order; bounces have no order."""
    return hashlib.sha256(sender.lower().encode()).hexdigest()[:32] if sender else None
