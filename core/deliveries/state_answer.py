"""Answers whoever showed a report's tracking code and said nothing else: how it stands.

The code proves that they may know. Where they write from proves nothing, so the answer holds no
word of anybody, and the report does not come to know the address.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from core.ground.database import transaction
from core.notices.delivery import Delivery
from core.runtime import Runtime

TEMPLATE: Final = "report_state"
TICKET: Final = "state_of"
"""The field of the notice's payload that names the ticket."""


@dataclass(frozen=True, slots=True)
class StateAnswer:
    """Writes the answer down, to be sent as every notice is."""

    runtime: Runtime

    async def send(
        self, ticket_id: UUID, *, channel: str, address: str, language: str, asked: UUID
    ) -> None:
        """Answer what was asked, once. Raises DatabaseAwayError."""
        row = {
            "id": uuid5(asked, TEMPLATE),
            "channel": channel,
            "recipient_ref": address,
            "template": TEMPLATE,
            "language": language,
            "next_attempt_at": self.runtime.clock(),
            "payload": {TICKET: str(ticket_id)},
        }
        async with transaction(self.runtime.database) as session:
            await session.execute(insert(Delivery).values(**row).on_conflict_do_nothing())
        self.runtime.bell.ring("deliveries")
