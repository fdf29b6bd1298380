"""Files of anonymous reports that wait to be cleaned and sealed: rows that fall due at once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base
from core.jobs.due import Due, due_rows
from core.jobs.queue import JobQueue

CLEANINGS = JobQueue(
    topic="cleanings",
    table="cleanings",
    held="cleaning",
    reads="q.attachment_id",
    patience="'fetching'",
)
"""Files of anonymous reports, to be cleaned and sealed."""

STATUSES = ("pending", "queued", "cleaning", "done", "failed")


class Cleaning(Due, Base):
    """A file of an anonymous report that is cleaned for others, and its original sealed."""

    __tablename__ = "cleanings"
    __table_args__ = (*due_rows(CLEANINGS, STATUSES), UniqueConstraint("attachment_id"))

    attachment_id: Mapped[UUID] = mapped_column(
        comment="The file; no reference, so that a report can be erased meanwhile."
    )
    lane: Mapped[str | None] = mapped_column(comment="Always NULL: files wait for nothing else.")


_EXPECT = """
INSERT INTO cleanings (attachment_id, next_attempt_at, created_at, updated_at)
SELECT a.id, :now, :now, :now
  FROM ticket_attachments a
  JOIN tickets t ON t.id = a.ticket_id
  LEFT JOIN messages m ON m.id = a.message_id
 WHERE t.is_anonymous AND a.sealed_key IS NULL AND a.status <> 'pending'
   AND (m.id IS NULL OR m.author <> 'staff')
   AND {which}
    ON CONFLICT DO NOTHING
"""
_OF_TICKET = text(_EXPECT.format(which="a.ticket_id = :ticket_id"))
_OF_REF = text(_EXPECT.format(which="a.file_path = :path"))
_LEFT = text(
    _EXPECT.format(
        which="NOT EXISTS (SELECT FROM cleanings c WHERE c.attachment_id = a.id) LIMIT :most"
    )
)


async def expect_cleaning(session: AsyncSession, ticket_id: UUID, now: datetime) -> None:
    """Have the files of a report cleaned, if it is anonymous, as soon as this is committed."""
    await session.execute(_OF_TICKET, {"ticket_id": ticket_id, "now": now})


async def expect_cleaning_of(session: AsyncSession, path: str, now: datetime) -> None:
    """Do so for a file that arrived after its report."""
    await session.execute(_OF_REF, {"path": path, "now": now})


async def expect_older(session: AsyncSession, most: int, now: datetime) -> int:
    """Do so for files of before there was cleaning, so many at most; return how many."""
    done = await session.execute(_LEFT, {"most": most, "now": now})
    return int(getattr(done, "rowcount", 0))
