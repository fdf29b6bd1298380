"""What an operator or a member of staff does to a notice: send it again, or call it off."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.notices.delivery import RESENDABLE, Delivery, reopened
from core.runtime import Runtime

CANCELLABLE = ("pending", "queued", "failed", "dead")
"""Notices nobody is sending at this moment; a claim finds a cancelled one gone and drops it."""


class NotPossibleError(Exception):
    """The notice is in a status in which this makes no sense."""

    def __init__(self, verb: str, status: str) -> None:
        super().__init__(f"{verb} is not possible while the notice is {status}")
        self.verb, self.status = verb, status


@dataclass(frozen=True, slots=True)
class Resending:
    """Every verb raises NotFoundError, NotPossibleError, DatabaseAwayError."""

    runtime: Runtime

    async def resend(self, delivery_id: UUID) -> None:
        """Send a notice again that was given up, with all its attempts before it."""
        await self._change(delivery_id, "resend", RESENDABLE, "pending")
        self.runtime.bell.ring("deliveries")

    async def cancel(self, delivery_id: UUID) -> None:
        """Call a notice off that was not sent yet, or stop showing one that never will be."""
        await self._change(delivery_id, "cancel", CANCELLABLE, "cancelled")

    async def _change(
        self, delivery_id: UUID, verb: str, allowed: tuple[str, ...], status: str
    ) -> None:
        async with transaction(self.runtime.database) as session:
            query = select(Delivery).where(Delivery.id == delivery_id).with_for_update()
            delivery = await session.scalar(query)
            if delivery is None:
                raise NotFoundError
            if delivery.status not in allowed:
                raise NotPossibleError(verb, delivery.status)
            changed: dict[str, object] = {"status": status, "lease_until": None}
            if status == "pending":
                changed = reopened(self.runtime.clock())
            for name, value in changed.items():
                setattr(delivery, name, value)
