"""A worker's turn, taken by hand, and a look at all that lies in storage and in the tables."""

from collections.abc import AsyncIterator
from pathlib import Path

from sqlalchemy import text

from core.ground.database import transaction
from core.jobs.leasing import Jobs
from core.runtime import Runtime
from core.schema import metadata
from core.tickets.cleaning import CLEANINGS
from core.tickets.submission import StoredFile
from intake.uploads.arrival import keep
from intake.uploads.cleaning.work import clean
from intake.uploads.limits import DEFAULT_LIMITS


async def clean_all(runtime: Runtime) -> int:
    """Do what waits to be cleaned; return how many files."""
    rows = await Jobs(runtime, CLEANINGS).hand_out(100)
    for row_id in rows:
        await clean(runtime, row_id)
    return len(rows)


async def stored(runtime: Runtime, name: str, content: bytes) -> StoredFile:
    """Take a file in as every channel does."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return (await keep(chunks(), runtime.storage, name=name, limits=DEFAULT_LIMITS)).stored


def in_storage(runtime: Runtime) -> dict[str, bytes]:
    """Return every file of the store and of the spool."""
    data = Path(runtime.settings.data)
    return {str(path): path.read_bytes() for path in data.rglob("*") if path.is_file()}


async def in_tables(runtime: Runtime, *but: str) -> str:
    """Return every row of every table."""
    found = []
    async with transaction(runtime.database) as session:
        for table in metadata().sorted_tables:
            if table.fullname not in but:
                rows = await session.execute(text(f"SELECT t::text FROM {table.fullname} t"))
                found += [f"{table.fullname}: {row}" for row in rows.scalars()]
    return "\n".join(found)
