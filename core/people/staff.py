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

    username: Mapped[str] = mapped_column(unique=True, comment="What is typed to sign in.")
    password_hash: Mapped[str] = mapped_column(comment="Argon2id, with its salt and cost in it.")
    full_name: Mapped[str] = mapped_column(comment="The person's name, as the account was made.")
    email: Mapped[str] = mapped_column(unique=True, comment="Where links to choose a password go.")
    role: Mapped[str] = mapped_column(
        index=True, comment="The first of the person's roles, as the account was made."
    )
    is_active: Mapped[bool] = mapped_column(
        server_default=true(), index=True, comment="Whether it can sign in."
    )
    last_login: Mapped[datetime | None] = mapped_column(comment="When it was signed in last.")


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
        ForeignKey("admins.id", ondelete="SET NULL"),
        unique=True,
        comment="The account they sign in with; NULL: they do not.",
    )
    unit_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("units.id", ondelete="RESTRICT"),
        index=True,
        comment="Where they work; NULL: in the whole house.",
    )
    full_name: Mapped[str] = mapped_column(comment="Their name.")
    email: Mapped[str | None] = mapped_column(unique=True, comment="Where news for them goes.")
    phone: Mapped[str | None] = mapped_column(comment="How they are called.")
    language: Mapped[str] = mapped_column(
        server_default="id", comment="The language their pages and news are in."
    )
    is_active: Mapped[bool] = mapped_column(
        server_default=true(), index=True, comment="Whether they work here."
    )

    admin: Mapped[Admin | None] = relationship(lazy="raise")


class Role(Keyed, Base):
    """A role a member of staff can hold."""

    __tablename__ = "roles"

    code: Mapped[str] = mapped_column(unique=True, comment="What the code asks for.")
    name: Mapped[str] = mapped_column(comment="What staff read, in Indonesian.")
    description: Mapped[str] = mapped_column(server_default="", comment="The same in English.")


class UserRole(Keyed, Base):
    """Who holds which role, given when and by whom; ended by `is_active`, never deleted."""

    __tablename__ = "user_roles"
    __table_args__ = (UniqueConstraint("user_id", "role_id"),)

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True, comment="Who holds it."
    )
    role_id: Mapped[UUID] = mapped_column(
        ForeignKey("roles.id", ondelete="CASCADE"), index=True, comment="What they hold."
    )
    assigned_at: Mapped[datetime] = mapped_column(default=at_present, comment="When it was given.")
    assigned_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), comment="Who gave it; NULL: the command line."
    )
    is_active: Mapped[bool] = mapped_column(
        server_default=true(), index=True, comment="Whether they hold it still."
    )
