"""The demo's database of a build before the first release is set aside, and made anew."""

from itertools import count

import asyncpg

from core.ground.database import plain_url
from intake import embedded
from intake.commands.failures import TRY_LATER, Failed
from intake.commands.opening import DATABASE
from intake.hospital.shapes import HouseShape
from migrations.upgrade import FORMER_REVISION

_REVISION = "SELECT min(version_num) FROM alembic_version"
_HOSPITAL = "SELECT name, phone, email FROM hospital"
_UNITS = "SELECT array_agg(code) FROM units"


async def set_aside(
    server: embedded.Server, demo: HouseShape, database: str = DATABASE
) -> str | None:
    """Rename the demo's own database of such a build; return its new name, None if it is not one.

    It is the demo's while the hospital is called as in the demo's file and has no unit that is
    not there: with anybody else's data, nothing is touched.
    """
    revision = await _demo_revision(server.owner_dsn(database), demo)
    if revision is None:
        return None
    connection = await asyncpg.connect(plain_url(server.owner_dsn("postgres")))
    try:
        taken = {row[0] for row in await connection.fetch("SELECT datname FROM pg_database")}
        names = (f"{database}_{revision}_{number}" for number in count(1))
        free = next(name for name in names if name not in taken)
        await connection.execute(f'ALTER DATABASE "{database}" RENAME TO "{free}"')
    except asyncpg.ObjectInUseError as error:
        raise Failed(
            "Another process uses the demo's database: stop it first.", TRY_LATER
        ) from error
    finally:
        await connection.close()
    server.create_database(database)
    return free


async def _demo_revision(url: str, demo: HouseShape) -> str | None:
    """Return the revision of a former build's demo; None for everything else."""
    connection = await asyncpg.connect(plain_url(url))
    try:
        revision = await connection.fetchval(_REVISION)
        if revision is None or not FORMER_REVISION.match(revision):
            return None
        hospitals = [tuple(row) for row in await connection.fetch(_HOSPITAL)]
        units = set(await connection.fetchval(_UNITS) or ())
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()
    ours = (demo.hospital.name, demo.hospital.phone, demo.hospital.email)
    known = {unit.code for unit in demo.units}
    return str(revision) if hospitals == [ours] and units <= known else None
