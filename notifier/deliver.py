"""One delivery, from claim to mark. Nothing is sent inside a database transaction."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from uuid import UUID

from core.ground.database import DatabaseAwayError
from core.ground.errors import DeliveryError, Reason
from core.ground.faults import reach
from core.jobs.retry_schedule import FailureOutcome, after_failure, is_used_up
from core.reading.notice import NoticeFacts, read_facts
from core.runtime import Runtime
from intake.channel import Outgoing, Sender
from intake.notices import is_notice, written
from notifier import confirmation_limit, delivery_rows, undeliverable
from notifier.delivery_rows import Claimed

logger = logging.getLogger(__name__)

SEND_SECONDS = 45.0
"""How long a channel may take; shorter than the actor's limit and the row's lease."""

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
    claimed = await delivery_rows.claim(runtime, delivery_id)
    if claimed is None:
        return
    reach("deliver.claimed")
    try:
        if not await confirmation_limit.may_send(runtime, claimed):
            await delivery_rows.mark_cancelled(runtime, claimed, confirmation_limit.WHY)
            return
        provider_id = await _send(runtime, senders, claimed, limit_seconds)
    except DeliveryError as error:
        await _not_sent(runtime, claimed, error)
        return
    reach("deliver.sent")
    await _insist(lambda: delivery_rows.mark_sent(runtime, claimed, provider_id))
    reach("deliver.marked")


async def _send(runtime: Runtime, senders: Senders, claimed: Claimed, limit_seconds: float) -> str:
    """Render and send; every fault becomes a DeliveryError, but for a database that is away."""
    sender = senders(claimed.channel)
    if sender is None:
        raise DeliveryError(Reason.MISCONFIGURED, "the channel is off")
    if is_used_up(claimed.patience, claimed.attempts - 1, claimed.since, claimed.since):
        raise DeliveryError(Reason.REFUSED, "every attempt took its worker down")
    try:
        outgoing = await _rendered(runtime, claimed)
        async with asyncio.timeout(limit_seconds):
            return await sender.send(outgoing)
    except (DeliveryError, DatabaseAwayError):
        raise
    except TimeoutError:
        raise DeliveryError(Reason.UNCLEAR, "no answer in time") from None
    except Exception as error:
        logger.error("delivery %s: %s", claimed.id, type(error).__name__)  # noqa: TRY400 - a trace may quote words
        raise DeliveryError(Reason.UNREACHABLE, f"fault: {type(error).__name__}") from error


async def _rendered(runtime: Runtime, claimed: Claimed) -> Outgoing:
    """Read what there is to tell, and write it. Raises DatabaseAwayError."""
    told: NoticeFacts | None = None
    if claimed.ticket_id is not None and claimed.event_id is not None:
        told = await read_facts(runtime, claimed.ticket_id, claimed.event_id)
    return outgoing_of(claimed, told)


def outgoing_of(claimed: Claimed, told: NoticeFacts | None) -> Outgoing:
    """Return the notice as its channel sends it.

    What has no template to be read (a chat's own replies) goes as it is.
    """
    words = None
    if told is not None and is_notice(claimed.template):
        words = written(claimed.template, claimed.language, told)
    return Outgoing(
        delivery_id=claimed.id,
        recipient=claimed.recipient_ref,
        language=claimed.language,
        template=claimed.template,
        subject=words.subject if words else "",
        text=words.text if words else "",
        html=words.html if words else None,
        ticket_id=claimed.ticket_id,
        ticket_number=told.number if told is not None else None,
        audience=claimed.audience,
        payload=claimed.payload,
        created_at=claimed.since,
        attempt=claimed.attempts,
    )


async def _not_sent(runtime: Runtime, claimed: Claimed, error: DeliveryError) -> None:
    now = runtime.clock()
    outcome = after_failure(
        error, patience=claimed.patience, attempts=claimed.attempts, since=claimed.since, now=now
    )
    logger.info("delivery %s: %s, %s", claimed.id, outcome.status, error.reason)
    await _insist(lambda: _write_down(runtime, claimed, error, outcome))


async def _write_down(
    runtime: Runtime, claimed: Claimed, error: DeliveryError, outcome: FailureOutcome
) -> None:
    if outcome.status != "pending":
        await undeliverable.give_up(runtime, claimed, error, outcome)
        return
    await delivery_rows.mark_later(runtime, claimed, outcome.next_attempt_at, outcome.error)
    if error.reason is Reason.MOVED and error.new_address:
        await undeliverable.follow(
            runtime, claimed.channel, claimed.recipient_ref, error.new_address
        )


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
