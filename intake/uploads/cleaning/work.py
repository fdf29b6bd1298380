"""Cleans one file of an anonymous report after its report was accepted, and seals the original."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary

from core.chats.cleaned_files import CleanCopy, CleanedFiles, FileToClean
from core.ground.clock import system_clock
from core.ground.database import DatabaseAwayError
from core.ground.faults import reach
from core.ground.sealed_files import sealed
from core.ground.storage import FileMissing, Storage, StorageUnavailable
from core.jobs.leasing import Held, Jobs
from core.jobs.retry_schedule import next_attempt
from core.runtime import Runtime
from core.tickets.cleaning import CLEANINGS
from intake.uploads.cleaning.table import REDRAWN, WAYS
from intake.uploads.images import draw
from intake.uploads.kinds import CSV, KINDS, TEXT
from intake.uploads.limits import MEBIBYTE, Limits
from intake.uploads.reasons import Reason
from intake.uploads.types import Verdict

logger = logging.getLogger(__name__)

LATER: Final = timedelta(seconds=5)
"""The wait while database or storage are away, which counts as no attempt."""
SECONDS: Final = 60
"""How long one file may take; after that it stays locked."""
MEMORY: Final = 1024 * MEBIBYTE
"""Address space of the process that cleans."""
PROCESSES: Final = 2
"""Of them at once."""
_PROGRAM: Final = Path(__file__).with_name("program.py")  # never imported: parsers stay outside
_CHUNK: Final = 1 << 18
_HEAD: Final = 32
_WAYS_OF_MIME: Final = {
    kind.mime: WAYS[kind.name] for kind in (*KINDS, TEXT, CSV) if kind.name in WAYS
}


async def clean(runtime: Runtime, row_id: UUID) -> None:
    """Clean and seal one queued file; nothing where it is not ours. Raises DatabaseAwayError."""
    async with Jobs(runtime, CLEANINGS).held(row_id) as held:
        if held is None:
            return
        reach("clean.claimed")
        try:
            await _clean(runtime, held)
        except (DatabaseAwayError, StorageUnavailable) as error:  # ours to mend; the file waits
            at = runtime.clock() + LATER
            await CleanedFiles(runtime).later(held, at, type(error).__name__, counts=False)


async def _clean(runtime: Runtime, held: Held) -> None:
    files, since = CleanedFiles(runtime), system_clock()  # files bear this machine's stamps
    file = await files.find(held)
    if file is None:
        await files.end(held, "done")
        return
    try:
        original, copy = await _made(runtime, held, file)
    except (DatabaseAwayError, StorageUnavailable):
        raise
    except FileMissing:
        twin = await files.twin(file.path)
        if twin is None:
            await _failed(runtime, held, "the file is not in the store")
            return
        original, copy = twin
    except Exception as error:  # noqa: BLE001 - hostile input must never end a worker
        await _failed(runtime, held, type(error).__name__)
        return
    await files.done(held, file, original, copy, since)


async def _failed(runtime: Runtime, held: Held, why: str) -> None:
    at = next_attempt(held.patience, attempts=held.attempts, since=held.since, now=runtime.clock())
    if at is None:
        logger.error("files: one of an anonymous report could not be sealed: %s", why)
        await CleanedFiles(runtime).end(held, "failed")
        return
    await CleanedFiles(runtime).later(held, at, why, counts=True)


async def _made(runtime: Runtime, held: Held, file: FileToClean) -> tuple[str, CleanCopy]:
    """Make the sealed original and the copy; return the key of the first, and the second."""
    if not file.path:
        return "", CleanCopy()
    with TemporaryDirectory(prefix="kiss-cleaning-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "copy"
        chunks = _noted(runtime.storage, file.path, source)
        kept = await runtime.storage.put_stream(sealed(runtime.secret, chunks))
        if not file.is_stored:
            return kept.key, CleanCopy()  # locked when it came, with the reason of then
        return kept.key, await _copied(runtime, held, file, source, target)


async def _copied(
    runtime: Runtime, held: Held, file: FileToClean, source: Path, target: Path
) -> CleanCopy:
    way = _WAYS_OF_MIME.get(file.mime_type)
    if way == REDRAWN:
        return await _drawn(runtime, file, source)
    if way is None:
        return CleanCopy(reason=Reason.NOT_CLEANABLE.value)
    async with _places():
        is_clean = not held.is_poison and await _run(way, source, target)
    if not is_clean:
        return CleanCopy(reason=Reason.NOT_CLEANED.value)
    copy = await runtime.storage.put_stream(_read(target))
    return CleanCopy(path=copy.key, mime_type=file.mime_type, size=copy.size)


async def _drawn(runtime: Runtime, file: FileToClean, source: Path) -> CleanCopy:
    """Hand out what was drawn for display: nothing but pixels is in it."""
    storage, key = runtime.storage, file.display_path
    if not key:  # it was not drawn when it came, for a fault of that day perhaps
        verdict = Verdict(kind="", mime=file.mime_type, extension="")
        key = (await draw(source, verdict, storage, Limits.of(runtime.settings))).key
    if not key:
        return CleanCopy(reason=Reason.NOT_CLEANED.value)
    head = b"".join([chunk async for chunk in storage.read(key, 0, _HEAD)])
    kind = next((kind for kind in KINDS if kind.magic.match(head)), None)
    if kind is None:
        return CleanCopy(reason=Reason.NOT_CLEANED.value)
    return CleanCopy(path=key, mime_type=kind.mime, size=await storage.size(key))


async def _run(way: str, source: Path, target: Path) -> bool:
    """Run the cleaning process; say whether the copy is clean."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", _PROGRAM, way, source, target, str(MEMORY), str(SECONDS + 1)),
        env={},  # no secret of ours in it
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(SECONDS):
            answer, _ = await process.communicate()
    except TimeoutError:
        return False
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode == 0 and answer.decode().strip() == "cleaned"


async def _noted(storage: Storage, key: str, path: Path) -> AsyncIterator[bytes]:
    """Yield a stored file, and leave it at a path of ours."""
    with path.open("wb") as out:
        async for chunk in storage.read(key):
            out.write(chunk)
            yield chunk


async def _read(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


_places_of: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _places() -> asyncio.Semaphore:
    """Return the loop's places for cleaning processes."""
    loop = asyncio.get_running_loop()
    return _places_of.setdefault(loop, asyncio.Semaphore(PROCESSES))
