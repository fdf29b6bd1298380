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

from core.ground.database import DatabaseAwayError
from core.ground.errors import DeliveryError, Reason
from core.jobs.raw_messages import RawMessages
from core.jobs.set_aside import RECALL, TOO_MANY
from core.reading import correspondence
from core.reading.correspondence import Told
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from intake.channel import Outgoing, Preview, PreviewError, Processed, Raw
from intake.channels.email import FACTS
from intake.channels.email.believed import writer_of
from intake.channels.email.bounces import take_bounce
from intake.channels.email.decided import as_decided, preview_of, summary_of
from intake.channels.email.diversion import set_aside
from intake.channels.email.machine_reports import take_report
from intake.channels.email.mail_counts import MailCounts
from intake.channels.email.mailboxes import Mailboxes
from intake.channels.email.parser_pool import Unreadable, parse_in_worker
from intake.channels.email.raw_mail import RawMail, fingerprint
from intake.channels.email.recalls import is_marked
from intake.channels.email.received_mail import ReceivedMail, examine
from intake.channels.email.report import shows_only
from intake.channels.email.reporter_mail import ReporterMail
from intake.channels.email.sender import MailSender
from intake.channels.email.settings import CHANNEL, MailSettings, ReceivingSettings
from intake.channels.email.smtp.listener import House, listening
from intake.channels.email.staff_mail import StaffMail
from intake.channels.email.state_mail import StateMail
from intake.channels.email.thread import Thread
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

    @property
    def only_sends(self) -> bool:
        """Whether no setting opens a listener: mail leaves, and none comes in."""
        return not self.mailboxes.receiving.takes_mail

    async def _listen(self, _app: web.Application) -> AsyncIterator[None]:
        """Keep every listener open while the application runs."""
        async with contextlib.AsyncExitStack() as open_doors:
            doors = self.mailboxes.receiving.doors(self.settings.own_domain)
            house = (
                House.of(doors[0], self.runtime.refusals, self.runtime.storage.spool)
                if doors
                else None
            )
            for door in doors:
                await open_doors.enter_async_context(
                    listening(door, self.accept, self.knows, house)
                )
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
        if raw.verdict is not None:
            return await self._decided(await self._examined(raw, mail), desk)
        arrived = await self._examined(raw, mail)
        if mail.bounce is not None:
            taken = await take_bounce(self.runtime, self.sender.tokens, arrived)
            if taken is not None:
                return taken
        if mail.report is not None:
            done = await take_report(self.runtime, self.sender.tokens, arrived, mail.report)
        else:
            done = await self._filed(arrived, desk)
        return await self._to_the_desk(done, arrived, desk)

    async def give_up(self, raw: Raw, desk: Desk) -> Processed:
        """Make a mail that nobody could read into a ticket with the original attached."""
        sender = Person(address=str(raw.envelope.get("sender") or "") or None)
        mail = Mail(sender=sender, readable=False, answerable=False)
        arrived = await self._examined(raw, mail)
        return await (self._decided if raw.verdict else self._filed)(arrived, desk)

    async def preview(self, raw: Raw) -> Preview:
        """Read a mail as text, in a process that can be killed. Raises PreviewError."""
        mail = await asyncio.to_thread(self._read, raw.content)
        if isinstance(mail, Unreadable):
            raise PreviewError(mail.reason)
        return preview_of(raw, mail)

    async def send(self, outgoing: Outgoing) -> str:
        """Send a notice; return its Message-ID. Raises DeliveryError.

        What would come straight back to us is refused: nobody would read it there.
        """
        try:
            is_ours = await self.knows(outgoing.recipient.strip().lower())
        except DatabaseAwayError as error:
            raise DeliveryError(Reason.UNREACHABLE, "our database is away") from error
        if is_ours:
            raise DeliveryError(Reason.REFUSED, "the address is a mailbox of this intake")
        return await self.sender.send(outgoing)

    async def _examined(self, raw: Raw, mail: Mail) -> ReceivedMail:
        tokens = self.sender.tokens
        return await examine(
            raw, mail, runtime=self.runtime, mailboxes=self.mailboxes, tokens=tokens
        )

    async def _filed(self, arrived: ReceivedMail, desk: Desk) -> Processed:
        reporter = ReporterMail(self.runtime, desk, self.mailboxes)
        arrived = _sent_back_by_unit(arrived)
        thread, row = arrived.thread, set_aside(arrived)
        is_filed = await self._is_filed(arrived)
        if row is not None and not is_filed:
            return Processed(
                status=row.status,
                ticket_id=thread.ticket_id,
                note=row.note,
                reason=row.reason,
            )
        if thread.ticket_id is None and is_marked(arrived.mail) and not is_filed:
            return Processed(
                status="quarantined",
                note="a mail is taken back that is not here",
                reason=RECALL,
            )
        if not (is_filed or _is_of_staff(arrived)) and await self._is_too_many(arrived):
            return Processed(
                status="quarantined",
                ticket_id=thread.ticket_id,  # a person without a name stays hidden here, too
                note=TOO_MANY,
                reason=TOO_MANY,
            )
        if thread.ticket_id is None:
            return await reporter.new_ticket(arrived)
        if thread.code and not is_filed and shows_only(arrived.mail, thread.code):
            return await StateMail(reporter).tell(arrived)
        for further in thread.further:
            await self._joined(arrived.on(further), reporter)
        return await self._joined(arrived.on(thread), reporter)

    async def _is_too_many(self, arrived: ReceivedMail) -> bool:
        return await MailCounts(self.runtime).is_too_many(arrived, writer_of(arrived))

    async def _joined(self, arrived: ReceivedMail, reporter: ReporterMail) -> Processed:
        """Add it to the ticket of its thread, as words of staff or of somebody outside."""
        if _is_of_staff(arrived):
            return await StaffMail(Casework(self.runtime), self.runtime).take(arrived)
        return await reporter.follow_up(arrived)

    async def _decided(self, arrived: ReceivedMail, desk: Desk) -> Processed:
        """File a mail as a person decided: no rule sets it aside, no count."""
        reporter = ReporterMail(self.runtime, desk, self.mailboxes)
        decided = await as_decided(self.runtime, arrived)
        if decided.thread.ticket_id is None:
            return await reporter.new_ticket(decided, is_apart=True)
        return await reporter.follow_up(decided)

    async def _to_the_desk(self, done: Processed, arrived: ReceivedMail, desk: Desk) -> Processed:
        """Say on the review desk what is set aside; a copy of what was released goes with it."""
        if done.status != "quarantined":
            return done
        if await self._is_filed(arrived):
            return await ReporterMail(self.runtime, desk, self.mailboxes).new_ticket(arrived)
        summary = await summary_of(self.runtime.database, arrived)
        database = self.runtime.database
        if done.ticket_id is not None and await correspondence.conceals(database, done.ticket_id):
            summary = dataclasses.replace(summary, who="")  # its ticket names nobody
        return dataclasses.replace(done, summary=summary)

    async def _is_filed(self, arrived: ReceivedMail) -> bool:
        """Say whether a copy of it was released before: this one goes where that went."""
        for digest in {arrived.digest, arrived.on(arrived.thread).digest}:
            key = f"{CHANNEL}:{digest}"
            if await correspondence.message_kept(self.runtime.database, key) is not None:
                return True
        return False


def _is_of_staff(arrived: ReceivedMail) -> bool:
    """Whether it is on a ticket as words of staff: by the notice it answers, or by its sender."""
    thread = arrived.thread
    by_sender = arrived.staff_id is not None and not thread.is_participant
    return thread.is_staff or (thread.ticket_id is not None and by_sender)


def _sent_back_by_unit(arrived: ReceivedMail) -> ReceivedMail:
    """Let a unit's own mailbox that names a ticket write on it, to staff alone.

    A mailbox that forwards our notices without any id of ours would make a ticket of each.
    """
    hint = arrived.thread.hint
    addresses = {(unit.contact_email or "").lower() for unit in arrived.directory.units.values()}
    if hint is None or not arrived.sender or arrived.sender not in addresses:
        return arrived
    told = Told(ticket_id=hint, audience="unit", recipient="")
    return dataclasses.replace(arrived, thread=Thread(ticket_id=hint, told=told))


def _lane(sender: str) -> str | None:
    """Let one sender's mails be understood in their order; bounces have no order."""
    return hashlib.sha256(sender.lower().encode()).hexdigest()[:32] if sender else None
