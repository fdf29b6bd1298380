"""Files a mail of somebody outside: a new ticket, or a message on the one it belongs to."""

import contextlib
import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from core.ground.errors import NotFoundError
from core.ground.rate_limits import REPORTS_OF_MAILBOX
from core.reading import correspondence
from core.runtime import Runtime
from core.tickets.concealing import mail_concealed
from core.tickets.conversation import Conversations
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.link import CLOSED_LONG_AGO
from core.tickets.merging import Merging
from core.tickets.submission import Address, Again, StoredFile, Submission, Submitter
from core.tickets.third_person import ThirdPersons
from core.tickets.writer import Writer
from intake.channel import NotYetError, Processed
from intake.channels.email import attachments, report
from intake.channels.email.addressed_units import AddressedUnits
from intake.channels.email.believed import first, later, writer_of
from intake.channels.email.diversion import by_machine, may_answer
from intake.channels.email.mail_counts import MailCounts
from intake.channels.email.mailboxes import Mailboxes
from intake.channels.email.received_mail import ReceivedMail, named
from intake.channels.email.report import Report, language_of_words, report_of
from intake.channels.email.settings import CHANNEL
from intake.channels.email.thread import Thread
from intake.language import translate
from intake.uploads.limits import Limits

_PATIENCE: Final = timedelta(minutes=2)
"""How long an answer waits until the mail it answers, which came before it, was read."""


