"""The mail channel, both ways: mail comes in through listeners, notices leave through the sender.

Mail comes in by two steps. `accept` commits it as it came, and the peer hears 250. `process` makes
of it a ticket, a message on one, a notice that came back, or nothing; told the same mail again, by
whichever way it came, it comes to the same ticket: everything is written under its fingerprint.
"""

import asyncio
import contextlib
import dataclasses
import hashlib
from collections.abc import AsyncIterator, Callable

from aiohttp import web

from core.jobs.raw_messages import RawMessages
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from intake.channel import Outgoing, Processed, Raw
from intake.channels.email import FACTS
from intake.channels.email.auto_reply import set_aside
from intake.channels.email.bounces import take_bounce
from intake.channels.email.mailboxes import Mailboxes
from intake.channels.email.parser_pool import Unreadable, parse_in_worker
from intake.channels.email.raw_mail import RawMail, fingerprint
from intake.channels.email.received_mail import ReceivedMail, examine
from intake.channels.email.reporter_mail import ReporterMail
from intake.channels.email.sender import MailSender
from intake.channels.email.settings import CHANNEL, MailSettings, ReceivingSettings
from intake.channels.email.smtp.listener import listening
from intake.channels.email.staff_mail import StaffMail
from intake.channels.email.understanding.mail import Mail, Person

Read = Callable[[bytes], Mail | Unreadable]
"""Reads a mail in a process that can be killed; blocking."""


class UnreadableMailError(Exception):
    """The mail could not be read within its limits; perhaps the machine was busy."""


class EmailChannel:
    """Mail, both ways."""

    name = "email"
    facts = FACTS

    def __init__(
        self,
        runtime: Runtime,
        settings: MailSettings,
        receiving: ReceivingSettings | None = None,
        read: Read = parse_in_worker,
    ) -> None:
        self.runtime = runtime
        self.settings = settings
        self.sender = MailSender(runtime, settings)
        self.mailboxes = Mailboxes(settings, receiving or ReceivingSettings())
        self._read = read

    def mount(self, app: web.Application, desk: Desk) -> None:  # noqa: ARG002 - mail is filed later
        """Add the listeners that the settings name; without one mail only leaves."""
        app.cleanup_ctx.append(self._listen)

    async def _listen(self, _app: web.Application) -> AsyncIterator[None]:
        """Keep every listener open while the application runs."""
        async with contextlib.AsyncExitStack() as open_doors:
            for door in self.mailboxes.receiving.doors(self.settings.own_domain):
                await open_doors.enter_async_context(listening(door, self.accept, self.knows))
            yield

    async def knows(self, address: str) -> bool:
        """Say whether a recipient is a mailbox of ours. Raises DatabaseAwayError."""
        return self.mailboxes.knows(address, await self.runtime.directory.fresh())

    async def accept(self, mail: RawMail) -> None:
        """Commit a mail as it came. Raises DatabaseAwayError, StorageUnavailable."""
        await RawMessages(self.runtime).store(
            CHANNEL,
            fingerprint(mail.content).external_id,
            mail.content,
            mail.envelope() | {"lane": _lane(mail.sender)},
            self.runtime.clock(),
        )

    async def process(self, raw: Raw, desk: Desk) -> Processed:
        """Understand one stored mail. Raises DatabaseAwayError, StorageUnavailable: later."""
        mail = await asyncio.to_thread(self._read, raw.content)
        if isinstance(mail, Unreadable):
            if raw.attempts < 2:  # once more: the machine may have been busy
                raise UnreadableMailError(mail.reason)
            return await self.give_up(raw, desk)
        if self.sender.tokens.delivery_of(mail.message_id or "") is not None:
            mail = dataclasses.replace(mail, automatic="loop")
        arrived = await self._examined(raw, mail)
        if mail.bounce is not None:
            return await take_bounce(self.runtime, self.sender.tokens, arrived)
        return await self._filed(arrived, desk)

    async def give_up(self, raw: Raw, desk: Desk) -> Processed:
        """Make a mail that nobody could read into a ticket with the original attached."""
        sender = Person(address=str(raw.envelope.get("sender") or "") or None)
        mail = Mail(sender=sender, readable=False, answerable=False)
        return await self._filed(await self._examined(raw, mail), desk)

    async def send(self, outgoing: Outgoing) -> str:
        """Send a notice; return its Message-ID. Raises DeliveryError."""
        return await self.sender.send(outgoing)

    async def _examined(self, raw: Raw, mail: Mail) -> ReceivedMail:
        tokens = self.sender.tokens
        return await examine(
            raw, mail, runtime=self.runtime, mailboxes=self.mailboxes, tokens=tokens
        )

    async def _filed(self, arrived: ReceivedMail, desk: Desk) -> Processed:
        reporter = ReporterMail(self.runtime, desk, self.mailboxes)
        thread = arrived.thread
        if thread.ticket_id is None:
            rule = set_aside(arrived)
            if rule is not None:
                return Processed(status=rule.status, note=rule.note)
            return await reporter.new_ticket(arrived)
        if arrived.mail.automatic == "loop":
            return Processed(
                status="dropped", ticket_id=thread.ticket_id, note="a notice of ours came back"
            )
        if thread.is_staff or (arrived.staff_id is not None and not thread.is_participant):
            return await StaffMail(Casework(self.runtime), self.runtime).take(arrived)
        return await reporter.follow_up(arrived)


def _lane(sender: str) -> str | None:
    """Let one sender's mails be understood in their order; bounces have no order."""
    return hashlib.sha256(sender.lower().encode()).hexdigest()[:32] if sender else None
