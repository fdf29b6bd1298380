"""What every table shares: naming, keys and timestamps."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, MetaData, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import ExecutionContext
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column

from core.ground.ids import uuid7

Json = dict[str, object]
Stamp = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]


class Base(AsyncAttrs, DeclarativeBase):
    """The declarative base: names of constraints and indexes follow `idx_ uq_ chk_ fk_ pk_`."""

    metadata = MetaData(
        naming_convention={
            "ix": "idx_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "chk_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        str: Text(),
        Json: JSONB(),
    }


def at_present(context: ExecutionContext) -> datetime:
    """Return the time of the clock that an engine was opened with: what a column's default asks.

    The schema itself knows no time. Raises LookupError over an engine without a clock; whoever
    writes with SQL of their own says the time themselves.
    """
    clock = context.execution_options.get("clock")
    if clock is None:
        raise LookupError("This engine has no clock: core.ground.database opens one that has.")
    moment: datetime = clock()
    return moment


class Keyed:
    """A row with a UUID key (time-ordered when we make it) and its two timestamps."""

    id: Mapped[UUID] = mapped_column(
        primary_key=True, default=uuid7, server_default=text("gen_random_uuid()"), sort_order=-9
    )
    created_at: Mapped[datetime] = mapped_column(default=at_present, sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(
        default=at_present, onupdate=at_present, sort_order=91
    )


def near(stamp: Stamp, now: datetime, span: timedelta) -> ColumnElement[bool]:
    """Return `core.ground.spans.is_near` of a column, for a statement."""
    return stamp.between(now - span, now + span)


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Return the CHECK expression that a text column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({words})"
