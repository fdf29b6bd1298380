"""What waits on the review desk, counted; copies of one message count once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Subquery, Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.jobs.inbound import Inbound
from core.review.overdue import is_overdue

STATUS: Final = "quarantined"
"""What waits; it is the one truth of that."""


COUNTED: Final = 1000
"""So many rows are counted, danger first, then the oldest: a flood costs no page its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCount:
    """How much waits on the desk."""

    count: int = 0
    since: datetime | None = None
    """When the one arrived that waits longest."""
    danger: int = 0
    """How many of them hold words of danger."""
    is_more: bool = False
    """Whether more wait than were counted."""

    def alarms(self, now: datetime) -> bool:
        """Say whether somebody should look at once: it waits too long, or speaks of danger."""
        return bool(self.danger) or (self.since is not None and is_overdue(self.since, now))


def copy_key(one: type[Inbound] = Inbound) -> ColumnElement[str]:
    """Return what copies of one message have in common, beside channel and external id."""
    return func.coalesce(func.nullif(one.summary["key"].astext, ""), cast(one.id, Text))


def looked_at() -> Subquery:
    """Return the rows that are counted, each with its place among its copies: 1 is the first.

    Numbered in one pass, with no join that old statistics could plan badly: thousands of mails may
    share an id, each with other words.
    """
    counted = (
        select(
            Inbound.id,
            Inbound.channel,
            Inbound.external_id,
            copy_key().label("copy"),
            Inbound.seq,
            Inbound.received_at,
            Inbound.is_danger,
        )
        .where(Inbound.status == STATUS)
        .order_by(Inbound.is_danger.desc(), Inbound.received_at, Inbound.id)
        .limit(COUNTED)
        .subquery()
    ).c
    copies = (counted.channel, counted.external_id, counted.copy)
    place = func.row_number().over(partition_by=copies, order_by=counted.seq)
    columns = (counted.id, counted.received_at, counted.is_danger)
    return select(*columns, place.label("place")).subquery()


async def count_waiting(session: AsyncSession) -> DeskCount:
    """Count what waits now."""
    one = looked_at().c
    first = one.place == 1
    query = select(
        func.count(),
        func.count().filter(first),
        func.min(one.received_at),
        func.count().filter(first, one.is_danger),
    )
    rows, count, since, danger = (await session.execute(query)).one()
    return DeskCount(count=count, since=since, danger=danger, is_more=rows >= COUNTED)
