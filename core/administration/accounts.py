"""What an administrator does to accounts: invite, change, close, open again, send a fresh link.

Every verb is one transaction and leaves a line in the audit. The last administrator stays one.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.administration.changing import TakenError
from core.administration.staff import NewUser, add_within, set_roles
from core.audit.trail import note_change
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.people import links, passwords, second_factor, sessions
from core.people.links import Purpose
from core.people.staff import Admin, Role, User, UserRole
from core.runtime import Runtime


class LastAdministratorError(Exception):
    """Nobody would be left to look after accounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What may be changed of a member of staff."""

    full_name: str
    email: str
    unit_id: UUID | None
    language: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCard:
    """A member of staff as the pages show them."""

    user_id: UUID
    username: str
    full_name: str
    email: str
    unit_id: UUID | None
    language: str
    is_active: bool
    """Whether the account lets anybody in."""
    last_login: datetime | None
    roles: tuple[str, ...]
    has_second_factor: bool
    is_invited: bool
    """Whether they have never been in and an invitation is still open."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Every verb takes the user's id and `by`, the administrator; raises NotFoundError."""

    runtime: Runtime

    async def card(self, user_id: UUID) -> AccountCard:
        """Return one member of staff."""
        async with transaction(self.runtime.database) as session:
            user, admin = await _both(session, user_id)
            return AccountCard(
                user_id=user.id,
                username=admin.username,
                full_name=user.full_name,
                email=admin.email,
                unit_id=user.unit_id,
                language=user.language,
                is_active=admin.is_active,
                last_login=admin.last_login,
                roles=tuple(sorted(await sessions.roles_of(session, user_id))),
                has_second_factor=await second_factor.enrolled(session, admin.id),
                is_invited=admin.last_login is None
                and await links.is_open(session, admin.id, self.runtime.clock()),
            )

    async def invite(self, new: NewUser, *, by: UUID) -> tuple[UUID, str]:
        """Make an account and return the person's id and their link's token.

        `password_hash` of `new` is ignored: nobody knows a password until the link is used.
        Raises TakenError.
        """
        nobody = await passwords.hashed(secrets.token_urlsafe())
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            user_id = await add_within(session, replace(new, password_hash=nobody))
            _user, admin = await _both(session, user_id)
            note_change(
                session, by, "account.invited", now, subject_id=user_id, roles=list(new.roles)
            )
            return user_id, await links.make_link(session, admin.id, "invite", now, by=by)

    async def send_link(self, user_id: UUID, *, by: UUID) -> tuple[Purpose, str]:
        """Make a fresh link for somebody, an invitation if they have never been in."""
        async with self._changing(user_id, by, "account.linked") as (session, _user, admin, now):
            purpose: Purpose = "reset" if admin.last_login else "invite"
            return purpose, await links.make_link(session, admin.id, purpose, now, by=by)

    async def change(self, user_id: UUID, facts: AccountFacts, *, by: UUID) -> None:
        """Change who somebody is and what they may; it holds from their next request.

        Raises TakenError, LastAdministratorError.
        """
        async with self._changing(user_id, by, "account.changed", roles=list(facts.roles)) as (
            session,
            user,
            admin,
            _now,
        ):
            if "administrator" not in facts.roles:
                await _keep_one(session, user_id)
            same = (func.lower(Admin.email) == facts.email.lower(), Admin.id != admin.id)
            if await session.scalar(select(Admin.id).where(*same)) is not None:
                raise TakenError
            user.full_name = admin.full_name = facts.full_name
            user.email = admin.email = facts.email
            user.unit_id, user.language = facts.unit_id, facts.language
            admin.role = facts.roles[0]
            await set_roles(session, user_id, facts.roles)

    async def close(self, user_id: UUID, *, by: UUID) -> None:
        """Let somebody in no more; sessions and links end. Raises LastAdministratorError."""
        async with self._changing(user_id, by, "account.closed") as (session, user, admin, now):
            await _keep_one(session, user_id)
            user.is_active = admin.is_active = False
            await sessions.end_all(session, admin.id, now)
            await links.end_links(session, admin.id, now)

    async def reopen(self, user_id: UUID, *, by: UUID) -> None:
        """Let somebody in again."""
        async with self._changing(user_id, by, "account.reopened") as (_session, user, admin, _):
            user.is_active = admin.is_active = True

    async def end_sessions(self, user_id: UUID, *, by: UUID) -> None:
        """Sign somebody out everywhere."""
        async with self._changing(user_id, by, "account.signed_out") as (session, _, admin, now):
            await sessions.end_all(session, admin.id, now)

    async def forget_telephone(self, user_id: UUID, *, by: UUID) -> None:
        """Take a lost authenticator off an account; every session ends."""
        async with self._changing(user_id, by, "account.telephone") as (session, _, admin, now):
            await second_factor.remove(session, admin.id)
            await sessions.end_all(session, admin.id, now)

    @asynccontextmanager
    async def _changing(
        self, user_id: UUID, by: UUID, verb: str, **data: object
    ) -> AsyncIterator[tuple[AsyncSession, User, Admin, datetime]]:
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            user, admin = await _both(session, user_id)
            note_change(session, by, verb, now, subject_id=user_id, **data)
            yield session, user, admin, now


async def _both(session: AsyncSession, user_id: UUID) -> tuple[User, Admin]:
    query = select(User, Admin).join(Admin, Admin.id == User.admin_id).where(User.id == user_id)
    found = (await session.execute(query)).first()
    if found is None:
        raise NotFoundError
    return found[0], found[1]


async def _keep_one(session: AsyncSession, user_id: UUID) -> None:
    """Refuse to lose the last administrator; the role's row serialises two who try at once."""
    role_id = await session.scalar(
        select(Role.id).where(Role.code == "administrator").with_for_update()
    )
    query = (
        select(UserRole.user_id)
        .join(User, User.id == UserRole.user_id)
        .where(UserRole.role_id == role_id, UserRole.is_active, User.is_active)
    )
    if set(await session.scalars(query)) == {user_id}:
        raise LastAdministratorError
