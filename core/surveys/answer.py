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


class SurveyAnswer(Keyed, Base):
    """One person's answers: element code → 1 to 4; an unanswered element is missing."""

    __tablename__ = "survey_answers"

    key: Mapped[str] = mapped_column(unique=True)
    """Channel and the survey's own id: told twice, filed once."""
    channel: Mapped[str] = mapped_column(ForeignKey(Channel.name))
    unit_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("units.id", ondelete="SET NULL"), index=True
    )
    qr_code_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("qr_codes.id", ondelete="SET NULL"), index=True
    )
    answers: Mapped[Json] = mapped_column(server_default=sql("'{}'"), default=dict)
    remarks: Mapped[str] = mapped_column(server_default="", default="")
    is_complete: Mapped[bool]
    answered_at: Mapped[datetime] = mapped_column(index=True)


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
