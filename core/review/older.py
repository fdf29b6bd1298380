"""What was set aside before the desk kept who wrote, what about, and words of danger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from core.ground.database import transaction
from core.jobs.inbound import Inbound
from core.jobs.set_aside import Summary
from core.review.waiting import STATUS
from core.runtime import Runtime

MOST: Final = 1000
"""So many are told in one go, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderMessage:
    """One of them, with its bytes, or the key in storage where they lie."""

    id: UUID
    channel: str
    external_id: str
    envelope: Mapping[str, object]
    content: bytes | None
    key: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class OlderMessages:
    """Every verb raises DatabaseAwayError."""

    runtime: Runtime

    async def untold(self) -> tuple[UUID, ...]:
        """List those that wait and of which the desk knows nothing yet; MOST of them."""
        query = (
            select(Inbound.id)
            .where(Inbound.status == STATUS, Inbound.summary.is_(None))
            .order_by(Inbound.seq)
            .limit(MOST)
        )
        async with transaction(self.runtime.database) as session:
            return tuple(await session.scalars(query))

    async def look(self, message_id: UUID) -> OlderMessage | None:
        """Return one of them; None where it is gone."""
        async with transaction(self.runtime.database) as session:
            found = await session.get(Inbound, message_id)
            if found is None:
                return None
            return OlderMessage(
                id=found.id,
                channel=found.channel,
                external_id=found.external_id,
                envelope=found.envelope,
                content=found.raw,
                key=found.raw_path,
                received_at=found.received_at,
            )

    async def tell(self, message_id: UUID, summary: Summary) -> None:
        """Keep what it says. One that is told or decided meanwhile stays as it is."""
        untold = (Inbound.id == message_id, Inbound.status == STATUS, Inbound.summary.is_(None))
        told = update(Inbound).where(*untold)
        async with transaction(self.runtime.database) as session:
            await session.execute(
                told.values(summary=summary.facts(), is_danger=bool(summary.danger))
            )
