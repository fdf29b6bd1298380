"""What a reader may list, taken apart so that each share is read along an index.

`core.access.scope` says what a reader sees with one condition full of "or"; for a page of fifty
rows PostgreSQL would walk a million tickets to find those of a small unit. Read share by share,
each gives at most a page, and the page is among them. The scope itself still filters what is shown.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    UnaryExpression,
    Uuid,
    cast,
    func,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import Select, SelectBase

from core.access.scope import Reader, not_about
from core.people.roles import AGENT, UNIT
from core.tickets.involved_unit import involves
from core.tickets.ticket import Ticket

Order = tuple[UnaryExpression[datetime], UnaryExpression[UUID]]
"""A moment, and the id where that is equal."""


def nearest(
    reader: Reader,
    conditions: list[ColumnElement[bool]],
    order: Order,
    size: int,
) -> CTE | None:
    """Return the ids among which the first `size` rows are; None for those who see all."""
    if reader.sees_all:
        return None
    shares: list[SelectBase] = []
    if reader.roles & AGENT:
        shares.append(_share(reader, Ticket.created_by == reader.user_id, conditions, order, size))
    if reader.roles & UNIT:
        shares.append(_share(reader, Ticket.assigned_to == reader.user_id, conditions, order, size))
        shares.append(_share(reader, involves(reader.units), conditions, order, size))
        shares.append(_of_each_unit(reader, conditions, order, size))
    each = [select(share.subquery().c.id) for share in shares]
    return union_all(*each).cte("nearest") if each else None


def _share(
    reader: Reader,
    share: ColumnElement[bool],
    conditions: list[ColumnElement[bool]],
    order: Order,
    size: int,
) -> Select[UUID]:
    fits = (share, not_about(reader), *conditions)
    return select(Ticket.id).where(*fits).order_by(*order).limit(size)


def _of_each_unit(
    reader: Reader,
    conditions: list[ColumnElement[bool]],
    order: Order,
    size: int,
) -> Select[UUID]:
    ids = func.unnest(cast(sorted(reader.units), ARRAY(Uuid())))
    own = ids.table_valued("unit_id").render_derived(name="own")
    share = _share(reader, Ticket.unit_id == own.c.unit_id, conditions, order, size)
    of_it = share.correlate(own).lateral("of_it")
    return select(of_it.c.id).select_from(own).join(of_it, true())
