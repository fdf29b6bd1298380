"""What waits for somebody: notices given up or late, raw messages unread, and whether staff are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.ground.database import Database, transaction
from core.jobs.inbound import Inbound
from core.notices.delivery import UNDELIVERED, Delivery
from core.people.staff import Admin


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """How many there are of each."""

    given_up: int
    late: int
    unread: int
    accounts: int


async def undone(database: Database, late_since: datetime) -> Undone:
    """Count; a notice is late that was due before this moment. Raises DatabaseAwayError."""
    late = (Delivery.status == "pending") & (Delivery.next_attempt_at < late_since)
    query = select(
        select(func.count()).where(Delivery.status.in_(UNDELIVERED)).scalar_subquery(),
        select(func.count()).where(late).scalar_subquery(),
        select(func.count()).where(Inbound.status == "quarantined").scalar_subquery(),
        select(func.count()).where(Admin.is_active).scalar_subquery(),
    )
    async with transaction(database) as session:
        given_up, late_ones, unread, accounts = (await session.execute(query)).one()
    return Undone(given_up=given_up, late=late_ones, unread=unread, accounts=accounts)
