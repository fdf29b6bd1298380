"""Understands stored mail: a ticket, a message on one, a notice that came back, or nothing.

Told the same mail again, by whichever way it came, it comes to the same ticket: everything is
written under the mail's fingerprint.
"""

import asyncio
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from core.deliveries.undelivered import returned
from core.reading import correspondence
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from intake.channel import Processed, Raw
from intake.channels.email import dmarc
from intake.channels.email.authenticity import UNKNOWN, Authenticity, said_by
from intake.channels.email.auto_reply import set_aside
from intake.channels.email.bounces import meaning_of
from intake.channels.email.fingerprint import fingerprint
from intake.channels.email.mailboxes import Mailboxes
from intake.channels.email.parser_pool import Unreadable
from intake.channels.email.received_mail import Arrived
from intake.channels.email.receiving import place
from intake.channels.email.reporter_mail import Filing
from intake.channels.email.staff_mail import StaffMail
from intake.channels.email.thread import Clues
from intake.channels.email.tokens import Tokens
from intake.channels.email.understanding.mail import Mail, Person

Read = Callable[[bytes], Mail | Unreadable]
"""Reads a mail in a process that can be killed; blocking."""


class UnreadableMailError(Exception):
    """The mail could not be read within its limits; perhaps the machine was busy."""


@dataclass(frozen=True, slots=True)
class Reception:
    """Where stored mail is read and filed."""

    runtime: Runtime
    mailboxes: Mailboxes
    tokens: Tokens
    read: Read

    async def process(self, raw: Raw, desk: Desk) -> Processed:
        """Understand one mail. Raises DatabaseAwayError, StorageUnavailable: later."""
        mail = await asyncio.to_thread(self.read, raw.content)
        if isinstance(mail, Unreadable):
            if raw.attempts < 2:  # once more: the machine may have been busy
                raise UnreadableMailError(mail.reason)
            return await self.give_up(raw, desk)
        if self.tokens.delivery_of(mail.message_id or "") is not None:
            mail = dataclasses.replace(mail, automatic="loop")
        arrived = await self._arrived(raw, mail)
        if mail.bounce is not None:
            return await self._returned(arrived)
        return await self._filed(arrived, desk)

    async def give_up(self, raw: Raw, desk: Desk) -> Processed:
        """Make what nobody could read into a ticket with the original attached."""
        sender = Person(address=str(raw.envelope.get("sender") or "") or None)
        mail = Mail(sender=sender, readable=False, answerable=False)
        return await self._filed(await self._arrived(raw, mail), desk)

    async def _arrived(self, raw: Raw, mail: Mail) -> Arrived:
        directory = await self.runtime.directory.fresh()
        sender = (mail.sender.address or "").lower()
        recipients = _texts(raw.envelope.get("recipients"))
        authenticity = await self._authenticity(raw, mail)
        clues = Clues(self.runtime.database, self.tokens, mail, recipients, authenticity, sender)
        return Arrived(
            raw=raw,
            mail=mail,
            digest=fingerprint(raw.content).digest,
            envelope_sender=str(raw.envelope.get("sender") or ""),
            recipients=recipients,
            directory=directory,
            authenticity=authenticity,
            thread=await clues.follow(),
            staff_id=await correspondence.staff_by_email(self.runtime.database, sender)
            if sender
            else None,
            is_from_us=self.mailboxes.knows(sender, directory),
        )

    async def _returned(self, arrived: Arrived) -> Processed:
        """Take a bounce: only one to a signed address or Message-ID of ours means anything."""
        bounce = arrived.mail.bounce
        signed = (
            *map(self.tokens.bounced_delivery, arrived.recipients),
            self.tokens.delivery_of(bounce.original_message_id or "") if bounce else None,
        )
        delivery_id = next(filter(None, signed), None)
        if bounce is None or delivery_id is None:
            return Processed(status="dropped", note="a bounce of a mail that is not ours")
        what = meaning_of(bounce, arrived.raw.content)
        if what is None:
            return Processed(status="dropped", note="a notice is delayed; it is still tried")
        ticket_id = await returned(self.runtime, delivery_id, what)
        return Processed(ticket_id=ticket_id, note=f"a notice came back: {what.code}")

    async def _filed(self, arrived: Arrived, desk: Desk) -> Processed:
        filing = Filing(self.runtime, desk, self.mailboxes)
        thread = arrived.thread
        if thread.ticket_id is None:
            rule = set_aside(arrived)
            if rule is not None:
                return Processed(status=rule.status, note=rule.note)
            return await filing.new_ticket(arrived)
        if arrived.mail.automatic == "loop":
            return Processed(
                status="dropped", ticket_id=thread.ticket_id, note="a notice of ours came back"
            )
        if thread.is_staff or (arrived.staff_id is not None and not thread.is_participant):
            return await StaffMail(Casework(self.runtime), self.runtime).take(arrived)
        return await filing.follow_up(arrived)

    async def _authenticity(self, raw: Raw, mail: Mail) -> Authenticity:
        settings = self.mailboxes.receiving
        peer = str(raw.envelope.get("peer") or "")
        ours = peer in settings.own_servers
        if settings.authserv_id and ours:
            said = said_by(settings.authserv_id, mail.headers)
            if said.by:
                return said
        if not settings.resolver or not mail.readable:
            return UNKNOWN
        origin = dmarc.Origin(
            peer="" if ours else peer,
            helo=str(raw.envelope.get("helo") or ""),
            sender=str(raw.envelope.get("sender") or ""),
            from_domain=(mail.sender.address or "").rpartition("@")[2],
        )
        ask = dmarc.resolver_at(*place(settings.resolver))
        try:
            async with asyncio.timeout(dmarc.CHECK_SECONDS):
                return await asyncio.to_thread(dmarc.check, raw.content, origin, ask)
        except TimeoutError:
            return dataclasses.replace(UNKNOWN, dmarc="temperror", by="kiss")


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
