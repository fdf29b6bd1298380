"""Buckets that all processes share: a row each, under a name that tells nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import func

from core.ground.base import Base
from core.ground.database import Database, transaction
from core.ground.limit import BucketLimit
from core.ground.seals import BUCKET, sign
from core.ground.secret import Secret


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

    def key(self, secret: Secret) -> str:
        """Return the row's key."""
        return sign(secret, BUCKET, "\x1f".join((self.limit.name, *self.who)).encode()).hex()


async def take(
    session: AsyncSession, secret: Secret, bucket: Bucket, at: datetime
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


async def take_each(
    database: Database, secret: Secret, buckets: Iterable[Bucket], at: datetime
) -> Bucket | None:
    """Count one in every bucket, in order; return the one that was full, if any.

    The first that is full ends it: those behind it are not counted. Whoever takes several names
    them in the same order as all others, the shared ones last. Raises DatabaseAwayError.
    """
    async with transaction(database) as session:
        for bucket in buckets:
            if await take(session, secret, bucket, at) is not None:
                return bucket
    return None


async def forgive(session: AsyncSession, secret: Secret, bucket: Bucket) -> None:
    """Fill a bucket after a success."""
    await session.execute(delete(StoredBucket).where(StoredBucket.key == bucket.key(secret)))


async def give_back(session: AsyncSession, secret: Secret, bucket: Bucket) -> None:
    """Put back the one that was taken, where only failures count."""
    await session.execute(
        update(StoredBucket)
        .where(StoredBucket.key == bucket.key(secret))
        .values(busy_until=StoredBucket.busy_until - bucket.limit.refill)
    )
