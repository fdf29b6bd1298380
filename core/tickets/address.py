"""The addresses of a ticket: where its news goes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Keyed
from core.hospital.channel import Channel


class TicketAddress(Keyed, Base):
    """Where news of a ticket goes: an address of one channel, tried in the order of rank."""

    __tablename__ = "ticket_addresses"
    __table_args__ = (
        UniqueConstraint("ticket_id", "channel", "address"),
        Index("idx_ticket_addresses_channel_address", "channel", "address"),
    )

    ticket_id: Mapped[UUID] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"), comment="Whose news goes there."
    )
    channel: Mapped[str] = mapped_column(ForeignKey(Channel.name), comment="The way out.")
    address: Mapped[str] = mapped_column(comment="The address in the channel's own form.")
    rank: Mapped[int] = mapped_column(
        SmallInteger, server_default="0", comment="Lower ones are tried first."
    )
    confirmed_at: Mapped[datetime | None] = mapped_column(
        comment="When the address's owner showed that it is theirs (a reply, a link followed)."
    )
    blocked_at: Mapped[datetime | None] = mapped_column(comment="Since when nothing is sent there.")
    blocked_reason: Mapped[str | None] = mapped_column(comment="Why, as a code.")
