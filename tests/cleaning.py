"""Puts a test database back to what it held at first: in milliseconds, not by copying it."""

import asyncpg

from core.schema import metadata

_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def remember(url: str) -> None:
    """Keep a copy of every table that holds rows now."""
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE SCHEMA seed")
    for table in metadata().sorted_tables:
        if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table.fullname})"):
            await connection.execute(f"CREATE TABLE seed.{table.name} AS TABLE {table.fullname}")
    await connection.execute(
        "GRANT USAGE ON SCHEMA seed TO PUBLIC; GRANT SELECT ON ALL TABLES IN SCHEMA seed TO PUBLIC"
    )  # so that a backup of the whole database is one
    await connection.close()


async def clean(url: str) -> None:
    """Empty every table, end every other connection, and put the remembered rows back."""
    connection = await asyncpg.connect(url)
    await connection.execute(_ALONE)
    kept = {
        row["tablename"]
        for row in await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'seed'"
        )
    }
    tables = metadata().sorted_tables
    await connection.execute(
        "BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off;"
        + "".join(f"DELETE FROM {table.fullname};" for table in tables)
        + "".join(
            f"INSERT INTO {table.fullname} SELECT * FROM seed.{table.name};"
            for table in tables
            if table.name in kept
        )
        + "COMMIT"
    )
    await connection.close()
