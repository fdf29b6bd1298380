"""Tickets to look at from outside, and what of them is stored."""

from sqlalchemy import text

from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.submission import Receipt
from tests.builders import submission

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


async def rows(runtime: Runtime, query: str) -> list[dict[str, object]]:
    async with transaction(runtime.database) as session:
        return [dict(row) for row in (await session.execute(text(query))).mappings()]


async def filed(runtime: Runtime, **changes: object) -> Receipt:
    return await Desk(runtime).submit(submission(**changes))
