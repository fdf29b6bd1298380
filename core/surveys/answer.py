"""Satisfaction surveys (SKM, Permenpan RB 14/2017) as they were answered."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.ground.base import Base, Json, Keyed
from core.hospital.channel import Channel
from core.tickets.known_codes import covered_texts


class SurveyAnswer(Keyed, Base):
    """One person's answers: element code → 1 to 4; an unanswered element is missing."""

    __tablename__ = "survey_answers"

    key: Mapped[str] = mapped_column(
        unique=True, comment="Channel and the survey's own id: told twice, filed once."
    )
    channel: Mapped[str] = mapped_column(
        ForeignKey(Channel.name), comment="The door it came through."
    )
    unit_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("units.id", ondelete="SET NULL"),
        index=True,
        comment="The unit it is about; NULL: the whole house.",
    )
    qr_code_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("qr_codes.id", ondelete="SET NULL"),
        index=True,
        comment="The poster that was scanned.",
    )
    answers: Mapped[Json] = mapped_column(
        server_default=sql("'{}'"),
        default=dict,
        comment="Element code to a number from 1 to 4; an unanswered element is missing.",
    )
    remarks: Mapped[str] = mapped_column(
        server_default="", default="", comment="What the person wrote beside it."
    )
    is_complete: Mapped[bool] = mapped_column(comment="Whether the person came to the end.")
    answered_at: Mapped[datetime] = mapped_column(
        index=True, comment="When the last answer was given."
    )


async def keep_answers(
    session: AsyncSession,
    *,
    key: str,
    channel: str,
    unit_id: UUID | None,
    qr_code_id: UUID | None,
    answers: Mapping[str, int],
    remarks: str,
    is_complete: bool,
    answered_at: datetime,
) -> None:
    """File a survey, once for its key."""
    [remarks] = await covered_texts(session, [remarks])
    row = {
        "key": key,
        "channel": channel,
        "unit_id": unit_id,
        "qr_code_id": qr_code_id,
        "answers": dict(answers),
        "remarks": remarks,
        "is_complete": is_complete,
        "answered_at": answered_at,
    }
    await session.execute(insert(SurveyAnswer).values(**row).on_conflict_do_nothing())
