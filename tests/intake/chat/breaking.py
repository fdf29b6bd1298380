"""Lets the database refuse certain messages, as a fault of our own machinery would."""

import asyncpg

from core.ground.database import plain_url


async def break_messages(owner_url: str, words: str) -> None:
    """Let the database refuse messages that hold these words."""
    await _done(
        owner_url,
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'broken on purpose'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON messages FOR EACH ROW"
        f" WHEN (new.body LIKE '%{words}%') EXECUTE FUNCTION refuse()",
    )


async def mend_messages(owner_url: str) -> None:
    await _done(owner_url, "DROP TRIGGER refuse ON messages", "DROP FUNCTION refuse")


async def _done(owner_url: str, *statements: str) -> None:
    connection = await asyncpg.connect(plain_url(owner_url))
    for statement in statements:
        await connection.execute(statement)
    await connection.close()
