"""Taking a call down: ticket, call, alarm and the end of its draft in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.calls.call import Call
from core.calls.draft import CallDraft
from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.submission import Receipt, Submission, key_of
from core.triage.alarm import Alarm
from core.triage.emergency import screen


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenCall:
    """What only the telephone desk knows of a report. `draft_id` is what was kept of it so far."""

    draft_id: UUID
    way: str
    patient: str | None = None
    proposed_grade: str | None = None
    read_back: bool = False
    consents: bool = False
    call_window: str | None = None
    danger: str | None = None
    """The words that somebody may be in danger by; they sound the alarm."""


@dataclass(frozen=True, slots=True)
class Taking:
    """The verb. Raises DatabaseAwayError."""

    runtime: Runtime

    async def file(self, submission: Submission, call: TakenCall, *, by: UUID) -> Receipt:
        """File a call, once, however often it is sent. What this returns is committed."""
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            receipt = await Desk(self.runtime).submit_within(session, submission)
            if not receipt.repeated:
                await _note(session, call, receipt.ticket_id, by, now)
                await _alarm(session, submission, call, receipt.ticket_id, now)
        self.runtime.bell.ring("deliveries", "tickets")
        return receipt


async def _note(
    session: AsyncSession, call: TakenCall, ticket_id: UUID, by: UUID, now: datetime
) -> None:
    draft = await session.scalar(select(CallDraft).where(CallDraft.id == call.draft_id))
    session.add(
        Call(
            ticket_id=ticket_id,
            way=call.way,
            taken_by=by,
            begun_at=draft.begun_at if draft is not None else now,
            taken_at=now,
            patient=call.patient,
            proposed_grade=call.proposed_grade,
            read_back=call.read_back,
            consent_at=now if call.consents else None,
            call_window=call.call_window,
        )
    )
    if draft is not None:
        await session.delete(draft)


async def _alarm(
    session: AsyncSession, submission: Submission, call: TakenCall, ticket_id: UUID, now: datetime
) -> None:
    if call.danger is None:
        return
    row = {
        "key": key_of(submission.channel, submission.key),
        "channel": submission.channel,
        "words": call.danger,
        "matched": list(screen(call.danger).words),
        "ticket_id": ticket_id,
        "raised_at": now,
    }
    await session.execute(
        insert(Alarm).values(**row).on_conflict_do_nothing(index_elements=["key"])
    )
