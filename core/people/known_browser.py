"""Browsers that were signed in before: no stranger's guessing makes their owner wait."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base
from core.people.sessions import hash_token


class KnownBrowser(Base):
    """A browser in which an account was signed in before; several may share one at a desk."""

    __tablename__ = "browsers"
    __table_args__ = {"schema": "auth"}  # noqa: RUF012 - SQLAlchemy's own spelling

    token_hash: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, comment="SHA-256 of the token in its cookie."
    )
    admin_id: Mapped[UUID] = mapped_column(
        ForeignKey("admins.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        comment="The account that was signed in there.",
    )
    known_at: Mapped[datetime] = mapped_column(comment="Since when.")


async def is_known(session: AsyncSession, admin_id: UUID, token: str | None) -> bool:
    """Say whether a browser with this token was signed in to the account before."""
    if not token:
        return False
    return await session.get(KnownBrowser, (hash_token(token), admin_id)) is not None
