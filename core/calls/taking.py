"""Taking a call down: ticket, call, alarm and the end of its draft in one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.calls.call import Call
from core.calls.draft import NO_PAGES, Pages, end_drafts
from core.calls.filed import MARK, FiledOtherwiseError, FiledPage, filed_of
from core.calls.ringing import forget_rings
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.ground.phone_number import read
from core.ground.text import clean
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.follow_up import Followed, FollowUp
from core.tickets.known_codes import covered_texts
from core.tickets.message import Message
from core.tickets.submission import Receipt, Submission, key_of
from core.triage.alarm import Alarm
from core.triage.emergency import screen


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenCall:
    """What only the telephone desk knows of a report. `draft_id` is what was kept of it so far."""

    draft_id: UUID
    mark: str
    """What the form says, as `mark_of` has it."""
    pages: Pages = NO_PAGES
    way: str
    patient: str | None = None
    proposed_grade: str | None = None
    read_back: bool = False
    consents: bool = False
    call_window: str | None = None
    unnamed_number: str = ""
    """What was typed of the number of a caller who stays unknown: that it rang is forgotten."""
    danger: str | None = None
    """The words that somebody may be in danger by; they sound the alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDown:
    """What became of a call that was sent."""

    draft_id: UUID
    """Under which it is filed."""
    number: str
    receipt: Receipt | None = None
    """None where it was filed, or added, before."""


@dataclass(frozen=True, slots=True)
class Taking:
    """The verbs. Each raises DatabaseAwayError."""

    runtime: Runtime

    async def file(
        self, submission: Submission, call: TakenCall, *, by: UUID, apart: bool = False
    ) -> TakenDown:
        """File a call, once, however often it is sent. What this returns is committed.

        A page whose call is filed and that says something else now raises FiledOtherwiseError,
        unless whoever sends it says that it is another call (`apart`).
        """
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            await _one_by_one(session, call.draft_id)
            filed = await filed_of(session, call.draft_id, call.mark)
            if filed.first is not None:
                told = await _told_before(session, submission, call, filed, by)
                if told is not None:
                    return told
                if not apart:
                    raise FiledOtherwiseError(filed.first)
            told_now = replace(
                submission,
                key=str(filed.place),
                facts={**submission.facts, MARK: call.mark},
            )
            receipt = await Desk(self.runtime).submit_within(session, told_now)
            await _note(session, call, filed.place, receipt.ticket_id, by, now)
            await _alarm(session, told_now, call, receipt.ticket_id, now)
            if number := read(call.unnamed_number, self.runtime.settings.phone_region):
                await forget_rings(session, number)
        self.runtime.bell.ring("deliveries", "tickets")
        return TakenDown(draft_id=filed.place, number=receipt.number, receipt=receipt)

    async def add(
        self, submission: Submission, call: TakenCall, *, by: UUID, otherwise: str
    ) -> Followed:
        """Add what a page says now to the call that was filed from it; once.

        `otherwise` is said where the words are those that are filed already. Raises NotFoundError
        where nothing was filed, FiledOtherwiseError where somebody else filed it.
        """
        async with transaction(self.runtime.database) as session:
            await _one_by_one(session, call.draft_id)
            filed = await filed_of(session, call.draft_id, call.mark)
            if filed.first is None:
                raise NotFoundError
            if filed.first.by != by:
                raise FiledOtherwiseError(filed.first)
            is_said = clean(submission.words).strip() == filed.first.words
            more = FollowUp(
                channel=submission.channel,
                key=_further_key(call),
                words=otherwise if is_said else submission.words,
                remarks=submission.remarks,
                facts={"entered_by": str(by)},
            )
            followed = await Desk(self.runtime).follow_up_within(
                session, filed.first.ticket_id, more
            )
            await end_drafts(session, frozenset({call.draft_id, filed.place}), by, call.pages)
            again = replace(submission, key=_further_key(call))
            await _alarm(session, again, call, followed.ticket_id, self.runtime.clock())
        self.runtime.bell.ring("deliveries", "tickets", str(followed.ticket_id))
        return followed


async def _one_by_one(session: AsyncSession, draft_id: UUID) -> None:
    """Let one sending of a page wait for the other: the second one sees what the first filed."""
    number = int.from_bytes(draft_id.bytes[:8], signed=True)
    await session.execute(select(func.pg_advisory_xact_lock(number)))


async def _told_before(
    session: AsyncSession, submission: Submission, call: TakenCall, filed: FiledPage, by: UUID
) -> TakenDown | None:
    """Return what was filed of exactly this before, by the same agent; None where nothing was."""
    if filed.same is not None:
        if filed.same.by != by:
            raise FiledOtherwiseError(filed.same)
        return TakenDown(draft_id=filed.place, number=filed.same.number)
    key = key_of(submission.channel, _further_key(call))
    added = await session.scalar(select(Message.id).where(Message.idempotency_key == key))
    if added is None or filed.first is None or filed.first.by != by:
        return None
    return TakenDown(draft_id=call.draft_id, number=filed.first.number)


def _further_key(call: TakenCall) -> str:
    """Return the key of what is added from a page whose call is filed: for equal content one."""
    return f"{call.draft_id}.{call.mark}"


async def _note(  # noqa: PLR0917 - a row
    session: AsyncSession,
    call: TakenCall,
    place: UUID,
    ticket_id: UUID,
    by: UUID,
    now: datetime,
) -> None:
    begun = await end_drafts(session, frozenset({call.draft_id, place}), by, call.pages)
    session.add(
        Call(
            ticket_id=ticket_id,
            way=call.way,
            taken_by=by,
            begun_at=begun or now,
            taken_at=now,
            patient=call.patient,
            proposed_grade=call.proposed_grade,
            read_back=call.read_back,
            consent_at=now if call.consents else None,
            call_window=call.call_window,
        )
    )


async def _alarm(
    session: AsyncSession, submission: Submission, call: TakenCall, ticket_id: UUID, now: datetime
) -> None:
    if call.danger is None:
        return
    [words] = await covered_texts(session, [call.danger])
    row = {
        "key": key_of(submission.channel, submission.key),
        "channel": submission.channel,
        "words": words,
        "matched": list(screen(call.danger).words),
        "ticket_id": ticket_id,
        "raised_at": now,
    }
    await session.execute(
        insert(Alarm).values(**row).on_conflict_do_nothing(index_elements=["key"])
    )
