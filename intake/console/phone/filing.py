"""Files a call: ticket, call, alarm and the end of its draft in one transaction."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.calls.call import Call
from core.calls.draft import CallDraft
from core.ground.database import transaction
from core.hospital.directory import Directory
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.submission import Receipt
from core.triage.alarm import Alarm
from core.triage.emergency import screen
from intake.console.phone.form import CHANNEL, SPOKEN_WAYS, CallForm


async def file_call(runtime: Runtime, directory: Directory, form: CallForm, *, by: UUID) -> Receipt:
    """File a call, once, however often it is sent. What this returns is committed.

    Raises DatabaseAwayError.
    """
    now = runtime.clock()
    submission = form.submission(directory, region=runtime.settings.phone_region, by=by)
    async with transaction(runtime.database) as session:
        receipt = await Desk(runtime).submit_within(session, submission)
        if not receipt.repeated:
            await _note(session, form, receipt, by, now)
    runtime.bell.ring("deliveries", "tickets")
    return receipt


async def _note(
    session: AsyncSession, form: CallForm, receipt: Receipt, by: UUID, now: datetime
) -> None:
    draft = await session.scalar(select(CallDraft).where(CallDraft.id == form.id))
    session.add(
        Call(
            ticket_id=receipt.ticket_id,
            way=form.way,
            taken_by=by,
            begun_at=draft.begun_at if draft is not None else now,
            taken_at=now,
            patient=None if form.is_unnamed else form.patient or None,
            proposed_grade=form.grade or None,
            read_back=bool(form.read_back),
            consent_at=now if form.consent and form.way in SPOKEN_WAYS else None,
            call_window=form.call if form.wants_call else None,
        )
    )
    if draft is not None:
        await session.delete(draft)
    if form.is_urgent:
        await session.execute(_alarm(form, receipt, now))


def _alarm(form: CallForm, receipt: Receipt, now: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN202 - SQLAlchemy's statement
    row = {
        "key": f"{CHANNEL}:{form.id}",
        "channel": CHANNEL,
        "words": form.story,
        "matched": list(screen(form.story).words),
        "ticket_id": receipt.ticket_id,
        "raised_at": now,
    }
    return insert(Alarm).values(**row).on_conflict_do_nothing(index_elements=["key"])
