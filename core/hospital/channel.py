"""The doors by name, as a table that the registry of channels fills at start."""

from typing import Final

from sqlalchemy import CheckConstraint, false, select, true
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Json, one_of
from core.hospital.contact import CONTACTS
from core.hospital.reporting import REPORTING

PATIENCE: Final = ("hours", "days")
"""How long news is tried: for the day, or for as long as mail servers try."""


class Channel(Base):
    """A door a ticket can come through, and what it says of itself in `intake/channel_facts.py`.

    `tickets.source` refers to its name.
    """

    __tablename__ = "channels"
    __table_args__ = (
        CheckConstraint(one_of("reporting", REPORTING), name="reporting"),
        CheckConstraint(one_of("takes", CONTACTS), name="takes"),
        CheckConstraint(one_of("patience", PATIENCE), name="patience"),
    )

    name: Mapped[str] = mapped_column(
        primary_key=True, comment="The name of its folder: web, email, telegram, …"
    )
    label: Mapped[Json] = mapped_column(
        server_default="{}", comment="What staff call it, by language."
    )
    sign: Mapped[str] = mapped_column(
        server_default="mail", comment="The name of the picture that stands for it."
    )
    reporting: Mapped[str] = mapped_column(
        server_default="tulisan",
        comment="How KWTK counts what comes through it, where a ticket does not say.",
    )
    is_spoken: Mapped[bool] = mapped_column(
        server_default=false(), comment="Whether somebody speaks with the person there."
    )
    tells_staff: Mapped[bool] = mapped_column(
        server_default=false(), comment="Whether news for staff can go out through it."
    )
    takes: Mapped[str | None] = mapped_column(
        comment="The kind of contact it can write to; NULL: only its own addresses."
    )
    patience: Mapped[str] = mapped_column(
        server_default="hours", comment="How long news is tried: hours or days."
    )
    can_send: Mapped[bool] = mapped_column(
        server_default=false(),
        comment="Whether news can go back through it here, as configured at the last start.",
    )
    is_active: Mapped[bool] = mapped_column(
        server_default=true(), comment="Whether it takes reports."
    )


SPOKEN: Final = select(Channel.name).where(Channel.is_spoken)
"""The channels in which somebody speaks with the person."""
