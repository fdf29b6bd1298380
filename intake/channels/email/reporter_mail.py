"""Files a mail of somebody outside: a new ticket, or a message on the one it belongs to."""

import contextlib
from dataclasses import dataclass
from uuid import UUID

from core.ground.errors import NotFoundError
from core.ground.rate_limits import REPORTS_OF_MAILBOX
from core.reading import correspondence
from core.runtime import Runtime
from core.tickets.casework import Casework, SaidBeforeError
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.link import NUMBER_ALONE
from core.tickets.merging import Merging
from core.tickets.submission import Address, Receipt, StoredFile, Submission, Submitter
from intake.channel import Processed
from intake.channels.email import attachments, report
from intake.channels.email.auto_reply import may_answer
from intake.channels.email.mailboxes import Mailboxes
from intake.channels.email.received_mail import ReceivedMail
from intake.channels.email.report import Report, language_of_words, report_of
from intake.channels.email.settings import CHANNEL
from intake.channels.email.understanding.mail import Person
from intake.language import translate
from intake.uploads.limits import Limits


@dataclass(frozen=True, slots=True)
class ReporterMail:
    """Files what people outside write."""

    runtime: Runtime
    desk: Desk
    mailboxes: Mailboxes

    async def new_ticket(self, arrived: ReceivedMail) -> Processed:
        """File a report, once for all its copies; a copy to another unit is noted."""
        told = report_of(arrived.mail, arrived.language)
        units = self.mailboxes.units(arrived.recipients, arrived.directory)
        named = list(units.items())
        lately = await self._filed_lately(arrived)
        also = [
            translate(arrived.language, report.ALSO_TO, unit=unit.name) for _, unit in named[1:]
        ]
        if lately >= REPORTS_OF_MAILBOX.most:
            also.append(translate(arrived.language, report.MANY_REPORTS, count=lately + 1))
        receipt = await self.desk.submit(
            Submission(
                channel=CHANNEL,
                key=arrived.digest,
                words=self._words(arrived, told),
                html=told.html,
                title=told.title,
                language=language_of_words(told.words),
                received_at=arrived.raw.received_at,
                recipient=named[0][0] if named else None,
                category=report.category_hint(arrived.mail.subject, arrived.directory),
                submitter=self._submitter(arrived),
                addresses=self._addresses(arrived),
                acknowledged=not may_answer(arrived, lately),
                files=await self._files(arrived),
                remarks=self._remarks(arrived, *also),
                facts=self._facts(arrived, told),
            )
        )
        if receipt.repeated:
            await self._note_units(arrived, receipt)
        if arrived.thread.hint is not None and arrived.thread.hint != receipt.ticket_id:
            await self._link(receipt.ticket_id, arrived.thread.hint)
        return await self._processed(arrived, receipt.ticket_id)

    async def follow_up(self, arrived: ReceivedMail) -> Processed:
        """Add it to its ticket. An automatic answer is kept and changes nothing."""
        told = report_of(arrived.mail, arrived.language, is_answer=True)
        third = not arrived.thread.is_participant
        own = [translate(arrived.language, report.THIRD_PERSON)] if third else []
        follow_up = FollowUp(
            channel=CHANNEL,
            key=arrived.digest,
            words=self._words(arrived, told),
            html=told.html,
            files=await self._files(arrived),
            received_at=arrived.raw.received_at,
            remarks=self._remarks(arrived, *own),
            facts=self._facts(arrived, told, third_person=third),
            automatic=arrived.mail.automatic is not None,
        )
        assert arrived.thread.ticket_id is not None  # noqa: S101 - the caller's promise
        try:
            followed = await self.desk.follow_up(arrived.thread.ticket_id, follow_up)
        except NotFoundError:  # erased since
            return await self.new_ticket(arrived)
        return await self._processed(arrived, followed.ticket_id)

    def _words(self, arrived: ReceivedMail, told: Report) -> str:
        if arrived.mail.readable:
            return told.words
        return translate(arrived.language, report.UNREADABLE)

    def _writer(self, arrived: ReceivedMail) -> Person:
        """Return whose report it is: of a mail that staff pass on, the one who wrote it first."""
        passed = arrived.mail.forwarded
        if _is_passed_on_by_staff(arrived) and passed is not None:
            return passed.sender
        return arrived.mail.sender

    def _submitter(self, arrived: ReceivedMail) -> Submitter:
        writer = self._writer(arrived)
        return Submitter(name=writer.name or None, email=writer.address)

    def _addresses(self, arrived: ReceivedMail) -> tuple[Address, ...]:
        """Return where news goes; confirmed if the person wrote from there, as far as we know."""
        address = self._writer(arrived).address
        if not address or self.mailboxes.knows(address.lower(), arrived.directory):
            return ()
        wrote = address.lower() == arrived.sender and arrived.mail.readable
        confirmed = wrote and not arrived.authenticity.failed
        return (Address(channel=CHANNEL, address=address, confirmed=confirmed),)

    async def _filed_lately(self, arrived: ReceivedMail) -> int:
        address = self._writer(arrived).address
        if not address:
            return 0
        since = self.runtime.clock() - REPORTS_OF_MAILBOX.within
        return await correspondence.filed_since(self.runtime.database, CHANNEL, address, since)

    async def _files(self, arrived: ReceivedMail) -> tuple[StoredFile, ...]:
        storage = self.runtime.storage
        files = await attachments.stored(arrived.mail.attachments, storage, self._limits)
        if arrived.mail.readable:
            return files
        return (await attachments.original(arrived.raw.content, storage), *files)

    @property
    def _limits(self) -> Limits:
        return Limits.of(self.runtime.settings)

    def _remarks(self, arrived: ReceivedMail, *said: str) -> tuple[str, ...]:
        more = len(arrived.mail.attachments) - self._limits.mail_files
        language = arrived.language
        own = list(said)
        if more > 0:
            own.append(translate(language, report.MANY_FILES, count=more))
        if arrived.authenticity.failed:
            own.append(translate(language, report.SENDER_FAILED))
        if _is_passed_on_by_staff(arrived):
            own.append(translate(language, report.FORWARDED_BY))
        return arrived.remarks(*own)

    def _facts(
        self, arrived: ReceivedMail, told: Report, *, third_person: bool = False
    ) -> dict[str, object]:
        passed_on = str(arrived.staff_id) if _is_passed_on_by_staff(arrived) else None
        return arrived.facts(elided=told.elided, third_person=third_person, forwarded_by=passed_on)

    async def _note_units(self, arrived: ReceivedMail, receipt: Receipt) -> None:
        """Tell staff of a copy that came for another unit; told again it is noted once."""
        for unit in self.mailboxes.units(arrived.recipients, arrived.directory).values():
            if unit.name == receipt.unit_name:
                continue
            await note_once(
                self.runtime,
                receipt.ticket_id,
                translate(arrived.language, report.ALSO_TO, unit=unit.name),
                key=f"{CHANNEL}:{arrived.digest}:{unit.code}",
            )

    async def _link(self, ticket_id: UUID, other_id: UUID) -> None:
        await Merging(self.runtime).relate(ticket_id, other_id, NUMBER_ALONE)

    async def _processed(self, arrived: ReceivedMail, ticket_id: UUID) -> Processed:
        key = f"{CHANNEL}:{arrived.digest}"
        kept = await correspondence.message_kept(self.runtime.database, key)
        return Processed(ticket_id=ticket_id, message_id=kept)


def _is_passed_on_by_staff(arrived: ReceivedMail) -> bool:
    passed = arrived.mail.forwarded
    return (
        arrived.staff_id is not None
        and passed is not None
        and bool(passed.sender.address)
        and not arrived.authenticity.failed
    )


async def note_once(
    runtime: Runtime, ticket_id: UUID, words: str, *, key: str, by: UUID | None = None
) -> None:
    """Write an internal note, once for its key."""
    if await correspondence.message_kept(runtime.database, key) is None:
        with contextlib.suppress(SaidBeforeError):  # the same was noted in between
            await Casework(runtime).note(ticket_id, words, by=by, key=key)
