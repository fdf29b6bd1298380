"""What waits for somebody: notices given up or late, files not fetched or not cleaned."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.chats.file import CHAT_FILES, ChatFile
from core.ground.database import Database, transaction
from core.notices.delivery import UNDELIVERED, Delivery
from core.people.staff import Admin
from core.tickets.cleaning import Cleaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """How many there are of each."""

    given_up: int
    late: int
    unfetched: int
    """Files that a chat announced some time ago and that are not here."""
    why_unfetched: str | None
    """A code: how the last attempt to fetch one of them ended."""
    uncleaned: int
    """Files of anonymous reports that lie open: not cleaned for some time, or given up."""
    why_uncleaned: str | None
    """A code: how the last attempt to clean one of them ended."""
    accounts: int


async def undone(database: Database, late_since: datetime) -> Undone:
    """Count; late is what was due or announced before this moment. Raises DatabaseAwayError."""
    late = (Delivery.status == "pending") & (Delivery.next_attempt_at < late_since)
    unfetched = (ChatFile.status.in_(CHAT_FILES.under_way)) & (ChatFile.created_at < late_since)
    why = select(ChatFile.last_error).where(unfetched).order_by(ChatFile.updated_at.desc()).limit(1)
    uncleaned = (Cleaning.status != "done") & (Cleaning.created_at < late_since)
    why_open = (
        select(Cleaning.last_error).where(uncleaned).order_by(Cleaning.updated_at.desc()).limit(1)
    )
    query = select(
        select(func.count()).where(Delivery.status.in_(UNDELIVERED)).scalar_subquery(),
        select(func.count()).where(late).scalar_subquery(),
        select(func.count()).where(unfetched).scalar_subquery(),
        why.scalar_subquery(),
        select(func.count()).where(uncleaned).scalar_subquery(),
        why_open.scalar_subquery(),
        select(func.count()).where(Admin.is_active).scalar_subquery(),
    )
    async with transaction(database) as session:
        counts = (await session.execute(query)).one()
    given_up, late_ones, files, why_not, open_ones, why_still_open, accounts = counts
    return Undone(
        given_up=given_up,
        late=late_ones,
        unfetched=files,
        why_unfetched=why_not,
        uncleaned=open_ones,
        why_uncleaned=why_still_open,
        accounts=accounts,
    )
