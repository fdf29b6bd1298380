"""What a person decides of a message that was set aside: a report, words of a ticket, neither.

One verb is one transaction. A verdict puts the row back to be read (`intake/raw_reading.py`),
which files it by the same way as any other; nothing is acknowledged, and no clock runs, before.
Copies of one message are decided together.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.access.lookup import ticket_for
from core.access.scope import Reader
from core.audit.trail import note_change
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.jobs.inbound import Inbound
from core.people.staff import User
from core.review.trusting import TrustedSources
from core.review.waiting import STATUS
from core.runtime import Runtime
from core.tickets.ticket import Ticket

DROPPED: Final = "dropped"


class DecidedError(Exception):
    """Somebody decided before: who, what and when; None where it was not decided by a person."""

    def __init__(self, by: str | None, verdict: str | None, at: datetime | None) -> None:
        super().__init__(verdict)
        self.by, self.verdict, self.at = by, verdict, at


@dataclass(frozen=True, slots=True)
class Review:
    """Decides. `by` None is the command line.

    Every verb raises NotFoundError, DecidedError where another was faster, DatabaseAwayError.
    With `again`, what was said to be no report is decided anew, while it is kept.
    """

    runtime: Runtime

    async def make_ticket(self, message_id: UUID, *, by: UUID | None, again: bool = False) -> None:
        """Let it become a report, whatever rule set it aside."""
        async with transaction(self.runtime.database) as session:
            await self._decide(session, message_id, "report", by, again=again)
        self.runtime.bell.ring("inbound")

    async def join(
        self,
        message_id: UUID,
        number: str,
        *,
        by: UUID | None,
        reader: Reader | None = None,
        again: bool = False,
    ) -> None:
        """Let it be added to a ticket that the reader may know of; NotFoundError if there is none.

        Without a reader, every ticket will do.
        """
        async with transaction(self.runtime.database) as session:
            ticket_id = await _ticket(session, number, reader)
            await self._decide(session, message_id, "join", by, ticket_id=ticket_id, again=again)
        self.runtime.bell.ring("inbound")

    async def no_report(self, message_id: UUID, *, by: UUID | None) -> None:
        """Let it be; it is kept as long as whatever else was dropped."""
        async with transaction(self.runtime.database) as session:
            await self._decide(session, message_id, "no_report", by)

    async def trust(self, message_id: UUID, kind: str, address: str, *, by: UUID | None) -> None:
        """Trust where it came from, from now on, and let it become a report.

        Raises ValueError for an address that is none.
        """
        async with transaction(self.runtime.database) as session:
            await self._decide(session, message_id, "report", by)
            await TrustedSources(self.runtime).add_within(session, kind, address, by=by)
        await self.runtime.directory.reload()
        self.runtime.bell.ring("inbound")

    async def read_again(self, message_id: UUID, *, by: UUID | None) -> None:
        """Let it be read again by the same rules: what failed may go well by now."""
        async with transaction(self.runtime.database) as session:
            await self._decide(session, message_id, None, by)
        self.runtime.bell.ring("inbound")

    async def _decide(
        self,
        session: AsyncSession,
        message_id: UUID,
        verdict: str | None,
        by: UUID | None,
        *,
        ticket_id: UUID | None = None,
        again: bool = False,
    ) -> None:
        now = self.runtime.clock()
        found = await session.get(Inbound, message_id)
        if found is None:
            raise NotFoundError
        open_now = Inbound.status == STATUS
        if again:
            open_now = or_(
                open_now, and_(Inbound.status == DROPPED, Inbound.verdict == "no_report")
            )
        decided = (
            update(Inbound)
            .where(open_now, _same_message(found))
            .values(
                status=DROPPED if verdict == "no_report" else "pending",
                verdict=verdict,
                verdict_ticket_id=ticket_id,
                decided_by=by if verdict else None,
                decided_at=now if verdict else None,
                attempts=0,
                losses=0,
                held_by=None,
                lease_until=None,
                next_attempt_at=now,
                reopened_at=now,
                updated_at=now,
            )
            .returning(Inbound.id)
            .execution_options(synchronize_session=False)
        )
        rows = list(await session.scalars(decided))
        if message_id not in rows:
            raise await _decided(session, message_id)
        said = {"ticket_id": str(ticket_id)} if ticket_id else {}
        verb = f"message.{verdict or 'read_again'}"
        note_change(session, by, verb, now, subject_id=message_id, copies=len(rows), **said)


def _same_message(one: Inbound) -> ColumnElement[bool]:
    """Return what holds for a row and its copies, which say the same under the same id."""
    key = (one.summary or {}).get("key")
    if not key:
        return Inbound.id == one.id
    copies = and_(
        Inbound.channel == one.channel,
        Inbound.external_id == one.external_id,
        Inbound.summary["key"].astext == str(key),
    )
    return or_(Inbound.id == one.id, copies)


async def _ticket(session: AsyncSession, number: str, reader: Reader | None) -> UUID:
    if reader is not None:
        ticket = await ticket_for(session, reader, number)
        ticket_id = ticket.id if ticket else None
    else:
        query = select(Ticket.id).where(Ticket.ticket_number == number.strip().upper())
        ticket_id = await session.scalar(query)
    if ticket_id is None:
        raise NotFoundError
    return ticket_id


async def _decided(session: AsyncSession, message_id: UUID) -> DecidedError:
    query = (
        select(User.full_name, Inbound.verdict, Inbound.decided_at)
        .select_from(Inbound)
        .outerjoin(User, User.id == Inbound.decided_by)
        .where(Inbound.id == message_id)
    )
    row = (await session.execute(query)).one()
    return DecidedError(row.full_name, row.verdict, row.decided_at)
