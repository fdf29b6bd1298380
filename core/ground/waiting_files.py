"""Which files wait on which machine for the store, so that every machine can say so."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base
from core.ground.clock import Clock
from core.ground.database import Database, borrowed, transaction

_NOTE = """
INSERT INTO waiting_files (key, machine, since)
SELECT key, $2, $3 FROM unnest($1::text[]) AS key
    ON CONFLICT DO NOTHING
"""
_SETTLE = "DELETE FROM waiting_files WHERE machine = $2 AND key <> ALL($1::text[])"
_FOLLOWED = "DELETE FROM waiting_files WHERE key = $1"
_IS_WAITING = "SELECT EXISTS (SELECT FROM waiting_files WHERE key = $1)"


class WaitingFile(Base):
    """A file that is durable on one machine and not yet in the store."""

    __tablename__ = "waiting_files"

    key: Mapped[str] = mapped_column(
        primary_key=True, comment="Key in storage, as the rows name it that the file belongs to."
    )
    machine: Mapped[str] = mapped_column(
        primary_key=True,
        comment="The machine whose spool holds it; equal content may wait on several.",
    )
    since: Mapped[datetime] = mapped_column(comment="Since when it waits there.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFiles:
    """The ledger of one machine. Raises DatabaseAwayError."""

    database: Database
    machine: str
    clock: Clock

    async def note(self, keys: Collection[str]) -> None:
        """Write down that these files wait on this machine; twice is as good as once."""
        async with borrowed(self.database) as connection:
            await connection.execute(_NOTE, list(keys), self.machine, self.clock())

    async def settle(self, keys: Collection[str]) -> None:
        """Write down that these files, and no others, wait on this machine."""
        async with borrowed(self.database) as connection:
            await connection.execute(_SETTLE, list(keys), self.machine)
            await connection.execute(_NOTE, list(keys), self.machine, self.clock())

    async def followed(self, key: str) -> None:
        """Write down that a file is in the store: it waits on no machine any more."""
        async with borrowed(self.database) as connection:
            await connection.execute(_FOLLOWED, key)

    async def is_waiting(self, key: str) -> bool:
        """Say whether a file waits on any machine."""
        async with borrowed(self.database) as connection:
            return bool(await connection.fetchval(_IS_WAITING, key))


async def machines_of(session: AsyncSession, keys: Collection[str]) -> Mapping[str, str]:
    """Return by key on which machine a file waits; one that waits nowhere is not in it."""
    query = select(WaitingFile.key, WaitingFile.machine).where(WaitingFile.key.in_(keys))
    return {key: machine for key, machine in await session.execute(query)}  # noqa: C416 - rows, not pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many files wait on a machine, and since when the first of them."""

    machine: str
    files: int
    since: datetime


async def by_machine(database: Database) -> tuple[Waiting, ...]:
    """Return what waits, machine by machine. Raises DatabaseAwayError."""
    query = (
        select(WaitingFile.machine, func.count(), func.min(WaitingFile.since))
        .group_by(WaitingFile.machine)
        .order_by(WaitingFile.machine)
    )
    async with transaction(database) as session:
        rows = (await session.execute(query)).all()
    return tuple(
        Waiting(machine=machine, files=files, since=since) for machine, files, since in rows
    )
