"""What every table shares: naming, keys and timestamps."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Constraint,
    DateTime,
    ForeignKeyConstraint,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import ExecutionContext
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column

from core.ground.ids import uuid7

Json = dict[str, object]
Stamp = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]


def _reftable(constraint: Constraint, table: Table) -> str:
    """Name a foreign key by the table it refers to; a second one to the same adds its column."""
    assert isinstance(constraint, ForeignKeyConstraint)  # noqa: S101 - asked for under "fk" alone
    referred = _referred(constraint)
    others = {_referred(other) for other in table.foreign_key_constraints - {constraint}}
    return f"{referred}_{constraint.column_keys[0]}" if referred in others else referred


def _referred(constraint: ForeignKeyConstraint) -> str:
    return constraint.elements[0].target_fullname.split(".")[-2]


class Base(AsyncAttrs, DeclarativeBase):
    """The declarative base: names of constraints and indexes follow `idx_ uq_ chk_ fk_ pk_`.

    The first line of a class is the comment of its table; columns have theirs beside them.
    """

    metadata = MetaData(
        naming_convention={
            "ix": "idx_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "chk_%(table_name)s_%(constraint_name)s",
            "reftable": _reftable,
            "fk": "fk_%(table_name)s_%(reftable)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        str: Text(),
        Json: JSONB(),
    }

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - handed on as they come
        """Map a class, and let its table say what the class says of itself."""
        super().__init_subclass__(**kwargs)
        if isinstance(table := cls.__dict__.get("__table__"), Table):
            table.comment = (cls.__doc__ or "").partition("\n")[0]


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
        primary_key=True,
        default=uuid7,
        server_default=text("gen_random_uuid()"),
        sort_order=-9,
        comment="Time-ordered where we make it.",
    )
    created_at: Mapped[datetime] = mapped_column(
        default=at_present, sort_order=90, comment="When the row was made."
    )
    updated_at: Mapped[datetime] = mapped_column(
        default=at_present,
        onupdate=at_present,
        sort_order=91,
        comment="When the row was changed last.",
    )


def near(stamp: Stamp, now: datetime, span: timedelta) -> ColumnElement[bool]:
    """Return `core.ground.spans.is_near` of a column, for a statement."""
    return stamp.between(now - span, now + span)


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Return the CHECK expression that a text column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({words})"
