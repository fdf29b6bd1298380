"""Databases of builds before the first release: whose they are, and their new name."""

from collections.abc import Collection
from itertools import count

import asyncpg

from core.ground.database import plain_url
from migrations.upgrade import FORMER_REVISION

_REVISION = "SELECT min(version_num) FROM alembic_version"
_HOSPITAL = "SELECT name, phone, email FROM hospital"
_UNITS = "SELECT array_agg(code) FROM units"


class InUseError(Exception):
    """Another process is connected to the database."""


async def former_revision(
    url: str, hospital: tuple[str, str, str], units: Collection[str]
) -> str | None:
    """Return the revision of such a build's database that is this hospital's alone, else None.

    It is that while the hospital has this name, telephone and address, and no unit but these.
    """
    connection = await asyncpg.connect(plain_url(url))
    try:
        revision = await connection.fetchval(_REVISION)
        if revision is None or not FORMER_REVISION.fullmatch(revision):
            return None
        hospitals = [tuple(row) for row in await connection.fetch(_HOSPITAL)]
        here = set(await connection.fetchval(_UNITS) or ())
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()
    return str(revision) if hospitals == [hospital] and here <= set(units) else None


async def rename(maintenance_url: str, database: str, revision: str) -> str:
    """Give a database a name that says its revision, and return it. Raises InUseError."""
    connection = await asyncpg.connect(plain_url(maintenance_url))
    try:
        taken = {row[0] for row in await connection.fetch("SELECT datname FROM pg_database")}
        names = (f"{database}_{revision}_{number}" for number in count(1))
        free = next(name for name in names if name not in taken)
        await connection.execute(f'ALTER DATABASE "{database}" RENAME TO "{free}"')
    except asyncpg.ObjectInUseError as error:
        raise InUseError from error
    finally:
        await connection.close()
    return free
