"""Buckets that all processes share: a row each, under a name that tells nobody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import func

from core.ground.base import Base
from core.ground.rate_limits import BucketLimit
from core.ground.seals import BUCKET, sign


class StoredBucket(Base):
    """One bucket. `busy_until` moves by the refill with each taking; a past moment means full."""

    __tablename__ = "rate_limits"

    key: Mapped[str] = mapped_column(
        primary_key=True,
        comment="A signature: who tried from where is in it, and cannot be read from it.",
    )
    busy_until: Mapped[datetime] = mapped_column(
        comment="When the bucket is full again; moves by the refill with each taking."
    )


@dataclass(frozen=True, slots=True)
class Bucket:
    """A limit applied to somebody."""

    limit: BucketLimit
    who: tuple[str, ...]

    def key(self, secret: bytes) -> str:
        """Return the row's key."""
        return sign(secret, BUCKET, "\x1f".join((self.limit.name, *self.who)).encode()).hex()


async def take(
    session: AsyncSession, secret: bytes, bucket: Bucket, at: datetime
) -> timedelta | None:
    """Count one; return how long to wait where it comes too soon (it is not counted then).

    Counted before it is tried: a hundred attempts at the same moment are a hundred attempts.
    """
    limit, key = bucket.limit, bucket.key(secret)
    statement = insert(StoredBucket).values(key=key, busy_until=at + limit.refill)
    latest = at + limit.refill * (limit.burst - 1)
    taken = statement.on_conflict_do_update(
        index_elements=[StoredBucket.key],
        set_={"busy_until": func.greatest(StoredBucket.busy_until, at) + limit.refill},
        where=StoredBucket.busy_until <= latest,
    ).returning(StoredBucket.key)
    if await session.scalar(taken) is not None:
        return None
    row = await session.get_one(StoredBucket, key)
    wait = row.busy_until - latest
    if wait > limit.refill:  # written by a clock that was ahead: it counts as just emptied
        row.busy_until, wait = latest + limit.refill, limit.refill
    return wait


async def forgive(session: AsyncSession, secret: bytes, bucket: Bucket) -> None:
    """Fill a bucket after a success."""
    await session.execute(delete(StoredBucket).where(StoredBucket.key == bucket.key(secret)))
