"""`kiss demo`: invented reports, to see how everything looks when there is work."""

from pathlib import Path

import click

from core.runtime import Runtime
from intake.commands.failures import Failed
from intake.commands.opening import work
from intake.hospital.check import check_file
from intake.hospital.load import load
from intake.hospital.rehearsal import read_reports, rehearse

FOLDER = Path(__file__).resolve().parent.parent.parent / "demo"


@click.group(short_help="Fill or empty the invented hospital.")
def demo() -> None:
    """Fill the invented hospital of `kiss run --demo` with reports, or empty it again.

    \b
    kiss demo seed     a dozen reports, some answered, some late
    kiss demo reset    remove every report; units, codes and staff stay
    """  # noqa: D301 - \b keeps click from joining the lines


@demo.command()
def seed() -> None:
    """File a dozen invented reports and play what staff did with them; twice changes nothing."""

    async def job(runtime: Runtime) -> list[str]:
        await _demand_demo(runtime)
        return await rehearse(runtime, read_reports(FOLDER / "reports.yaml"))

    numbers = work(job)
    click.echo(f"{len(numbers)} reports are new. `kiss tickets` lists them all.")


@demo.command()
@click.confirmation_option("--yes", prompt="Remove every report of the invented hospital?")
def reset() -> None:
    """Remove every report of the invented hospital."""

    async def job(runtime: Runtime) -> None:
        await _demand_demo(runtime)
        async with runtime.database.pool.acquire() as connection, connection.transaction():
            for table in ("deliveries", "alarms", "chat_messages", "inbound", "tickets"):
                await connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from above
            await connection.execute("DELETE FROM ticket_days")
        house, source = check_file(FOLDER / "hospital.yaml")
        await load(runtime.database, house, source)

    work(job)
    click.echo("Every report is gone; the invented hospital is as its file says.")


async def _demand_demo(runtime: Runtime) -> None:
    """Refuse to touch a hospital that is not the invented one."""
    wanted = check_file(FOLDER / "hospital.yaml")[0].hospital.name
    found = (await runtime.directory.fresh()).hospital.name
    if found != wanted:
        raise Failed(
            f"This is {found}, not the invented {wanted}: nothing was touched. "
            "`kiss run --demo` with another data folder makes one."
        )
