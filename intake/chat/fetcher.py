"""Fetches one announced file after its message was accepted, and stores it as any upload is."""

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from core.chats.file import CHAT_FILES
from core.chats.files import ChatFiles
from core.ground.database import DatabaseAwayError
from core.ground.errors import FetchError
from core.ground.faults import reach
from core.ground.storage import StorageUnavailable
from core.jobs.leasing import Held, Jobs
from core.jobs.retry_schedule import next_attempt
from core.runtime import Runtime
from core.tickets.submission import StoredFile
from intake.channel import Fetcher
from intake.chat.limits import upload_limits
from intake.uploads.arrival import Arrival, FileTooLarge
from intake.uploads.reasons import Reason

logger = logging.getLogger(__name__)

LATER = timedelta(seconds=5)
"""The wait while database or storage are away, which counts as no attempt."""
CHANNEL_OFF = timedelta(minutes=5)

Fetchers = Callable[[str], Fetcher | None]


async def fetch(runtime: Runtime, fetchers: Fetchers, file_id: UUID) -> None:
    """Fetch one queued file; nothing where it is not ours. Raises DatabaseAwayError."""
    async with Jobs(runtime, CHAT_FILES).held(file_id) as held:
        if held is None:
            return
        reach("fetch.claimed")
        try:
            await _fetch(runtime, fetchers, held)
        except (DatabaseAwayError, StorageUnavailable) as error:  # ours to mend; the file waits
            await _later(runtime, held, LATER, type(error).__name__)


async def _fetch(runtime: Runtime, fetchers: Fetchers, held: Held) -> None:
    files, fetcher = ChatFiles(runtime), fetchers(held.row["channel"])
    if fetcher is None:
        await _later(runtime, held, CHANNEL_OFF, "the channel is off")
        return
    if held.is_poison:
        logger.error("chat: file %s took %d workers down", held.id, held.losses)
        await files.lost(held, Reason.NOT_FETCHED.value)
        return
    try:
        kept = await _kept(runtime, held, await fetcher.fetch(held.row["ref"]))
    except FetchError as error:
        await _failed(runtime, held, error.reason, gone=error.gone)
    except FileTooLarge:
        await files.lost(held, Reason.FILE_TOO_LARGE.value)
    except (DatabaseAwayError, StorageUnavailable):
        raise
    except Exception as error:  # noqa: BLE001 - hostile input must never end a worker
        await _failed(runtime, held, type(error).__name__, gone=False)
    else:
        await files.arrived(held, kept)


async def _kept(runtime: Runtime, held: Held, content: bytes) -> StoredFile:
    limits = upload_limits(runtime.settings)
    async with Arrival(runtime.storage, name=held.row["name"], limits=limits) as arrival:
        await arrival.write(content)
        return (await arrival.complete()).stored


async def _failed(runtime: Runtime, held: Held, why: str, *, gone: bool) -> None:
    at = next_attempt(held.patience, attempts=held.attempts, since=held.since, now=runtime.clock())
    if gone or at is None:
        logger.warning("chat: file %s could not be fetched: %s", held.id, why)
        await ChatFiles(runtime).lost(held, Reason.NOT_FETCHED.value)
        return
    await ChatFiles(runtime).later(held, at, why, counts=True)


async def _later(runtime: Runtime, held: Held, wait: timedelta, why: str) -> None:
    await ChatFiles(runtime).later(held, runtime.clock() + wait, why, counts=False)
