"""Attempts at a password or a code: how fast they may follow each other. Nobody is locked out.

Each row of the table is a bucket: `burst` attempts are free, then one may follow every `refill`.
A browser in which the account was signed in before has a bucket of its own, so that nobody who
hammers at an account from elsewhere can make its owner wait.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import func

from core.ground.base import Base


class Attempts(Base):
    """One bucket. `busy_until` moves by `refill` with each attempt; a past moment means empty."""

    __tablename__ = "attempts"
    __table_args__ = {"schema": "auth"}  # noqa: RUF012 - SQLAlchemy's own spelling

    key: Mapped[str] = mapped_column(primary_key=True)
    """A keyed hash: who tried from where is in it, and cannot be read from it."""
    busy_until: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How many attempts are free, and how often another one follows."""

    name: str
    burst: int
    refill: timedelta


KNOWN_BROWSER = RateLimit("browser", 10, timedelta(seconds=30))
ACCOUNT_FROM_ADDRESS = RateLimit("pair", 5, timedelta(seconds=60))
ACCOUNT_FROM_ANYWHERE = RateLimit("account", 100, timedelta(seconds=20))
ADDRESS = RateLimit("address", 60, timedelta(seconds=5))
"""Wide: a whole hospital may stand behind one address."""
SECOND_FACTOR = RateLimit("code", 5, timedelta(seconds=60))


@dataclass(frozen=True, slots=True)
class Bucket:
    """A rule applied to somebody."""

    rule: RateLimit
    who: tuple[str, ...]

    def key(self, secret: bytes) -> str:
        """Return the row's key."""
        text = "\x1f".join((self.rule.name, *self.who))
        return hmac.digest(secret, text.encode(), hashlib.sha256).hex()


async def take(
    session: AsyncSession, secret: bytes, bucket: Bucket, at: datetime
) -> timedelta | None:
    """Count an attempt; return how long to wait where it comes too soon (it is not counted then).

    Counted before it is tried: a hundred attempts at the same moment are a hundred attempts.
    """
    rule, key = bucket.rule, bucket.key(secret)
    statement = insert(Attempts).values(key=key, busy_until=at + rule.refill)
    latest = at + rule.refill * (rule.burst - 1)
    taken = statement.on_conflict_do_update(
        index_elements=[Attempts.key],
        set_={"busy_until": func.greatest(Attempts.busy_until, at) + rule.refill},
        where=Attempts.busy_until <= latest,
    ).returning(Attempts.key)
    if await session.scalar(taken) is not None:
        return None
    row = await session.get_one(Attempts, key)
    return row.busy_until - latest


async def forgive(session: AsyncSession, secret: bytes, bucket: Bucket, at: datetime) -> None:
    """Empty a bucket after a success, and sweep away those that emptied themselves."""
    await session.execute(
        delete(Attempts).where((Attempts.key == bucket.key(secret)) | (Attempts.busy_until < at))
    )
