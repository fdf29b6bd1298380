"""The columns of a table whose rows fall due, are worked on and are kept as their own history."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Keyed, one_of
from core.jobs.queue import JobQueue


class Due(Keyed):
    """A row that falls due: handed out, held by one worker at a time, and settled.

    pending → queued → held by a worker → settled, or pending again
    """

    seq: Mapped[int] = mapped_column(
        BigInteger, Identity(always=True), comment="The order in which rows were made."
    )
    status: Mapped[str] = mapped_column(
        server_default="pending", default="pending", comment="How far it is worked off."
    )
    attempts: Mapped[int] = mapped_column(
        server_default="0", default=0, comment="How often it was tried."
    )
    losses: Mapped[int] = mapped_column(
        SmallInteger,
        server_default="0",
        default=0,
        comment="Workers in a row that held it and never came back.",
    )
    next_attempt_at: Mapped[datetime] = mapped_column(comment="When it is tried, or tried again.")
    reopened_at: Mapped[datetime | None] = mapped_column(
        comment="When it was given all its attempts anew; patience counts from here, if not NULL."
    )
    lease_until: Mapped[datetime | None] = mapped_column(
        comment="Until when a broker or a worker has it; past that it is anybody's."
    )
    held_by: Mapped[UUID | None] = mapped_column(
        comment="The claim that holds it, or held it last; any other changes nothing."
    )
    last_error: Mapped[str | None] = mapped_column(
        comment="The code of the last fault, never its words."
    )


def due_rows(queue: JobQueue, statuses: Sequence[str]) -> tuple[CheckConstraint | Index, ...]:
    """Return what such a table needs beside its columns: its statuses, and how rows are found."""
    table, due = queue.table, text("status = 'pending'")
    leased = text(one_of("status", ("queued", queue.held)))
    under_way = text(one_of("status", queue.under_way))
    return (
        CheckConstraint(one_of("status", tuple(statuses)), name="status"),
        Index(f"idx_{table}_due", "next_attempt_at", "seq", postgresql_where=due),
        Index(f"idx_{table}_leased", "lease_until", postgresql_where=leased),
        Index(f"idx_{table}_order", "lane", "seq", postgresql_where=under_way),
    )
