"""One attempt at reading a raw message: held, handed to its channel, and its outcome written."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from core.ground.concealed import message_plain, word_plain
from core.ground.database import DatabaseAwayError
from core.ground.faults import reach
from core.ground.storage import FileMissing, StorageUnavailable
from core.jobs.inbound import INBOUND, set_aside
from core.jobs.leasing import Held, Jobs, Settled, json_of
from core.jobs.retry_schedule import next_attempt
from core.jobs.set_aside import FAULT, POISON, Summary, reason_of
from core.runtime import Runtime
from core.tickets.concealing import Concealing
from core.tickets.desk import Desk
from intake.channel import NotYetError, Processed, Raw, Receiver, Verdict

logger = logging.getLogger(__name__)

READING_TRIES = 3
"""Readings that may fail before the channel gives up on it."""
LATER = timedelta(seconds=5)
"""The wait while database or storage are away, or another message is read first: no attempt."""
CHANNEL_OFF = timedelta(minutes=5)
SET_ASIDE = "quarantined"
SCREENED_BYTES = 32 * 1024
"""Bytes that are screened for danger of what could not be read."""

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
        is_ours = await jobs.settle(held, settled)
    if is_ours and settled.results.get("ticket_id") is not None:
        await _concealed(runtime, inbound_id)


async def _concealed(runtime: Runtime, inbound_id: UUID) -> None:
    """Hide who wrote it, where its ticket names nobody; what fails is left to the hourly job."""
    try:
        await Concealing(runtime).message(inbound_id)
    except (DatabaseAwayError, StorageUnavailable, FileMissing) as error:
        logger.warning("inbound %s is not hidden yet: %s", inbound_id, type(error).__name__)


async def _understood(runtime: Runtime, receivers: Receivers, held: Held) -> Settled:
    receiver = receivers(held.row["channel"])
    if receiver is None:
        return _later(runtime, CHANNEL_OFF, "the channel is off")
    if held.is_poison:
        logger.error("inbound %s took %d workers down", held.id, held.losses)
        return await _set_aside(runtime, held, POISON, "no worker that read it came back")
    gives_up = held.attempts > READING_TRIES or (held.row["reason"] == POISON and _decided(held))
    try:
        raw = await _raw(runtime, held)
        done = await (receiver.give_up if gives_up else receiver.process)(raw, Desk(runtime))
    except (DatabaseAwayError, StorageUnavailable, NotYetError) as error:
        return _later(runtime, LATER, type(error).__name__)
    except Exception as error:  # noqa: BLE001 - hostile input must never end a worker
        logger.warning(
            "inbound %s: attempt %d failed: %s", held.id, held.attempts, type(error).__name__
        )
        return await _after(runtime, held, type(error).__name__)
    return _settled(done)


def _settled(done: Processed) -> Settled:
    results: dict[str, object] = {"ticket_id": done.ticket_id, "message_id": done.message_id}
    if done.status == SET_ASIDE:
        told = set_aside(done.reason or reason_of(None, done.note), "", done.summary or Summary())
        results |= {name: told[name] for name in ("reason", "is_danger")}
        results["summary"] = json.dumps(told["summary"])
    return Settled(status=done.status, error=done.note, results=results)


def _later(runtime: Runtime, wait: timedelta, why: str) -> Settled:
    return Settled(
        status="pending", next_attempt_at=runtime.clock() + wait, error=why, counts=False
    )


async def _after(runtime: Runtime, held: Held, error: str) -> Settled:
    at = next_attempt(held.patience, attempts=held.attempts, since=held.since, now=runtime.clock())
    if at is None:
        return await _set_aside(runtime, held, FAULT, error)
    return Settled(status="pending", next_attempt_at=at, error=error)


async def _set_aside(runtime: Runtime, held: Held, reason: str, error: str) -> Settled:
    """Let it wait for a person, told by its envelope and by what its bytes look like as text."""
    try:
        content = await _content(runtime, held)
    except StorageUnavailable:
        content = b""
    envelope = json_of(held.row["envelope"])
    summary = Summary.of(
        who=str(envelope.get("sender") or ""), subject="", words=_looks_like(content)
    )
    told = replace(summary, words="")  # what could not be read is no sentence to show
    return _settled(Processed(status=SET_ASIDE, note=error, reason=reason, summary=told))


def _looks_like(content: bytes) -> str:
    """Return the beginning of what follows the headers, or of it all, as text."""
    _, _, body = content.partition(b"\r\n\r\n")
    return (body or content)[:SCREENED_BYTES].decode("utf-8", "replace")


def _decided(held: Held) -> bool:
    return held.row["verdict"] is not None


async def _content(runtime: Runtime, held: Held) -> bytes:
    content = cast("bytes | None", held.row["raw"])
    if content is None:
        parts = [chunk async for chunk in runtime.storage.read(str(held.row["raw_path"]))]
        content = b"".join(parts)
    return content


async def _raw(runtime: Runtime, held: Held) -> Raw:
    content, row = await _content(runtime, held), held.row
    envelope = json_of(row["envelope"])
    opened = message_plain(runtime.secret, content)
    if opened is not None:  # set aside, and hidden since
        envelope, content = opened
    received_at, verdict = cast("datetime", row["received_at"]), None
    if _decided(held):
        verdict = Verdict(
            kind=row["verdict"],
            ticket_id=row["verdict_ticket_id"],
            decided_at=row["decided_at"],
            by=row["decided_by"],
            arrived_at=received_at,
        )
        received_at = verdict.decided_at
    return Raw(
        id=held.id,
        channel=held.row["channel"],
        external_id=word_plain(runtime.secret, held.row["external_id"]),
        envelope=envelope,
        content=content,
        received_at=received_at,
        attempts=held.attempts,
        verdict=verdict,
    )