@dataclass(frozen=True, slots=True)
class ReporterMail:
    """Files what people outside write."""

    runtime: Runtime
    desk: Desk
    mailboxes: Mailboxes

    async def new_ticket(self, arrived: ReceivedMail, *, is_apart: bool = False) -> Processed:
        """File a report, once for all its copies; every unit that it was sent to sees it.

        What answers a mail of a ticket, or was answered by one, is kept there instead, as words of
        a third person, unless it is known to be `apart`. Raises NotYetError where a mail that it
        answers is still to be read.
        """
        may_join = _may_join(arrived) and not is_apart
        if may_join and await self._is_overtaking(arrived):
            raise NotYetError
        submission = await self._submission(arrived)
        filed = await Conversations(self.runtime).submit(
            submission, arrived.conversation, may_join=may_join
        )
        if isinstance(filed, UUID):
            return await self._third_person(arrived, filed)
        if filed.repeated:
            await self._units.note(arrived, filed)
        await self._units.involve(arrived, filed.ticket_id)
        if arrived.thread.hint is not None and arrived.thread.hint != filed.ticket_id:
            await self._link(filed.ticket_id, arrived.thread.hint, arrived.thread.hint_reason)
        return await self._processed(arrived, filed.ticket_id)

    async def _submission(self, arrived: ReceivedMail) -> Submission:
        """Make the report; whether it is answered is counted, so it is about to be filed."""
        told = report_of(arrived.mail, arrived.language)
        wanted = [*self.mailboxes.units(arrived.recipients, arrived.directory).items()]
        language = arrived.language
        also = [translate(language, report.ALSO_TO, unit=unit.name) for _, unit in wanted[1:]]
        lately = await self._filed_lately(arrived)
        if lately >= REPORTS_OF_MAILBOX.most:
            self.runtime.refusals.note(REPORTS_OF_MAILBOX)
            also.append(translate(arrived.language, report.MANY_REPORTS, count=lately + 1))
        files = await self._files(arrived, told)
        return Submission(
            channel=CHANNEL,
            key=arrived.digest,
            words=self._words(arrived, told),
            html=told.html,
            title=told.title,
            language=language_of_words(told.words),
            received_at=arrived.raw.received_at,
            recipient=wanted[0][0] if wanted else None,
            category=report.category_hint(arrived.mail.subject, arrived.directory),
            submitter=self._submitter(arrived),
            addresses=self._addresses(arrived),
            acknowledged=not await self.is_answered(arrived),
            files=files,
            remarks=self._remarks(arrived, *also, *told.remarks(arrived.language)),
            facts={
                **self._facts(arrived, told),
                **Writer(is_unproven=first(arrived).is_marked).facts(),
            },
            again=Again.LEAVE,  # the same bytes: what differs is how we read them
        )

    async def is_answered(self, arrived: ReceivedMail) -> bool:
        """Count an answer and say whether it goes out; a person's verdict outweighs a count."""
        if not may_answer(arrived) or first(arrived).stands == "nobody's report":
            return False
        if arrived.raw.verdict is not None:
            return True
        return await MailCounts(self.runtime).allows_answer(arrived, writer_of(arrived))

    async def follow_up(self, arrived: ReceivedMail) -> Processed:
        """Add it to its ticket. An automatic answer is kept and changes nothing.

        Words of a third person, or that nobody proves to be the person's, take up no ticket that
        ended long ago: they are a report of their own then.
        """
        ticket_id, is_third = arrived.thread.ticket_id, not arrived.thread.is_participant
        assert ticket_id is not None  # noqa: S101 - the caller's promise
        is_own = not is_third and not later(arrived).is_marked
        if not is_own and await self._is_over(arrived, ticket_id):
            apart = Thread(hint=ticket_id, hint_reason=CLOSED_LONG_AGO)
            return await self.new_ticket(dataclasses.replace(arrived, thread=apart), is_apart=True)
        if is_third and arrived.raw.verdict is not None:  # joined by staff, who cannot know whose
            return await self._third_person(arrived, ticket_id)
        try:
            added = await self._added(arrived, ticket_id)
            followed = await self.desk.follow_up(ticket_id, added)
        except NotFoundError:  # erased since
            return await self.new_ticket(arrived)
        if not is_third:
            await self._units.involve(arrived, followed.ticket_id)
        return await self._processed(arrived, followed.ticket_id)

    async def _third_person(self, arrived: ReceivedMail, ticket_id: UUID) -> Processed:
        """Keep what somebody else wrote in the conversation of a ticket, for its staff."""
        try:
            added = await self._added(arrived, ticket_id)
            kept = await ThirdPersons(self.runtime).wrote(ticket_id, added)
        except NotFoundError:  # erased since
            return await self.new_ticket(arrived)
        return await self._processed(arrived, kept.ticket_id)

    async def _added(self, arrived: ReceivedMail, ticket_id: UUID) -> FollowUp:
        """Make what it adds; on a report without a name its words and files, and no name."""
        told = report_of(arrived.mail, arrived.language, is_answer=True)
        conceals = await correspondence.conceals(self.runtime.database, ticket_id)
        row, own, third = later(arrived), [], None
        if conceals:
            told = dataclasses.replace(told, html=None, too_long=False)
        if row.stands == "third person":  # of an unnamed reporter it may be another address
            unnamed = translate(arrived.language, report.UNNAMED)
            third = unnamed if conceals else named(arrived.standing.writer)
            own.append(translate(arrived.language, report.THIRD_PERSON, who=third))
        if row.is_marked and not arrived.authenticity.failed:
            own.append(translate(arrived.language, report.UNPROVEN))
        if arrived.thread.is_recall:
            own.append(translate(arrived.language, report.RECALLED))
        return FollowUp(
            channel=CHANNEL,
            key=arrived.digest,
            words=self._words(arrived, told, conceals=conceals),
            html=told.html,
            files=await self._files(arrived, told, conceals=conceals),
            received_at=arrived.raw.received_at,
            remarks=self._remarks(arrived, *own, *told.remarks(arrived.language)),
            facts=self._facts(arrived, told, conceals=conceals),
            writer=Writer(third_person=third, is_unproven=row.is_marked),
            automatic=by_machine(arrived) or arrived.thread.is_recall,
        )

    async def _is_overtaking(self, arrived: ReceivedMail) -> bool:
        """Whether a mail that it answers came before it and is still to be read."""
        if self.runtime.clock() - arrived.raw.received_at > _PATIENCE:
            return False
        answers = arrived.conversation.bounded
        return await correspondence.is_unread(self.runtime.database, arrived.raw.id, answers)

    async def _is_over(self, arrived: ReceivedMail, ticket_id: UUID) -> bool:
        """Whether it is led to a ticket that nobody opens again, by our signature or a verdict."""
        is_led = arrived.thread.told is not None or arrived.raw.verdict is not None
        is_led = is_led or later(arrived).is_marked
        if not is_led or by_machine(arrived):
            return False
        grace = timedelta(days=arrived.directory.hospital.reopen_days)
        moment = self.runtime.clock() - grace
        return await correspondence.ended_before(self.runtime.database, ticket_id, moment)

    def _words(self, arrived: ReceivedMail, told: Report, *, conceals: bool = False) -> str:
        if arrived.mail.readable:
            return told.words
        unread = report.UNREADABLE_UNNAMED if conceals else report.UNREADABLE
        return translate(arrived.language, unread)

    def _submitter(self, arrived: ReceivedMail) -> Submitter:
        writer = writer_of(arrived)
        return Submitter(name=writer.name or None, email=writer.address)

    def _addresses(self, arrived: ReceivedMail) -> tuple[Address, ...]:
        """Return where news goes; confirmed if the person wrote from there, as far as we know."""
        address = writer_of(arrived).address
        if not address or self.mailboxes.knows(address.lower(), arrived.directory):
            return ()
        wrote = address.lower() == arrived.sender and arrived.mail.readable
        confirmed = wrote and first(arrived).confirms
        return (Address(channel=CHANNEL, address=address, confirmed=confirmed),)

    async def _filed_lately(self, arrived: ReceivedMail) -> int:
        address = writer_of(arrived).address
        if not address or arrived.raw.verdict is not None:  # a person's word outweighs a count
            return 0
        since = self.runtime.clock() - REPORTS_OF_MAILBOX.within
        return await correspondence.filed_since(self.runtime, CHANNEL, address, since)

    async def _files(
        self, arrived: ReceivedMail, told: Report, *, conceals: bool = False
    ) -> tuple[StoredFile, ...]:
        storage = self.runtime.storage
        files = await attachments.stored(arrived.mail.attachments, storage, self._limits)
        if conceals or (arrived.mail.readable and not told.too_long):  # a mail names its writer
            return files
        return (await attachments.original(arrived.raw.content, storage), *files)

    @property
    def _units(self) -> AddressedUnits:
        return AddressedUnits(self.runtime, self.mailboxes)

    @property
    def _limits(self) -> Limits:
        return Limits.of(self.runtime.settings)

    def _remarks(self, arrived: ReceivedMail, *said: str) -> tuple[str, ...]:
        more = len(attachments.files_of(arrived.mail.attachments)) - self._limits.mail_files
        language = arrived.language
        own = list(said)
        if more > 0:
            own.append(translate(language, report.MANY_FILES, count=more))
        if arrived.authenticity.failed:
            own.append(translate(language, report.SENDER_FAILED))
        if arrived.standing.remark is not None:
            own.append(translate(language, arrived.standing.remark))
        passed = arrived.mail.forwarded
        if first(arrived).stands == "forwarded":
            own.append(translate(language, report.FORWARDED_BY))
        if first(arrived).stands == "nobody's report" and passed is not None:
            names = {"staff": named(arrived.mail.sender), "who": named(passed.sender)}
            own.append(translate(language, report.FORWARDED_BY_NOBODY, **names))
        return arrived.remarks(*own)

    def _facts(
        self, arrived: ReceivedMail, told: Report, *, conceals: bool = False
    ) -> dict[str, object]:
        passed_on = str(arrived.staff_id) if first(arrived).stands == "forwarded" else None
        facts = arrived.facts(
            elided=told.trimmed,
            text=told.whole,
            recall=arrived.thread.is_recall,
            forwarded_by=passed_on,
        )
        return {"mail": mail_concealed(facts, self.runtime.secret)} if conceals else facts

    async def _link(self, ticket_id: UUID, other_id: UUID, reason: str) -> None:
        if await correspondence.conceals(self.runtime.database, other_id):
            return  # whoever writes with a name is not to be known beside a report without one
        with contextlib.suppress(NotFoundError):  # erased since
            await Merging(self.runtime).relate(ticket_id, other_id, reason)

    async def _processed(self, arrived: ReceivedMail, ticket_id: UUID) -> Processed:
        key = f"{CHANNEL}:{arrived.digest}"
        kept = await correspondence.message_kept(self.runtime.database, key)
        return Processed(ticket_id=ticket_id, message_id=kept)


def _may_join(arrived: ReceivedMail) -> bool:
    """Whether it may join what it answers, if somebody else wrote that: as a third person.

    Not what a machine answered, nor what claims to be from a mailbox of ours.
    """
    known = arrived.mail.readable and bool(arrived.sender) and not arrived.thread.is_denied
    return known and not by_machine(arrived) and not arrived.is_from_us
