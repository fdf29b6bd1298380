"""`kiss migrate`: brings the database to the shape of this release."""

import asyncio

import click
from sqlalchemy.ext.asyncio import create_async_engine

from core.ground.database import alchemy_url, passing_faults
from core.ground.settings import Settings
from intake.commands.opening import Urls, urls
from migrations.roles import application_of
from migrations.upgrade import OF_A_FORMER_BUILD, SchemaState, schema_state, upgrade


@click.command(short_help="Make the tables, or bring them up to date.")
@click.option("--check", is_flag=True, help="Only say how the database stands; exit 1 if old.")
@click.pass_context
def migrate(ctx: click.Context, *, check: bool) -> None:
    """Make the tables of this release, or bring those of an older one up to date.

    Several may be started at once: one migrates, the others wait. `kiss run` does it by itself.

    \b
    kiss migrate
    DATABASE_URL=postgresql://kiss@db/kiss kiss migrate --check

    With DATABASE_OWNER_URL the tables are the owner's, and the role of DATABASE_URL is made where
    it is missing and may do what `kiss` does with rows: it owns nothing.
    """  # noqa: D301 - \b keeps click from joining the lines
    with urls(Settings(), create=not check) as found_at:
        found = asyncio.run(_look(found_at) if check else migrated(found_at))
    if check:
        former = found is SchemaState.FORMER
        click.echo(OF_A_FORMER_BUILD if former else f"The database is {found.value}.")
        ctx.exit(0 if found is SchemaState.CURRENT else 1)
    before = {
        SchemaState.CURRENT: "was up to date already",
        SchemaState.EMPTY: "has its tables now",
    }
    click.echo(f"The database {before.get(found, 'is up to date now')}.")


async def migrated(at: Urls) -> SchemaState:
    """Migrate as whoever owns the tables, and return how the database stood before."""
    engine = create_async_engine(alchemy_url(at.owner or at.application))
    try:
        with passing_faults():
            found = await schema_state(engine)
            if at.owner is not None:
                await upgrade(engine, application_of(at.application))
            elif found is not SchemaState.CURRENT:
                await upgrade(engine)
            return found
    finally:
        await engine.dispose()


async def _look(at: Urls) -> SchemaState:
    engine = create_async_engine(alchemy_url(at.owner or at.application))
    try:
        with passing_faults():
            return await schema_state(engine)
    finally:
        await engine.dispose()
