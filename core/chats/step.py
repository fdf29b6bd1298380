"""One step in a chat whose row is locked: all that is done in it is committed together."""

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats import contact, files, log, messages, tickets, timers
from core.chats.log import LoggedLine
from core.chats.session import ChatSession
from core.chats.tickets import ChatTicket
from core.ground.base import Json
from core.ground.database import DatabaseAwayError, nested
from core.ground.limit import Limit
from core.jobs.inbound import Inbound, set_aside
from core.jobs.set_aside import FAULT, Summary
from core.notices.delivery import Delivery
from core.surveys.answer import keep_answers
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.known_codes import known_codes
from core.tickets.lifecycle import IllegalMoveError
from core.tickets.submission import StoredFile, Submission
from core.triage.alarm import carry, raise_alarm


class ChatStep:
    """What may be done in a chat. `Chats` opens a step, commits it and wakes whoever waits.

    Every verb raises DatabaseAwayError. A ticket is named by its number, as people name it; one
    that is not there (any more) is passed over.
    """

    def __init__(self, session: AsyncSession, chat: ChatSession, desk: Desk) -> None:
        self._session, self._chat, self._desk = session, chat, desk
        self._contact = contact.ChatContact(
            secret=desk.runtime.secret, channel=chat.channel, address=chat.address
        )
        self.now: datetime = desk.runtime.clock()
        self.rings: set[str] = set()
        """What the bell rings after the commit."""

    def ring(self) -> None:
        """Wake whoever waits for what was done, after its commit."""
        if self.rings:
            self._desk.runtime.bell.ring(*sorted(self.rings))

    @property
    def channel(self) -> str:
        """The channel that the chat is in."""
        return self._chat.channel

    @property
    def address(self) -> str:
        """The chat in the channel's own form."""
        return self._chat.address

    @property
    def alias(self) -> str:
        """A name of the chat that stays the same and tells nobody which it is."""
        return self._contact.alias

    @property
    def state(self) -> Json:
        """Where the chat stands; nothing in it for a new one."""
        return self._chat.state

    def stand(self, state: Json) -> None:
        """Let the chat stand there from now on."""
        self._chat.state = state
        self._said()

    @contextlib.asynccontextmanager
    async def all_or_nothing(self) -> AsyncIterator[None]:
        """Undo what was done in the block if it fails, and raise as `nested` does."""
        rings = set(self.rings)
        try:
            async with nested(self._session):
                yield
        except DatabaseAwayError:
            raise
        except Exception:
            self.rings = rings
            await self._session.refresh(self._chat)
            raise

    async def set_aside(self, key: str, raw: bytes, error: str, summary: Summary) -> None:
        """Keep the bytes of a noted update that nobody could make sense of."""
        await self._session.execute(
            update(Inbound)
            .where(Inbound.channel == self.channel, Inbound.external_id == key)
            .values(raw=raw, **set_aside(FAULT, error, summary))
        )

    # what is known

    async def tickets(self) -> tuple[ChatTicket, ...]:
        """Return the newest tickets whose news goes to this chat, newest first."""
        return await tickets.tickets_of(self._session, self._contact)

    async def filed_since(self, since: datetime) -> int:
        """Count the reports that this chat sent since a moment."""
        return await tickets.filed_since(self._session, self._contact, since)

    async def busiest_units(self, since: datetime, most: int) -> tuple[UUID, ...]:
        """Return the units that got the most reports since a moment, the busiest first."""
        return await tickets.busiest_units(self._session, since, most)

    async def numbered(self, numbers: Sequence[str]) -> tuple[ChatTicket, ...]:
        """Return the tickets of these numbers, whoever is told of them."""
        return await tickets.numbered(self._session, numbers) if numbers else ()

    async def opened_by(self, *texts: str) -> Mapping[str, ChatTicket]:
        """Return the tracking codes in these texts, each with the ticket that it opens."""
        codes = await known_codes(self._session, texts)
        return {c: await tickets.ticket_by_id(self._session, id_) for c, id_ in codes.items()}

    def refused(self, limit: Limit) -> None:
        """Count what a limit put off just now."""
        self._desk.runtime.refusals.note(limit)

    async def about(self, message: str) -> str | None:
        """Return the number of the ticket that a message of this chat was about."""
        return await messages.number_of(self._session, self._contact, message)

    # tickets

    async def submit(
        self, submission: Submission, draft_id: str, said: Sequence[str]
    ) -> ChatTicket:
        """File a draft. Its alarms, and the messages it was said in, are the ticket's then."""
        receipt = await self._desk.submit_within(self._session, submission)
        self._touched(receipt.ticket_id)
        await messages.said_on(self._session, self._contact, receipt.ticket_id, said)
        await carry(self._session, draft_id, receipt.ticket_id)
        return await tickets.ticket_by_id(self._session, receipt.ticket_id)

    async def follow_up(self, number: str, follow_up: FollowUp, said: Sequence[str] = ()) -> None:
        """Add words and files to a ticket, and let the messages they came in find it."""
        ticket_id = await tickets.id_of(self._session, number)
        if ticket_id is None:
            return
        followed = await self._desk.follow_up_within(self._session, ticket_id, follow_up)
        self._touched(followed.ticket_id)
        await messages.said_on(self._session, self._contact, followed.ticket_id, said)

    async def retract(self, number: str, keys: Sequence[str], remark: str) -> None:
        """Mark messages for staff, by their keys, as not meant for this ticket."""
        ticket_id = await tickets.id_of(self._session, number)
        if ticket_id is not None:
            await tickets.retract(self._session, ticket_id, keys, remark)
            self._touched(ticket_id)

    async def confirm(self, number: str) -> None:
        """Close a resolved ticket for the person; one that is not (any more) stays as it is."""
        ticket_id = await tickets.id_of(self._session, number)
        if ticket_id is None:
            return
        with contextlib.suppress(IllegalMoveError):
            await self._desk.confirm_within(self._session, ticket_id)
            self._touched(ticket_id)

    async def rate(self, number: str, stars: int | None, comment: str = "") -> bool:
        """Rate the handling; False where that is not possible before the ticket is solved."""
        ticket_id = await tickets.id_of(self._session, number)
        if ticket_id is None:
            return False
        try:
            await self._desk.rate_within(self._session, ticket_id, stars, comment)
        except IllegalMoveError:
            return False
        self._touched(ticket_id)
        return True

    # files

    async def expect(self, ref: str, name: str, size: int) -> None:
        """Note a file, by the channel's own name of it, that is to be fetched; size in bytes."""
        place = (self._session, self.channel, self.address)
        await files.expect(*place, ref=ref, name=name, size=size, now=self.now)
        self.rings.add("chat-files")

    async def known_files(self, refs: Sequence[str]) -> Mapping[str, StoredFile]:
        """Return files of this chat, as far as they are known, to be put on a ticket.

        They stay as they are until the step is committed; those under way are `pending`.
        """
        place = (self._session, self.channel, self.address)
        self.rings.add("cleanings")  # of an unnamed report they wait to be cleaned
        return await files.known(*place, refs, self._desk.runtime.secret)

    async def answer_survey(
        self,
        survey_id: str,
        answers: Mapping[str, int],
        *,
        unit_id: UUID | None,
        qr_code_id: UUID | None,
        remarks: str,
        is_complete: bool,
    ) -> None:
        """File a survey, once."""
        await keep_answers(
            self._session,
            key=f"{self.channel}:{survey_id}",
            channel=self.channel,
            unit_id=unit_id,
            qr_code_id=qr_code_id,
            answers=answers,
            remarks=remarks,
            is_complete=is_complete,
            answered_at=self.now,
        )

    async def raise_alarm(
        self,
        key: str,
        words: str,
        *,
        matched: Sequence[str],
        draft_id: str | None,
        unit_id: UUID | None,
        number: str | None,
    ) -> None:
        """Raise an alarm, once for its key."""
        await raise_alarm(
            self._session,
            key=f"{self.channel}:{key}",
            channel=self.channel,
            words=words,
            matched=matched,
            draft_id=draft_id,
            unit_id=unit_id,
            ticket_id=await tickets.id_of(self._session, number) if number else None,
            raised_at=self.now,
        )
        self.rings.add("alarms")

    async def schedule(self, name: str, at: datetime) -> None:
        """Set a timer of the chat, or move it."""
        await timers.schedule(self._session, self._chat, name, at)

    async def take_timer(self) -> str | None:
        """Take the timer that is due longest; None if another process was faster."""
        return await timers.take(self._session, self._chat, self.now)

    async def link(self, number: str) -> None:
        """Tell this chat first of a ticket from now on."""
        ticket_id = await tickets.id_of(self._session, number)
        if ticket_id is not None:
            await contact.link(self._session, self._contact, ticket_id, self.now)

    async def block(self) -> None:
        """Mark the chat as out of reach: staff see it, and news goes to another address."""
        await contact.block(self._session, self._contact, self.now)

    async def unblock(self) -> None:
        """Use the chat for news again."""
        await contact.unblock(self._session, self._contact, self.now)

    # what is said

    async def send(self, template: str, language: str, payload: Json) -> None:
        """Let a message go out after all that went before, once the step is committed."""
        self._session.add(
            Delivery(
                channel=self.channel,
                recipient_ref=self.address,
                template=template,
                language=language,
                payload=payload,
                next_attempt_at=self.now,
            )
        )
        await self._session.flush()
        self._said()

    async def lines(self, most: int) -> tuple[LoggedLine, ...]:
        """Return the newest lines of the chat's log, in their order."""
        return await log.lines_of(self._session, self._chat.id, most)

    async def write(self, author: str, body: str, payload: Json) -> None:
        """Add a line to the chat's log."""
        await log.write(self._session, self._chat.id, author, body, payload, at=self.now)
        self._said()

    async def rewrite(self, marks: Json, body: str, payload: Json) -> bool:
        """Change the bot's last line whose payload has these marks; False if there is none."""
        self._said()
        return await log.rewrite(self._session, self._chat.id, marks, body, payload, at=self.now)

    def _said(self) -> None:
        self.rings |= {"deliveries", log.topic_of(self._chat.id)}

    def _touched(self, ticket_id: UUID) -> None:
        self.rings |= {"deliveries", "tickets", str(ticket_id)}
