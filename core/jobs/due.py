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

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    status: Mapped[str] = mapped_column(server_default="pending", default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0", default=0)
    losses: Mapped[int] = mapped_column(SmallInteger, server_default="0", default=0)
    """Workers in a row that held it and never came back."""
    next_attempt_at: Mapped[datetime]
    reopened_at: Mapped[datetime | None]
    """When it was given all its attempts anew; patience counts from here, else from its making."""
    lease_until: Mapped[datetime | None]
    held_by: Mapped[UUID | None]
    """The claim that holds it, or held it last: whoever comes back with another changes nothing."""
    last_error: Mapped[str | None]


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
