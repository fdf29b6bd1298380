"""Jobs that recur, each in one process at a time: whoever moves the row's due time runs it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from core.ground.database import borrowed
from core.runtime import Runtime
from intake import raw_messages
from notifier import delivery_rows, retention

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""How often each process looks for due jobs."""


@dataclass(frozen=True, slots=True)
class Job:
    """One recurring job. It may be ended at any point and run again: it must not mind."""

    name: str
    every: timedelta
    run: Callable[[Runtime], Awaitable[object]]


JOBS: tuple[Job, ...] = (
    #   name                     every                   what is done
    Job("sweep deliveries", timedelta(seconds=15), delivery_rows.sweep),
    Job("sweep inbound", timedelta(seconds=15), raw_messages.sweep),
    Job("forget rate limits", timedelta(hours=1), retention.forget_rate_limits),
    Job("forget chat replies", timedelta(hours=1), retention.forget_chat_replies),
    Job("forget chats", timedelta(hours=6), retention.forget_chats),
    Job("forget raw messages", timedelta(hours=6), retention.forget_raw_messages),
    Job("forget sign-ins", timedelta(hours=12), retention.forget_sign_ins),
    Job("remove orphaned files", timedelta(hours=12), retention.remove_orphaned_files),
)

_WRITE = """
INSERT INTO periodic_jobs AS j (name, every, next_run) VALUES ($1, $2, $3)
    ON CONFLICT (name) DO UPDATE
   SET every = excluded.every,
       next_run = least(j.next_run, $3::timestamptz + excluded.every)
 WHERE j.every <> excluded.every
"""

_TAKE = """
WITH brought_back AS (  -- a clock that was ahead for a moment wrote these
    UPDATE periodic_jobs SET next_run = $1::timestamptz + every
     WHERE next_run > $1::timestamptz + every AND name = ANY($2)
)
UPDATE periodic_jobs j
   SET last_run = $1,
       next_run = j.next_run + j.every
                  * (floor(extract(epoch FROM $1 - j.next_run) / extract(epoch FROM j.every)) + 1)
 WHERE j.name IN (SELECT name FROM periodic_jobs
                   WHERE next_run <= $1 AND name = ANY($2)
                     FOR UPDATE SKIP LOCKED)
RETURNING j.name
"""  # missed slots are skipped in one step


async def write_jobs(runtime: Runtime, jobs: Collection[Job] = JOBS) -> None:
    """Let the table know every job; a new one is due at once."""
    now = runtime.clock()
    async with borrowed(runtime.database) as connection:
        await connection.executemany(_WRITE, [(job.name, job.every, now) for job in jobs])


async def run_due(runtime: Runtime, jobs: Collection[Job] = JOBS) -> list[str]:
    """Run what is due now and return the names; no other process runs the same slot."""
    by_name = {job.name: job for job in jobs}
    async with borrowed(runtime.database) as connection:
        rows = await connection.fetch(_TAKE, runtime.clock(), list(by_name))
    names = [row["name"] for row in rows]
    for name in names:
        try:
            await by_name[name].run(runtime)
        except Exception as error:  # noqa: BLE001 - one job's fault is no other job's; the next slot tries again
            logger.warning("job %s: %s", name, type(error).__name__)
    return names


async def schedule(runtime: Runtime, jobs: Collection[Job] = JOBS) -> None:
    """Run due jobs until cancelled or a fault."""
    await write_jobs(runtime, jobs)
    while True:
        await run_due(runtime, jobs)
        await asyncio.sleep(LOOK_SECONDS)
