"""Empties a hospital of its reports: for the invented one, and for nothing else."""

from sqlalchemy import text

from core.ground.database import Database, transaction

_REPORTS = "TRUNCATE tickets, inbound, ticket_days CASCADE"
_NUMBERS = "ALTER SEQUENCE ticket_number_seq RESTART"


async def forget_reports(database: Database) -> None:
    """Remove every report and all that belongs to one; units, codes and staff stay.

    Numbers begin anew. Only the owner of the tables may; raises DatabaseAwayError.
    """
    async with transaction(database) as session:
        await session.execute(text(_REPORTS))
        await session.execute(text(_NUMBERS))
