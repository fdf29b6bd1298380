"""Jobs that recur, each in one process at a time: whoever moves the row's due time runs it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from core.calls.calling import Calling
from core.chats.cleaned_files import CleanedFiles
from core.ground.database import borrowed
from core.review.alarm import DeskAlarm
from core.runtime import Runtime
from core.tickets.concealing import Concealing
from notifier import retention

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""How often each process looks for due jobs."""
OLDER_FILES = 200
"""Files of before there was cleaning that one run has cleaned."""
SOON = timedelta(seconds=30)
"""When a job that did not get through with all of it runs again, if not before."""


@dataclass(frozen=True, slots=True)
class Job:
    """One recurring job. It may be ended at any point and run again: it must not mind."""

    name: str
    every: timedelta
    run: Callable[[Runtime], Awaitable[object]]
    """What it does; MORE where it left some of it for the next run."""


async def free_callbacks(runtime: Runtime) -> None:
    """Give back call-backs that an agent took in hand and left."""
    await Calling(runtime).free_lapsed()


async def alarm_the_desk(runtime: Runtime) -> None:
    """Tell those who decide about what was set aside that somebody waits too long."""
    await DeskAlarm(runtime).send_if_due()


async def clean_older_files(runtime: Runtime) -> object:
    """Have files of anonymous reports cleaned that are older than cleaning itself."""
    found = await CleanedFiles(runtime).expect_older(OLDER_FILES)
    return retention.MORE if found == OLDER_FILES else None


async def conceal(runtime: Runtime) -> retention.Run:
    """Hide who reported without a name, where an older version kept it plainly."""
    is_more = await Concealing(runtime).older()
    return retention.MORE if is_more else retention.Run.ALL


JOBS: tuple[Job, ...] = (
    #   name                     every                   what is done
    Job("free call-backs", timedelta(seconds=15), free_callbacks),
    Job("alarm the review desk", timedelta(minutes=1), alarm_the_desk),
    Job("clean older files", timedelta(minutes=10), clean_older_files),
    Job("conceal the unnamed", timedelta(hours=1), conceal),
    Job("forget rate limits", timedelta(hours=1), retention.forget_rate_limits),
    Job("forget chat replies", timedelta(hours=1), retention.forget_chat_replies),
    Job("forget chats", timedelta(hours=6), retention.forget_chats),
    Job("forget raw messages", timedelta(hours=6), retention.forget_raw_messages),
    Job("forget calls that rang", timedelta(minutes=10), retention.forget_rings),
    Job("forget sign-ins", timedelta(hours=12), retention.forget_sign_ins),
    Job("forget refusals", timedelta(hours=12), retention.forget_refusals),
    Job("remove orphaned files", timedelta(hours=1), retention.remove_orphaned_files),
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


_SOONER = "UPDATE periodic_jobs SET next_run = least(next_run, $2) WHERE name = $1"


async def write_jobs(runtime: Runtime, jobs: Collection[Job] = JOBS) -> None:
    """Let the table know every job; a new one is due at once."""
    now = runtime.clock()
    async with borrowed(runtime.database) as connection:
        await connection.executemany(_WRITE, [(job.name, job.every, now) for job in jobs])


async def schedule(runtime: Runtime, jobs: Collection[Job] = JOBS) -> None:
    """Run due jobs until cancelled or a fault, each beside the others, so that none waits long."""
    await write_jobs(runtime, jobs)
    running: dict[str, asyncio.Task[None]] = {}
    try:
        while True:
            idle = [job for job in jobs if job.name not in running or running[job.name].done()]
            for job in await take_due(runtime, idle):
                running[job.name] = asyncio.create_task(run(runtime, job), name=job.name)
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        for task in running.values():
            task.cancel()
        await asyncio.gather(*running.values(), return_exceptions=True)


async def take_due(runtime: Runtime, jobs: Collection[Job]) -> list[Job]:
    """Take the slots that are due now, so that no other process takes the same."""
    by_name = {job.name: job for job in jobs}
    async with borrowed(runtime.database) as connection:
        rows = await connection.fetch(_TAKE, runtime.clock(), list(by_name))
    return [by_name[row["name"]] for row in rows]


async def run(runtime: Runtime, job: Job) -> None:
    """Run a job whose slot was taken; a fault is not the others', and the next slot tries again."""
    try:
        if await job.run(runtime) is retention.MORE:
            await _run_soon(runtime, job.name)
    except Exception as error:  # noqa: BLE001 - the job's edge
        logger.warning("job %s: %s", job.name, type(error).__name__)


async def _run_soon(runtime: Runtime, name: str) -> None:
    async with borrowed(runtime.database) as connection:
        await connection.execute(_SOONER, name, runtime.clock() + SOON)
