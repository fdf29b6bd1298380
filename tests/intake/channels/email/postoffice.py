"""A hospital's mail room for tests: letters in by the real inbox, rows and signed names out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, text

from core.ground.database import transaction
from core.jobs.inbound import INBOUND
from core.jobs.leasing import Jobs
from core.runtime import Runtime
from intake import raw_reading
from intake.channels.email.channel import EmailChannel, Read
from intake.channels.email.raw_mail import RawMail
from intake.channels.email.settings import MailSettings, ReceivingSettings
from intake.channels.email.tokens import Tokens
from intake.channels.email.understanding.understand import understand
from tests.intake.channels.email.door import OURS, PERSON

OFFICER_MAIL = "petugas@rs.example.org"
WARD_MAIL = "melati@rs.example.org"
MX = "198.51.100.7"
"""A peer that is no server of ours."""


@dataclass
class PostOffice:
    """Takes letters through `inbox`, and looks at what became of them."""

    runtime: Runtime
    receiving: Mapping[str, Any] = field(default_factory=dict)
    read: Read = understand

    @property
    def tokens(self) -> Tokens:
        return self.channel.sender.tokens

    @property
    def channel(self) -> EmailChannel:
        sending = MailSettings(url="smtp://127.0.0.1:9", from_address=OURS)
        receiving = ReceivingSettings(**self.receiving)
        return EmailChannel(self.runtime, sending, receiving, self.read)

    async def take(
        self,
        content: bytes,
        *,
        sender: str = PERSON,
        to: Sequence[str] = (OURS,),
        peer: str = MX,
        helo: str = "mx.example.org",
    ) -> dict[str, Any]:
        """Store one mail and understand it; return its row."""
        letter = RawMail(
            sender=sender,
            recipients=tuple(to),
            content=content,
            peer=peer,
            helo=helo,
            protocol="smtp",
            tls=True,
        )
        channel = self.channel
        await channel.accept(letter)
        await self.work_off(channel)
        [row] = await self.rows("SELECT * FROM inbound ORDER BY updated_at DESC, seq DESC LIMIT 1")
        return row

    async def work_off(self, channel: EmailChannel | None = None) -> None:
        """Understand whatever is due."""

        one = channel or self.channel
        while ids := await Jobs(self.runtime, INBOUND).hand_out(100):
            for row_id in ids:
                await raw_reading.process(self.runtime, lambda _name: one, row_id)

    async def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        async with transaction(self.runtime.database) as session:
            result = await session.execute(text(query), values)
            assert isinstance(result, CursorResult)
            return [dict(row) for row in result.mappings()] if result.returns_rows else []

    async def tickets(self) -> list[dict[str, Any]]:
        return await self.rows("SELECT * FROM tickets ORDER BY created_at, ticket_number")

    async def messages(self) -> list[dict[str, Any]]:
        return await self.rows("SELECT * FROM messages ORDER BY created_at, id")

    async def notices(self, template: str = "received") -> list[dict[str, Any]]:
        return await self.rows(
            "SELECT * FROM deliveries WHERE template = :template ORDER BY seq", template=template
        )

    async def notice_id(self, template: str = "received") -> str:
        """Return the signed Message-ID of the last notice of a kind, as if it had been sent."""
        notice = (await self.notices(template))[-1]
        await self.mark_sent(notice["id"])
        return self.tokens.message_id(notice["id"])

    async def mark_sent(self, delivery_id: UUID) -> None:
        await self.rows("UPDATE deliveries SET status = 'sent' WHERE id = :id", id=delivery_id)
