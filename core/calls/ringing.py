"""Calls that ring right now, as the telephone exchange tells them; forgotten within the hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Keyed, near
from core.ground.database import transaction
from core.runtime import Runtime

TOPIC: Final = "calls"
"""What the bell rings when a call comes in."""
RINGS: Final = timedelta(minutes=3)
"""How long a call is shown to the agents."""
_KEPT: Final = timedelta(hours=1)


class Ringing(Keyed, Base):
    """One call at the exchange. `external_id` is the exchange's own: told twice, one row."""

    __tablename__ = "ringing_calls"

    external_id: Mapped[str] = mapped_column(
        unique=True, comment="The exchange's own name of the call."
    )
    number: Mapped[str] = mapped_column(comment="Who calls, as the exchange tells it.")
    rang_at: Mapped[datetime] = mapped_column(index=True, comment="When it rang.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A call as agents see it."""

    id: UUID
    number: str
    rang_at: datetime


@dataclass(frozen=True, slots=True)
class Switchboard:
    """What the telephone exchange tells; raises DatabaseAwayError."""

    runtime: Runtime

    async def ring(self, external_id: str, number: str) -> None:
        """Let a call ring at the agents' desks. Told twice it rings once."""
        async with transaction(self.runtime.database) as session:
            await ring(session, external_id, number, self.runtime.clock())
        self.runtime.bell.ring(TOPIC)


async def ring(session: AsyncSession, external_id: str, number: str, now: datetime) -> bool:
    """Let a call ring; False where it rang before. What is older than an hour is forgotten."""
    await session.execute(delete(Ringing).where(~near(Ringing.rang_at, now, _KEPT)))
    statement = (
        insert(Ringing)
        .values(external_id=external_id, number=number, rang_at=now)
        .on_conflict_do_nothing(index_elements=["external_id"])
        .returning(Ringing.id)
    )
    return await session.scalar(statement) is not None


async def forget_rings(session: AsyncSession, number: str) -> None:
    """Forget that somebody rang who stays unknown."""
    await session.execute(delete(Ringing).where(Ringing.number == number))


async def rings(session: AsyncSession, now: datetime) -> tuple[Ring, ...]:
    """List what rings, the latest first."""
    query = (
        select(Ringing)
        .where(near(Ringing.rang_at, now, RINGS))
        .order_by(Ringing.rang_at.desc())
        .limit(5)
    )
    found = await session.scalars(query)
    return tuple(Ring(id=row.id, number=row.number, rang_at=row.rang_at) for row in found)


async def rung(session: AsyncSession, ring_id: UUID) -> str | None:
    """Return the number of a call; None once it is forgotten."""
    number: str | None = await session.scalar(select(Ringing.number).where(Ringing.id == ring_id))
    return number
