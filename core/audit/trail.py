"""The audit: who opened which ticket, and who changed what in the house. Rows are never changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Json, one_of

READ = ("ticket", "attachment", "export", "print", "person", "message")
"""What can be read: a ticket, a file of it, a table carried away, a printed page, an address, a
message that was set aside."""


class AuditRead(Base):
    """Somebody read something that is not theirs. `ticket_id` stays when the ticket is erased."""

    __tablename__ = "reads"
    __table_args__ = (
        CheckConstraint(one_of("what", READ), name="what"),
        Index("idx_reads_ticket_id_at", "ticket_id", "at"),
        Index("idx_reads_user_id_at", "user_id", "at"),
        {"schema": "audit"},
    )

    seq: Mapped[int] = mapped_column(
        BigInteger, Identity(always=True), primary_key=True, comment="Rises with every reading."
    )
    at: Mapped[datetime] = mapped_column(comment="When it was read.")
    user_id: Mapped[UUID] = mapped_column(
        comment="Who read; no reference, so that it stays whatever becomes of the account."
    )
    what: Mapped[str] = mapped_column(
        comment="What of READ: a ticket, a file of it, a message that was set aside."
    )
    ticket_id: Mapped[UUID | None] = mapped_column(
        comment="Whose ticket's it was; no reference, so that it stays when the ticket is erased."
    )
    data: Mapped[Json] = mapped_column(
        server_default=text("'{}'"),
        default=dict,
        comment="Ids, codes and counts, no words of the ticket.",
    )


class AuditChange(Base):
    """Somebody changed the house: a unit, a code, an account."""

    __tablename__ = "changes"
    __table_args__ = (
        Index("idx_changes_subject_id_at", "subject_id", "at"),
        {"schema": "audit"},
    )

    seq: Mapped[int] = mapped_column(
        BigInteger, Identity(always=True), primary_key=True, comment="Rises with every change."
    )
    at: Mapped[datetime] = mapped_column(comment="When it was changed.")
    user_id: Mapped[UUID | None] = mapped_column(
        comment="Who changed it; NULL: the command line, or the person themselves, not signed in."
    )
    verb: Mapped[str] = mapped_column(
        comment="A noun and what was done to it: `unit.renamed`, `account.invited`."
    )
    subject_id: Mapped[UUID | None] = mapped_column(
        comment="What was changed: the id of a unit, a code, an account."
    )
    data: Mapped[Json] = mapped_column(
        server_default=text("'{}'"),
        default=dict,
        comment="Ids and codes: what it was, and what it is.",
    )


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
