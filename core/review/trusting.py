"""Sources of mail that people trust: added, listed, removed; every process knows at once."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.audit.trail import note_change
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.ground.ids import uuid7
from core.ground.text import clean_line
from core.hospital.directory import TRUSTED_KINDS
from core.hospital.mail_providers import is_public
from core.hospital.trusted_source import TrustedAddress
from core.people.staff import User
from core.runtime import Runtime

LONGEST = 254
"""Characters of an address (RFC 5321 §4.5.3.1.3, without its brackets)."""
_DOMAIN = r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+"
_ADDRESS = re.compile(rf"[^\s@<>,;\"()]*@{_DOMAIN}")
_LIST_ID = re.compile(_DOMAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedRow:
    """A trusted source in a list."""

    id: UUID
    kind: str
    address: str
    added_by: str | None
    """A name; None: the command line or the hospital's file."""
    added_at: datetime


@dataclass(frozen=True, slots=True)
class TrustedSources:
    """`by` None is the command line. Every verb raises DatabaseAwayError."""

    runtime: Runtime

    async def all(self) -> tuple[TrustedRow, ...]:
        """List them, by kind and address."""
        query = (
            select(TrustedAddress, User.full_name)
            .outerjoin(User, User.id == TrustedAddress.added_by)
            .order_by(TrustedAddress.kind, TrustedAddress.address)
        )
        async with transaction(self.runtime.database) as session:
            return tuple(_row(one, name) for one, name in await session.execute(query))

    async def add(self, kind: str, address: str, *, by: UUID | None) -> None:
        """Trust a source; one that is trusted stays as it is. Raises ValueError as `read` does."""
        async with transaction(self.runtime.database) as session:
            await self.add_within(session, kind, address, by=by)
        await self.runtime.directory.reload()

    async def add_within(
        self, session: AsyncSession, kind: str, address: str, *, by: UUID | None
    ) -> None:
        """Do what `add` does as part of a transaction; its caller reloads the directory."""
        now, kept = self.runtime.clock(), read_source(kind, address)
        row = {
            "id": uuid7(),
            "kind": kind,
            "address": kept,
            "added_by": by,
            "created_at": now,
            "updated_at": now,
        }
        statement = insert(TrustedAddress).values(row).on_conflict_do_nothing()
        added = await session.scalar(statement.returning(TrustedAddress.id))
        if added is not None:
            _note(session, by, "added", now, added, kind=kind, address=kept)

    async def remove(self, source_id: UUID, *, by: UUID | None) -> None:
        """Trust a source no more. Raises NotFoundError."""
        now = self.runtime.clock()
        gone = delete(TrustedAddress).where(TrustedAddress.id == source_id)
        async with transaction(self.runtime.database) as session:
            what = gone.returning(TrustedAddress.kind, TrustedAddress.address)
            row = (await session.execute(what)).first()
            if row is None:
                raise NotFoundError
            _note(session, by, "removed", now, source_id, kind=row.kind, address=row.address)
        await self.runtime.directory.reload()


def read_source(kind: str, address: str) -> str:
    """Return an address as it is kept: a mail address, `@domain`, or for a list its List-Id.

    Raises ValueError for anything else, for a kind there is not, and for a whole domain in which
    anybody can have a mailbox.
    """
    told = clean_line(address).strip("<>").strip().lower()
    fits = _ADDRESS.fullmatch(told) or (kind == "list" and _LIST_ID.fullmatch(told))
    anybodys = told.startswith("@") and is_public(told[1:])
    if kind not in TRUSTED_KINDS or len(told) > LONGEST or not fits or anybodys:
        raise ValueError(kind)
    return told


def _note(
    session: AsyncSession, by: UUID | None, verb: str, now: datetime, source_id: UUID, **what: str
) -> None:
    """Leave a line in the audit: the row may be gone when somebody asks who was trusted."""
    note_change(session, by, f"trusted_source.{verb}", now, subject_id=source_id, **what)


def _row(one: TrustedAddress, name: str | None) -> TrustedRow:
    return TrustedRow(
        id=one.id, kind=one.kind, address=one.address, added_by=name, added_at=one.created_at
    )
