"""Lets the database refuse certain messages, as a fault of our own machinery would."""

from sqlalchemy import text

from core.ground.database import transaction
from core.runtime import Runtime


async def break_messages(runtime: Runtime, words: str) -> None:
    """Let the database refuse messages that hold these words."""
    async with transaction(runtime.database) as session:
        await session.execute(
            text(
                "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
                " BEGIN RAISE EXCEPTION 'broken on purpose'; END $$"
            )
        )
        await session.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON messages FOR EACH ROW"
                f" WHEN (new.body LIKE '%{words}%') EXECUTE FUNCTION refuse()"
            )
        )


async def mend_messages(runtime: Runtime) -> None:
    async with transaction(runtime.database) as session:
        await session.execute(text("DROP TRIGGER refuse ON messages"))
