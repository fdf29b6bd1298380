"""`kiss migrate`: brings the database to the shape of this release."""

import asyncio

import click
from sqlalchemy.ext.asyncio import create_async_engine

from core.ground.database import alchemy_url, passing_faults
from core.ground.settings import Settings
from intake.commands.opening import database
from migrations.upgrade import SchemaState, schema_state, upgrade


@click.command(short_help="Make the tables, or bring them up to date.")
@click.option("--check", is_flag=True, help="Only say how the database stands; exit 1 if old.")
@click.pass_context
def migrate(ctx: click.Context, *, check: bool) -> None:
    """Make the tables of this release, or bring those of an older one up to date.

    Several may be started at once: one migrates, the others wait. `kiss run` does it by itself.

    \b
    kiss migrate
    DATABASE_URL=postgresql://kiss@db/kiss kiss migrate --check
    """  # noqa: D301 - \b keeps click from joining the lines
    with database(Settings(), create=True) as url:
        found = asyncio.run(_look(url) if check else migrated(url))
    if check:
        click.echo(f"The database is {found.value}.")
        ctx.exit(0 if found is SchemaState.CURRENT else 1)
    before = {
        SchemaState.CURRENT: "was up to date already",
        SchemaState.EMPTY: "has its tables now",
    }
    click.echo(f"The database {before.get(found, 'is up to date now')}.")


async def migrated(url: str) -> SchemaState:
    """Migrate, and return how the database stood before."""
    engine = create_async_engine(alchemy_url(url))
    try:
        with passing_faults():
            found = await schema_state(engine)
            if found is not SchemaState.CURRENT:
                await upgrade(engine)
            return found
    finally:
        await engine.dispose()


async def _look(url: str) -> SchemaState:
    engine = create_async_engine(alchemy_url(url))
    try:
        with passing_faults():
            return await schema_state(engine)
    finally:
        await engine.dispose()
