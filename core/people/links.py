"""Invitations and password resets: a link that works once, for a while, for one account."""

from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    LargeBinary,
    and_,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Keyed, one_of
from core.people.sessions import fresh_token, hash_token
from core.people.staff import Admin

Purpose = Literal["invite", "reset"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

LASTS: dict[Purpose, timedelta] = {"invite": timedelta(days=7), "reset": timedelta(hours=1)}


class AccountLink(Keyed, Base):
    """A link to choose a password. Only its hash is kept; making a new one ends the old ones."""

    __tablename__ = "links"
    __table_args__ = (
        CheckConstraint(one_of("purpose", PURPOSES), name="purpose"),
        {"schema": "auth"},
    )

    admin_id: Mapped[UUID] = mapped_column(
        ForeignKey("admins.id", ondelete="CASCADE"), index=True, comment="The account it is for."
    )
    purpose: Mapped[str] = mapped_column(comment="An invitation, or a reset of the password.")
    token_hash: Mapped[bytes] = mapped_column(
        LargeBinary, unique=True, comment="SHA-256 of the token in the link."
    )
    made_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="Who made it; NULL: the person themselves, or the command line.",
    )
    expires_at: Mapped[datetime] = mapped_column(comment="Until when it works.")
    used_at: Mapped[datetime | None] = mapped_column(
        comment="When it was used, or ended by a newer one."
    )


async def make_link(
    session: AsyncSession, admin_id: UUID, purpose: Purpose, at: datetime, *, by: UUID | None = None
) -> str:
    """Make a link's token, 256 bits, and end every earlier link of the account."""
    await end_links(session, admin_id, at)
    token = fresh_token()
    row = AccountLink(
        admin_id=admin_id,
        purpose=purpose,
        token_hash=hash_token(token),
        made_by=by,
        expires_at=at + LASTS[purpose],
    )
    session.add(row)
    await session.flush()
    return token


async def opened(session: AsyncSession, token: str, at: datetime) -> Admin | None:
    """Return whose link this is; None for one that was used, is over or never was."""
    query = select(Admin).join(AccountLink, AccountLink.admin_id == Admin.id)
    usable = query.where(*_usable(token, at), Admin.is_active)
    return (await session.scalars(usable)).one_or_none()


async def use(session: AsyncSession, token: str, at: datetime) -> UUID | None:
    """Use a link up and return its account; of two at the same moment one gets None."""
    query = update(AccountLink).where(*_usable(token, at))
    return await session.scalar(query.values(used_at=at).returning(AccountLink.admin_id))


async def is_open(session: AsyncSession, admin_id: UUID, at: datetime) -> bool:
    """Whether an account has a link that can still be used."""
    query = select(AccountLink.id).where(
        AccountLink.admin_id == admin_id,
        *_open(at),
    )
    return await session.scalar(query.limit(1)) is not None


async def end_links(session: AsyncSession, admin_id: UUID, at: datetime) -> None:
    """End every link of an account that could still be used."""
    await session.execute(
        update(AccountLink)
        .where(AccountLink.admin_id == admin_id, AccountLink.used_at.is_(None))
        .values(used_at=at)
    )


def _usable(token: str, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        AccountLink.token_hash == hash_token(token),
        *_open(at),
    )


def _open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    made_near = [
        and_(AccountLink.purpose == purpose, AccountLink.expires_at <= at + 2 * lasts)
        for purpose, lasts in LASTS.items()
    ]
    return AccountLink.used_at.is_(None), AccountLink.expires_at > at, or_(*made_near)
