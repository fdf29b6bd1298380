"""Alembic's entry: uses the connection it is handed, else opens one from the settings."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from core.ground.database import alchemy_url
from core.ground.settings import Settings
from core.schema import SCHEMAS, metadata

LOCK_TIMEOUT = "5s"
"""A migration that cannot get its lock gives up rather than stopping every report behind it."""


def run(connection: Connection) -> None:
    """Run the migrations, all in one transaction."""
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        compare_type=True,
        include_schemas=True,
        include_name=_is_ours,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "schema" or name is None or name in SCHEMAS


async def main() -> None:
    """Open a connection of our own, for the alembic command line."""
    settings = Settings()
    url = settings.database_owner_url or settings.database_url
    if url is None:
        raise SystemExit("Set DATABASE_URL (postgresql://…) for alembic's own commands.")
    engine = create_async_engine(alchemy_url(url), poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


handed: Connection | None = context.config.attributes.get("connection")
if handed is not None:
    run(handed)
else:
    asyncio.run(main())
