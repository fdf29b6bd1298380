"""The audit: who opened which ticket, and who changed what in the house. Rows are never changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Json, one_of

READ = ("ticket", "attachment", "export", "print", "person")
"""What can be read: a ticket, a file of it, a table carried away, a printed page, an address."""


class AuditRead(Base):
    """Somebody read something that is not theirs. `ticket_id` stays when the ticket is erased."""

    __tablename__ = "reads"
    __table_args__ = (
        CheckConstraint(one_of("what", READ), name="what"),
        Index("idx_reads_ticket_id_at", "ticket_id", "at"),
        Index("idx_reads_user_id_at", "user_id", "at"),
        {"schema": "audit"},
    )

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[UUID]
    what: Mapped[str]
    ticket_id: Mapped[UUID | None]
    data: Mapped[Json] = mapped_column(server_default=text("'{}'"), default=dict)
    """Ids, codes and counts, no words of the ticket."""


class AuditChange(Base):
    """Somebody changed the house: a unit, a code, an account."""

    __tablename__ = "changes"
    __table_args__ = (
        Index("idx_changes_subject_id_at", "subject_id", "at"),
        {"schema": "audit"},
    )

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[UUID | None]
    """NULL: from the command line, or the person themselves without being signed in."""
    verb: Mapped[str]
    """A noun and what was done to it: `unit.renamed`, `account.invited`."""
    subject_id: Mapped[UUID | None]
    data: Mapped[Json] = mapped_column(server_default=text("'{}'"), default=dict)


def note_read(
    session: AsyncSession,
    user_id: UUID,
    what: str,
    at: datetime,
    *,
    ticket_id: UUID | None = None,
    **data: object,
) -> None:
    """Write down, in the transaction that reads it, that somebody read something."""
    session.add(AuditRead(at=at, user_id=user_id, what=what, ticket_id=ticket_id, data=data))


def note_change(
    session: AsyncSession,
    user_id: UUID | None,
    verb: str,
    at: datetime,
    *,
    subject_id: UUID | None = None,
    **data: object,
) -> None:
    """Write down, in the transaction that changes it, that somebody changed the house."""
    session.add(AuditChange(at=at, user_id=user_id, verb=verb, subject_id=subject_id, data=data))
