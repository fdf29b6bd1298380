"""The refusals of all processes, written down by the hour: which limit, and how often.

Nobody waits for it: a process counts in memory, writes what it counted every few seconds and once
more at its end, and goes on counting while the database is away.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg
from sqlalchemy import BigInteger, select
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base
from core.ground.clock import Clock
from core.ground.database import Database, DatabaseAwayError, borrowed, transaction
from core.ground.refusals import Refusals

_logger = logging.getLogger(__name__)

EVERY_SECONDS: Final = 5.0
_PATIENCE_SECONDS: Final = 2.0

_ADD = """
INSERT INTO refusals AS r (name, hour, times)
SELECT name, date_trunc('hour', $3::timestamptz, 'UTC'), times
  FROM unnest($1::text[], $2::bigint[]) AS counted (name, times) ORDER BY name
    ON CONFLICT (name, hour) DO UPDATE SET times = r.times + excluded.times
"""


class RefusedInHour(Base):
    """How often a limit refused, or put off, in one hour. Whom it met is written nowhere."""

    __tablename__ = "refusals"

    name: Mapped[str] = mapped_column(
        primary_key=True, comment="The limit, as the table of limits calls it."
    )
    hour: Mapped[datetime] = mapped_column(
        primary_key=True, comment="When the hour began in which it was written down."
    )
    times: Mapped[int] = mapped_column(BigInteger, comment="How often it refused in this hour.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What a limit refused within an hour."""

    name: str
    hour: datetime
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalLedger:
    """Writes down what one process counted, and reads what all of them did."""

    database: Database
    refusals: Refusals
    clock: Clock

    async def keep(self) -> None:
        """Write now and then, until cancelled."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.write()

    async def write(self) -> None:
        """Write what was counted; what cannot be written now is counted on."""
        counts = self.refusals.take()
        if not counts:
            return
        names = sorted(counts)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), borrowed(self.database) as connection:
                await connection.execute(
                    _ADD, names, [counts[name] for name in names], self.clock()
                )
        except (DatabaseAwayError, TimeoutError, asyncpg.PostgresError) as error:
            self.refusals.put_back(counts)
            _logger.info("refusals are not written down yet: %s", type(error).__name__)
        except asyncio.CancelledError:
            self.refusals.put_back(counts)
            raise

    async def end(self) -> None:
        """Write the last of it, before the database is closed."""
        with contextlib.suppress(Exception):  # a count: nothing may hold up the end of a process
            await self.write()


async def refused_since(database: Database, since: datetime) -> tuple[Refused, ...]:
    """Read the hours that began since then, the newest first. Raises DatabaseAwayError."""
    query = (
        select(RefusedInHour)
        .where(RefusedInHour.hour >= since)
        .order_by(RefusedInHour.hour.desc(), RefusedInHour.name)
    )
    async with transaction(database) as session:
        return tuple(
            Refused(name=row.name, hour=row.hour, times=row.times)
            for row in await session.scalars(query)
        )
