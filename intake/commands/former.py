"""The demo's database of a build before the first release is set aside, and made anew."""

from intake import embedded
from intake.commands.failures import TRY_LATER, Failed
from intake.commands.opening import DATABASE
from intake.hospital.shapes import HouseShape
from migrations.former import InUseError, former_revision, rename


async def set_aside(
    server: embedded.Server, demo: HouseShape, database: str = DATABASE
) -> str | None:
    """Rename the demo's own database of such a build; return its new name, None if it is not one.

    It is the demo's while the hospital is called as in the demo's file and has no unit that is
    not there: with anybody else's data, nothing is touched.
    """
    ours = (demo.hospital.name, demo.hospital.phone, demo.hospital.email)
    units = [unit.code for unit in demo.units]
    revision = await former_revision(server.owner_dsn(database), ours, units)
    if revision is None:
        return None
    try:
        free = await rename(server.owner_dsn("postgres"), database, revision)
    except InUseError as error:
        raise Failed(
            "Another process uses the demo's database: stop it first.", TRY_LATER
        ) from error
    server.create_database(database)
    return free
