"""One attempt at reading a raw message: held, handed to its channel, and its outcome written."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from core.ground.database import DatabaseAwayError
from core.ground.faults import reach
from core.ground.storage import StorageUnavailable
from core.jobs.inbound import INBOUND
from core.jobs.leasing import Held, Jobs, Settled, json_of
from core.jobs.retry_schedule import next_attempt
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channel import Raw, Receiver

logger = logging.getLogger(__name__)

READING_TRIES = 3
"""Readings that may fail before the channel gives up on it."""
LATER = timedelta(seconds=5)
"""The wait while database or storage are away, which counts as no attempt."""
CHANNEL_OFF = timedelta(minutes=5)

Receivers = Callable[[str], Receiver | None]


async def process(runtime: Runtime, receivers: Receivers, inbound_id: UUID) -> None:
    """Let the channel understand one queued message; write down what became of it.

    Raises DatabaseAwayError when even that cannot be written; the lease brings it back.
    """
    jobs = Jobs(runtime, INBOUND)
    async with jobs.held(inbound_id) as held:
        if held is None:
            return
        reach("inbound.claimed")
        settled = await _understood(runtime, receivers, held)
        reach("inbound.processed")
        await jobs.settle(held, settled)


async def _understood(runtime: Runtime, receivers: Receivers, held: Held) -> Settled:
    receiver = receivers(held.row["channel"])
    if receiver is None:
        return _later(runtime, CHANNEL_OFF, "the channel is off")
    if held.is_poison:
        logger.error("inbound %s took %d workers down", held.id, held.losses)
        return Settled(status="quarantined", error="no worker that read it came back")
    verb = receiver.process if held.attempts <= READING_TRIES else receiver.give_up
    try:
        done = await verb(await _raw(runtime, held), Desk(runtime))
    except (DatabaseAwayError, StorageUnavailable) as error:
        return _later(runtime, LATER, type(error).__name__)
    except Exception as error:  # noqa: BLE001 - hostile input must never end a worker
        logger.warning(
            "inbound %s: attempt %d failed: %s", held.id, held.attempts, type(error).__name__
        )
        return _after(runtime, held, type(error).__name__)
    return Settled(
        status=done.status,
        error=done.note,
        results={"ticket_id": done.ticket_id, "message_id": done.message_id},
    )


def _later(runtime: Runtime, wait: timedelta, why: str) -> Settled:
    return Settled(
        status="pending", next_attempt_at=runtime.clock() + wait, error=why, counts=False
    )


def _after(runtime: Runtime, held: Held, error: str) -> Settled:
    at = next_attempt(held.patience, attempts=held.attempts, since=held.since, now=runtime.clock())
    if at is None:
        return Settled(status="quarantined", error=error)
    return Settled(status="pending", next_attempt_at=at, error=error)


async def _raw(runtime: Runtime, held: Held) -> Raw:
    content = cast("bytes | None", held.row["raw"])
    if content is None:
        parts = [chunk async for chunk in runtime.storage.read(str(held.row["raw_path"]))]
        content = b"".join(parts)
    return Raw(
        id=held.id,
        channel=held.row["channel"],
        external_id=held.row["external_id"],
        envelope=json_of(held.row["envelope"]),
        content=content,
        received_at=cast("datetime", held.row["received_at"]),
        attempts=held.attempts,
    )
