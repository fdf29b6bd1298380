"""What a PostgreSQL server says of itself: for whoever looks whether it keeps what it promises."""

from collections.abc import Collection
from dataclasses import dataclass

import asyncpg

from core.ground.database import AWAY, Database, borrowed, plain_url

_ASK = """
SELECT current_setting('server_version_num')::int / 10000 AS major,
       current_setting('server_version') AS version, current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS full_page_writes,
       current_setting('synchronous_commit') AS synchronous_commit
"""

_OWNED = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY($1) AND c.relkind = 'r' AND pg_has_role(current_user, c.relowner, 'MEMBER')
"""

_TOO_MUCH = """
SELECT count(*) FROM unnest($1::text[]) AS kept
 WHERE has_table_privilege(kept, 'UPDATE') OR has_table_privilege(kept, 'DELETE')
    OR has_table_privilege(kept, 'TRUNCATE')
"""


class NoServerError(Exception):
    """It cannot be asked; its words are the kind of fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFacts:
    """The server's version and its settings of durability, `on` or `off`."""

    major: int
    version: str
    fsync: str
    full_page_writes: str
    synchronous_commit: str


async def server_facts(url: str, timeout_seconds: float) -> ServerFacts:
    """Connect by ourselves and ask. Raises NoServerError."""
    try:
        connection = await asyncpg.connect(
            plain_url(url), timeout=timeout_seconds, command_timeout=timeout_seconds
        )
    except (*AWAY, asyncpg.PostgresError, ValueError) as error:
        raise NoServerError(type(error).__name__) from error
    try:
        row = await connection.fetchrow(_ASK)
        assert row is not None  # noqa: S101 - a SELECT without FROM is one row
        return ServerFacts(**row)
    finally:
        await connection.close()


async def tables_open(database: Database, kept: Collection[str]) -> int:
    """Count those of these tables in which our own role may change or remove rows."""
    async with borrowed(database) as connection:
        return int(await connection.fetchval(_TOO_MUCH, list(kept)))


async def tables_owned(database: Database, schemas: Collection[str]) -> int:
    """Count the tables that our own role may do everything with. Raises DatabaseAwayError."""
    async with borrowed(database) as connection:
        return int(await connection.fetchval(_OWNED, list(schemas)))
