"""One delivery, from claim to mark. Nothing is sent inside a database transaction."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from core.deliveries import confirmation_limit
from core.deliveries.held_notice import HeldNotice
from core.deliveries.moved import Moved
from core.deliveries.undelivered import Undelivered
from core.ground.concealed import address_plain
from core.ground.database import DatabaseAwayError
from core.ground.errors import DeliveryError, Reason
from core.ground.faults import reach
from core.jobs.leasing import Jobs, Settled
from core.jobs.retry_schedule import FailureOutcome, after_failure
from core.notices.delivery import DELIVERIES
from core.reading.desk_notice import DeskFacts, desk_facts
from core.reading.notice import NoticeFacts, read_facts
from core.reading.state_notice import StateFacts, state_facts
from core.runtime import Runtime
from intake.channel import Outgoing, Sender
from intake.notices import is_notice, written, written_alarm, written_state

logger = logging.getLogger(__name__)

SEND_SECONDS = 45.0
"""How long a channel may take; shorter than the actor's limit."""

LATER = timedelta(seconds=5)
"""The wait while the database is away from what a notice is made of."""
MARK_TRIES = 5
MARK_WAIT = 2.0
"""What was sent is marked even if the database blinks: a lost mark is a second message."""

Senders = Callable[[str], Sender | None]


async def deliver(
    runtime: Runtime, senders: Senders, delivery_id: UUID, *, limit_seconds: float = SEND_SECONDS
) -> None:
    """Send one queued delivery and write down what became of it; nothing where it is not ours.

    Raises DatabaseAwayError, upon which the row's lease brings the delivery back.
    """
    async with Jobs(runtime, DELIVERIES).held(delivery_id) as held:
        if held is None:
            return
        reach("deliver.claimed")
        try:
            await _hand_over(runtime, senders, HeldNotice.of(held), limit_seconds)
        except DatabaseAwayError as error:  # ours to mend; no attempt, and no worker lost
            at = runtime.clock() + LATER
            again = Settled(
                status="pending", next_attempt_at=at, error=type(error).__name__, counts=False
            )
            await Jobs(runtime, DELIVERIES).settle(held, again)


async def _hand_over(
    runtime: Runtime, senders: Senders, notice: HeldNotice, limit_seconds: float
) -> None:
    try:
        recipient = _recipient(runtime, notice)
        if not await confirmation_limit.may_send(runtime, notice):
            called_off = Settled(status="cancelled", error=confirmation_limit.WHY)
            await Jobs(runtime, DELIVERIES).settle(notice.held, called_off)
            return
        provider_id = await _send(runtime, senders, notice, recipient, limit_seconds)
    except DeliveryError as error:
        await _not_sent(runtime, notice, error)
        return
    reach("deliver.sent")
    await _insist(lambda: _mark_sent(runtime, notice, provider_id))
    reach("deliver.marked")


async def _mark_sent(runtime: Runtime, notice: HeldNotice, provider_id: str) -> None:
    results = {"provider_id": provider_id, "sent_at": runtime.clock()}
    sent = Settled(status="sent", error=None, results=results)
    await Jobs(runtime, DELIVERIES).settle(notice.held, sent)


def _recipient(runtime: Runtime, notice: HeldNotice) -> str:
    """Return the address itself, of a person without a name too: here and nowhere before."""
    try:
        return address_plain(runtime.secret, notice.recipient_ref)
    except ValueError:
        raise DeliveryError(Reason.MISCONFIGURED, "hidden under another secret") from None


async def _send(
    runtime: Runtime, senders: Senders, notice: HeldNotice, recipient: str, limit_seconds: float
) -> str:
    """Render and send; every fault becomes a DeliveryError, but for a database that is away."""
    sender = senders(notice.channel)
    if sender is None:
        raise DeliveryError(Reason.MISCONFIGURED, "the channel is off")
    if notice.held.is_poison:
        raise DeliveryError(Reason.REFUSED, "no worker that sent it came back")
    try:
        outgoing = replace(await _rendered(runtime, notice), recipient=recipient)
        async with asyncio.timeout(limit_seconds):
            return await sender.send(outgoing)
    except (DeliveryError, DatabaseAwayError):
        raise
    except TimeoutError:
        raise DeliveryError(Reason.UNCLEAR, "no answer in time") from None
    except Exception as error:
        logger.error("delivery %s: %s", notice.held.id, type(error).__name__)  # noqa: TRY400 - a trace may quote words
        raise DeliveryError(Reason.UNREACHABLE, f"fault: {type(error).__name__}") from error


async def _rendered(runtime: Runtime, notice: HeldNotice) -> Outgoing:
    """Read what there is to tell, and write it. Raises DatabaseAwayError."""
    told: NoticeFacts | DeskFacts | StateFacts | None
    if notice.ticket_id is not None and notice.event_id is not None:
        told = await read_facts(runtime, notice.ticket_id, notice.event_id)
    else:
        asked = (runtime, notice.template, notice.payload)
        told = await state_facts(*asked) or await desk_facts(*asked)
    return outgoing_of(notice, told)


def outgoing_of(notice: HeldNotice, told: NoticeFacts | DeskFacts | StateFacts | None) -> Outgoing:
    """Return the notice as its channel sends it.

    What has no template to be read (a chat's own replies) goes as it is.
    """
    words, number = None, None
    if isinstance(told, DeskFacts):
        words = written_alarm(notice.language, told)
    elif isinstance(told, StateFacts):
        words = written_state(notice.language, told)
    elif told is not None:
        number = told.number
        if is_notice(notice.template):
            words = written(notice.template, notice.language, told)
    return Outgoing(
        delivery_id=notice.held.id,
        recipient=notice.recipient_ref,
        language=notice.language,
        template=notice.template,
        subject=words.subject if words else "",
        text=words.text if words else "",
        html=words.html if words else None,
        ticket_id=notice.ticket_id,
        ticket_number=number,
        audience=notice.audience,
        payload=notice.payload,
        created_at=notice.happened_at,
        attempt=notice.held.attempts,
    )


async def _not_sent(runtime: Runtime, notice: HeldNotice, error: DeliveryError) -> None:
    now = runtime.clock()
    outcome = after_failure(
        error,
        patience=notice.held.patience,
        attempts=notice.held.attempts,
        since=notice.held.since,
        now=now,
    )
    logger.info("delivery %s: %s, %s", notice.held.id, outcome.status, error.reason)
    await _insist(lambda: _write_down(runtime, notice, error, outcome))


async def _write_down(
    runtime: Runtime, notice: HeldNotice, error: DeliveryError, outcome: FailureOutcome
) -> None:
    if outcome.status != "pending":
        await Undelivered(runtime).given_up(notice, error, outcome)
        return
    again = Settled(status="pending", next_attempt_at=outcome.next_attempt_at, error=outcome.error)
    await Jobs(runtime, DELIVERIES).settle(notice.held, again)
    if error.reason is Reason.MOVED and error.new_address:
        await Moved(runtime).follow(notice.channel, notice.recipient_ref, error.new_address)


async def _insist(write: Callable[[], Awaitable[None]], *, wait_seconds: float = MARK_WAIT) -> None:
    """Write, again and again while the database is away; DatabaseAwayError after MARK_TRIES."""
    for _ in range(MARK_TRIES - 1):
        try:
            await write()
        except DatabaseAwayError:
            await asyncio.sleep(wait_seconds)
        else:
            return
    await write()
