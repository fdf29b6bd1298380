"""One attempt at reading a raw message: claimed, handed to its channel, and its outcome written.

`attempts` rises with every claim and fences the mark: whoever comes back late changes nothing.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from core.ground.database import DatabaseAwayError, borrowed
from core.ground.faults import reach
from core.ground.storage import StorageUnavailable
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channel import Raw, Receiver

logger = logging.getLogger(__name__)

READ_LEASE = timedelta(seconds=150)
"""How long a worker may hold a message: the actor's time limit and a margin."""
WAITS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))
"""The wait after each failed reading; after the last one the channel gives up on it."""
READING_TRIES = 3
GIVING_UP_TRIES = 3
"""How often `give_up` may fail before the raw message waits for an operator."""
LATER = timedelta(seconds=5)
"""The wait while database or storage are away, which counts as no attempt."""
CHANNEL_OFF = timedelta(minutes=5)

Receivers = Callable[[str], Receiver | None]

_CLAIM = """
UPDATE inbound SET status = 'processing', attempts = attempts + 1, lease_until = $3,
                   updated_at = $2
 WHERE id = $1 AND status = 'queued'
RETURNING id, channel, external_id, envelope, raw, raw_path, received_at, attempts
"""

_MARK = """
UPDATE inbound m
   SET status = $3, next_attempt_at = $4, error = $5, lease_until = NULL, updated_at = $6,
       ticket_id = coalesce($7, ticket_id), message_id = coalesce($8, message_id),
       attempts = attempts - CASE WHEN $9 THEN 0 ELSE 1 END
 WHERE id = $1 AND attempts = $2 AND status IN ('pending', 'queued', 'processing')
RETURNING EXISTS (SELECT FROM inbound f WHERE f.channel = m.channel AND f.lane = m.lane
                                          AND f.status = 'pending' AND f.id <> m.id) AS has_more
"""  # pending, queued: our lease ran out, but nobody else claimed it yet


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """What is written on the row after one attempt."""

    status: str
    wait: timedelta = timedelta()
    error: str | None = None
    ticket_id: UUID | None = None
    message_id: UUID | None = None
    counts: bool = True


async def process(runtime: Runtime, receivers: Receivers, inbound_id: UUID) -> None:
    """Let the channel understand one queued message; write down what became of it.

    Raises DatabaseAwayError when even that cannot be written; the lease brings it back.
    """
    now = runtime.clock()
    async with borrowed(runtime.database) as connection:
        row = await connection.fetchrow(_CLAIM, inbound_id, now, now + READ_LEASE)
    if row is None:
        return  # somebody else has it: a broker may repeat itself
    reach("inbound.claimed")
    mark = await _understand(runtime, receivers, row)
    reach("inbound.processed")
    now = runtime.clock()
    async with borrowed(runtime.database) as connection:
        has_more = await connection.fetchval(
            _MARK,
            inbound_id,
            row["attempts"],
            mark.status,
            now + mark.wait,
            mark.error,
            now,
            mark.ticket_id,
            mark.message_id,
            mark.counts,
        )
    if has_more:
        runtime.bell.ring("inbound")


async def _understand(runtime: Runtime, receivers: Receivers, row: Mapping[str, object]) -> _Mark:
    receiver = receivers(str(row["channel"]))
    attempts = cast("int", row["attempts"])
    if receiver is None:
        return _Mark(status="pending", wait=CHANNEL_OFF, error="the channel is off", counts=False)
    verb = receiver.process if attempts <= READING_TRIES else receiver.give_up
    try:
        done = await verb(await _raw(runtime, row), Desk(runtime))
    except (DatabaseAwayError, StorageUnavailable) as error:
        return _Mark(status="pending", wait=LATER, error=type(error).__name__, counts=False)
    except Exception as error:  # noqa: BLE001 - hostile input must never end a worker
        logger.warning(
            "inbound %s: attempt %d failed: %s", row["id"], attempts, type(error).__name__
        )
        return _after(attempts, type(error).__name__)
    return _Mark(
        status=done.status,
        error=done.note,
        ticket_id=done.ticket_id,
        message_id=done.message_id,
    )


def _after(attempts: int, error: str) -> _Mark:
    if attempts >= READING_TRIES + GIVING_UP_TRIES:
        return _Mark(status="quarantined", error=error)
    return _Mark(status="pending", wait=WAITS[min(attempts, len(WAITS)) - 1], error=error)


async def _raw(runtime: Runtime, row: Mapping[str, object]) -> Raw:
    content = cast("bytes | None", row["raw"])
    if content is None:
        parts = [chunk async for chunk in runtime.storage.read(str(row["raw_path"]))]
        content = b"".join(parts)
    return Raw(
        id=cast("UUID", row["id"]),
        channel=str(row["channel"]),
        external_id=str(row["external_id"]),
        envelope=json.loads(str(row["envelope"])),
        content=content,
        received_at=cast("datetime", row["received_at"]),
        attempts=cast("int", row["attempts"]),
    )
