"""What is done to members of staff: let one in, change the password, let one go.

The sign-in account (`admins`) and the person (`users`) are two rows that belong together.
"""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.administration.changing import TakenError
from core.audit.trail import note_change
from core.ground import email_address
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.hospital.unit import Unit
from core.people.sessions import end_all
from core.people.staff import Admin, Role, User, UserRole
from core.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """Somebody to be let in. The first role is the one the account is listed under."""

    username: str
    full_name: str
    email: str
    password_hash: str
    roles: tuple[str, ...]
    unit_code: str | None = None
    phone: str | None = None
    language: str = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """A member of staff in a list."""

    id: UUID
    username: str
    full_name: str
    email: str
    unit: str | None
    is_active: bool
    roles: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Staff:
    """Every verb raises NotFoundError (no such person, unit or role) and DatabaseAwayError."""

    runtime: Runtime

    async def all(self) -> tuple[StaffRow, ...]:
        """List everybody with an account, by user name."""
        roles = func.array_remove(func.array_agg(Role.code), None)
        query = (
            select(Admin, User, Unit.code, roles)
            .join(User, User.admin_id == Admin.id)
            .outerjoin(Unit, Unit.id == User.unit_id)
            .outerjoin(UserRole, (UserRole.user_id == User.id) & UserRole.is_active)
            .outerjoin(Role, Role.id == UserRole.role_id)
            .group_by(Admin.id, User.id, Unit.code)
            .order_by(Admin.username)
        )
        async with transaction(self.runtime.database) as session:
            return tuple(_row(*found) for found in await session.execute(query))

    async def find(self, name: str) -> UUID:
        """Return the id of a member of staff by user name or e-mail address."""
        async with transaction(self.runtime.database) as session:
            return (await _find(session, name))[1].id

    async def add(self, new: NewUser) -> UUID:
        """Let somebody in and return their id. Raises TakenError."""
        async with transaction(self.runtime.database) as session:
            user_id = await add_within(session, new)
            note_change(session, None, "account.added", self.runtime.clock(), subject_id=user_id)
        return user_id

    async def disable(self, name: str) -> None:
        """Let somebody in no more; what they did stays theirs, and their sessions end."""
        async with transaction(self.runtime.database) as session:
            admin, user = await _find(session, name)
            admin.is_active = user.is_active = False
            await end_all(session, admin.id, self.runtime.clock())
            note_change(session, None, "account.closed", self.runtime.clock(), subject_id=user.id)

    async def set_password(self, name: str, password_hash: str) -> None:
        """Give an account another password; its sessions end."""
        async with transaction(self.runtime.database) as session:
            admin, user = await _find(session, name)
            admin.password_hash = password_hash
            await end_all(session, admin.id, self.runtime.clock())
            note_change(session, None, "account.password", self.runtime.clock(), subject_id=user.id)


async def add_within(session: AsyncSession, new: NewUser) -> UUID:
    """Let somebody in, in a transaction that the caller commits. Raises TakenError."""
    taken = or_(Admin.username == new.username, Admin.email == new.email)
    if await session.scalar(select(Admin.id).where(taken)):
        raise TakenError
    unit = None
    if new.unit_code:
        unit = await session.scalar(select(Unit).where(Unit.code == new.unit_code.upper()))
        if unit is None:
            raise NotFoundError
    admin = Admin(
        username=new.username,
        full_name=new.full_name,
        email=new.email,
        password_hash=new.password_hash,
        role=new.roles[0],
    )
    session.add(admin)
    await session.flush()
    user = User(
        admin_id=admin.id,
        full_name=new.full_name,
        email=new.email,
        phone=new.phone,
        language=new.language,
        unit_id=unit.id if unit else None,
    )
    session.add(user)
    await session.flush()
    await set_roles(session, user.id, new.roles)
    return user.id


async def set_roles(session: AsyncSession, user_id: UUID, roles: tuple[str, ...]) -> None:
    """Let somebody hold exactly these roles; ended ones stay as history."""
    known = dict((await session.execute(select(Role.code, Role.id))).all())
    if not set(roles) <= set(known):
        raise NotFoundError
    held = {
        row.role_id: row
        for row in await session.scalars(select(UserRole).where(UserRole.user_id == user_id))
    }
    wanted = {known[code] for code in roles}
    for role_id, row in held.items():
        row.is_active = role_id in wanted
    for role_id in wanted - set(held):
        session.add(UserRole(user_id=user_id, role_id=role_id))
    await session.flush()


async def _find(session: AsyncSession, name: str) -> tuple[Admin, User]:
    wanted = email_address.read(name) or name.lower()
    query = (
        select(Admin, User)
        .join(User, User.admin_id == Admin.id)
        .where(or_(Admin.username == wanted, Admin.email == wanted))
        .with_for_update()
    )
    found = (await session.execute(query)).first()
    if found is None:
        raise NotFoundError
    return found[0], found[1]


def _row(admin: Admin, user: User, unit: str | None, roles: list[str]) -> StaffRow:
    return StaffRow(
        id=user.id,
        username=admin.username,
        full_name=user.full_name,
        email=admin.email,
        unit=unit,
        is_active=admin.is_active and user.is_active,
        roles=tuple(sorted(roles)),
    )
