"""Counts how often a poster is used."""

from uuid import UUID

from core.database import Database, passing_faults

_COUNT = "UPDATE qr_codes SET usage_count = usage_count + 1 WHERE id = $1"


async def count_scan(database: Database, qr_code_id: UUID) -> None:
    """Add one to a poster's count. Raises DatabaseAwayError; a page should open all the same."""
    with passing_faults():
        await database.pool.execute(_COUNT, qr_code_id)
