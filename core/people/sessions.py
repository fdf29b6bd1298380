"""Sessions: who is signed in where. A row in the database, so that ending one ends it everywhere.

The cookie holds a random token; the row holds its hash. A session ends by itself when it was idle
too long or has lasted too long, and by hand at sign-out, from the list of one's sessions, when the
password changes and when the account is closed.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Keyed, near
from core.people.staff import Admin, Role, User, UserRole

TOUCH_EVERY = timedelta(seconds=60)
"""How exactly `seen_at` is kept: writing it at every request would cost a commit each."""


class SignInSession(Keyed, Base):
    """One browser in which somebody is signed in."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("idx_sessions_admin_id", "admin_id", postgresql_where=text("ended_at IS NULL")),
        {"schema": "auth"},
    )

    admin_id: Mapped[UUID] = mapped_column(
        ForeignKey("admins.id", ondelete="CASCADE"), comment="The account that is signed in."
    )
    token_hash: Mapped[bytes] = mapped_column(
        LargeBinary, unique=True, comment="SHA-256 of the token in the cookie."
    )
    begun_at: Mapped[datetime] = mapped_column(comment="When the password was shown.")
    seen_at: Mapped[datetime] = mapped_column(
        comment="When it was used last, give or take a minute."
    )
    ended_at: Mapped[datetime | None] = mapped_column(
        comment="When it was ended by hand; NULL: it lives, or ended by itself."
    )
    confirmed_at: Mapped[datetime | None] = mapped_column(
        comment="When the second factor was shown, or at once where none is asked for."
    )
    browser: Mapped[str] = mapped_column(
        server_default="",
        comment="Browser and system in two words, so that people know their own sessions again.",
    )
    address: Mapped[str | None] = mapped_column(INET, comment="The network address it began from.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLimits:
    """How long a session may be idle, and how long it may last at all."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who a session belongs to, as the database has it at this moment."""

    session_id: UUID
    admin_id: UUID
    user_id: UUID
    username: str
    full_name: str
    unit_id: UUID | None
    language: str
    roles: frozenset[str]
    confirmed: bool
    """Whether every step of the sign-in is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A browser somebody is signed in with, as they know it again."""

    id: UUID
    browser: str
    address: str | None
    seen_at: datetime


def fresh_token() -> str:
    """Draw a token of 256 bits."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """Return what is stored of a token; it is random, so a plain SHA-256 serves."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


async def begin(
    session: AsyncSession,
    admin_id: UUID,
    at: datetime,
    *,
    confirmed: bool,
    browser: str = "",
    address: str | None = None,
) -> str:
    """Begin a session and return its token."""
    token = fresh_token()
    row = SignInSession(
        admin_id=admin_id,
        token_hash=hash_token(token),
        begun_at=at,
        seen_at=at,
        confirmed_at=at if confirmed else None,
        browser=browser,
        address=address,
    )
    session.add(row)
    await session.flush()
    return token


async def account_of(
    session: AsyncSession, token: str, at: datetime, limits: SessionLimits
) -> Account | None:
    """Return who holds this token; None when the session is over, idle too long or unknown.

    Roles are read anew each time: what was taken from somebody is gone at their next request.
    """
    found = (await session.execute(_living(at, limits, token))).first()
    if found is None:
        return None
    row, admin, user, roles = found
    if abs(at - row.seen_at) >= TOUCH_EVERY:
        await session.execute(
            update(SignInSession).where(SignInSession.id == row.id).values(seen_at=at)
        )
    return Account(
        session_id=row.id,
        admin_id=admin.id,
        user_id=user.id,
        username=admin.username,
        full_name=user.full_name,
        unit_id=user.unit_id,
        language=user.language,
        roles=frozenset(roles or ()),
        confirmed=row.confirmed_at is not None,
    )


async def roles_of(session: AsyncSession, user_id: UUID) -> frozenset[str]:
    """Return the codes of the roles somebody holds now."""
    return frozenset(await session.scalars(_held().where(UserRole.user_id == user_id)))


async def is_living(
    session: AsyncSession, session_id: UUID, at: datetime, limits: SessionLimits
) -> bool:
    """Say whether a session goes on, and its account is open."""
    query = (
        select(SignInSession.id)
        .join(Admin, Admin.id == SignInSession.admin_id)
        .where(SignInSession.id == session_id, *alive(at, limits), Admin.is_active)
    )
    return await session.scalar(query) is not None


async def living(
    session: AsyncSession, admin_id: UUID, at: datetime, limits: SessionLimits
) -> tuple[OpenSession, ...]:
    """List somebody's sessions that are not over, the last used first."""
    query = (
        select(SignInSession)
        .where(SignInSession.admin_id == admin_id, *alive(at, limits))
        .order_by(SignInSession.seen_at.desc())
    )
    return tuple(
        OpenSession(id=row.id, browser=row.browser, address=row.address, seen_at=row.seen_at)
        for row in await session.scalars(query)
    )


async def end(session: AsyncSession, session_id: UUID, admin_id: UUID, at: datetime) -> None:
    """End one session of an account; a session of somebody else is left alone."""
    await session.execute(
        update(SignInSession)
        .where(
            SignInSession.id == session_id,
            SignInSession.admin_id == admin_id,
            SignInSession.ended_at.is_(None),
        )
        .values(ended_at=at)
    )


async def end_all(
    session: AsyncSession, admin_id: UUID, at: datetime, *, but: UUID | None = None
) -> None:
    """End every session of an account, but for the one given."""
    query = update(SignInSession).where(
        SignInSession.admin_id == admin_id, SignInSession.ended_at.is_(None)
    )
    if but is not None:
        query = query.where(SignInSession.id != but)
    await session.execute(query.values(ended_at=at))


async def change_password(
    session: AsyncSession,
    admin_id: UUID,
    password_hash: str,
    at: datetime,
    *,
    but: UUID | None = None,
) -> None:
    """Keep a new password's hash, and end every session but for the one it is changed in."""
    await session.execute(
        update(Admin).where(Admin.id == admin_id).values(password_hash=password_hash)
    )
    await end_all(session, admin_id, at, but=but)


def alive(at: datetime, limits: SessionLimits) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of sessions that are not over."""
    return (
        SignInSession.ended_at.is_(None),
        near(SignInSession.seen_at, at, limits.idle),
        near(SignInSession.begun_at, at, limits.absolute),
    )


def _held() -> Select[str]:
    query = select(Role.code).join(UserRole, UserRole.role_id == Role.id)
    return query.where(UserRole.is_active)


def _living(
    at: datetime, limits: SessionLimits, token: str
) -> Select[SignInSession, Admin, User, list[str] | None]:
    """Find a session, whose it is and what they hold, in one question."""
    held = _held().with_only_columns(func.array_agg(Role.code)).where(UserRole.user_id == User.id)
    return (
        select(SignInSession, Admin, User, held.scalar_subquery())
        .join(Admin, Admin.id == SignInSession.admin_id)
        .join(User, User.admin_id == Admin.id)
        .where(
            SignInSession.token_hash == hash_token(token),
            *alive(at, limits),
            Admin.is_active,
            User.is_active,
        )
    )
