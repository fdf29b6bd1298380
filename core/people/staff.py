"""Staff: sign-in accounts (admins), the people behind them (users) and what they may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.ground.base import Base, Keyed, at_present, one_of
from core.people.roles import ROLES


class Admin(Keyed, Base):
    """A sign-in account. The KISS schema keeps credentials apart from the person."""

    __tablename__ = "admins"
    __table_args__ = (
        CheckConstraint(one_of("role", tuple(code for code, _, _ in ROLES)), name="role"),
    )

    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    full_name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str] = mapped_column(index=True)
    is_active: Mapped[bool] = mapped_column(server_default=true(), index=True)
    last_login: Mapped[datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNames:
    """What an account goes by; none of it makes a good password."""

    username: str
    full_name: str
    email: str

    @classmethod
    def of(cls, admin: Admin) -> Self:
        """Read the names of an account."""
        return cls(username=admin.username, full_name=admin.full_name, email=admin.email)


class User(Keyed, Base):
    """A member of staff: where they work and how they are reached."""

    __tablename__ = "users"

    admin_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("admins.id", ondelete="SET NULL"), unique=True
    )
    unit_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("units.id", ondelete="RESTRICT"), index=True
    )
    full_name: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)
    phone: Mapped[str | None]
    language: Mapped[str] = mapped_column(server_default="id")
    is_active: Mapped[bool] = mapped_column(server_default=true(), index=True)

    admin: Mapped[Admin | None] = relationship(lazy="raise")


class Role(Keyed, Base):
    """A role a member of staff can hold."""

    __tablename__ = "roles"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")


class UserRole(Keyed, Base):
    """Who holds which role, given when and by whom; ended by `is_active`, never deleted."""

    __tablename__ = "user_roles"
    __table_args__ = (UniqueConstraint("user_id", "role_id"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role_id: Mapped[UUID] = mapped_column(ForeignKey("roles.id", ondelete="CASCADE"), index=True)
    assigned_at: Mapped[datetime] = mapped_column(default=at_present)
    assigned_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    is_active: Mapped[bool] = mapped_column(server_default=true(), index=True)
