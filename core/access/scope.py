"""Who may see which ticket: the one place that decides it. Every read puts this filter in.

| role          | sees                                                                  |
|---------------|-----------------------------------------------------------------------|
| agent         | what they logged; of any other, by its exact number or the caller's   |
|               | phone, that it exists and how it stands: all of it once its caller    |
|               | has proven who they are (`proof.py`)                                  |
| officer, head | their unit and all below it, and what was also sent to one of these;  |
|               | what is assigned to them                                              |
| supervisor    | everything                                                            |
| auditor       | everything, and changes nothing                                       |
| administrator | nothing: they look after the house, not after patients' words         |

What was set aside belongs to no unit yet: it is the triage desk's, whose officers and head decide
about it, and supervisors; auditors see it.

Somebody with several roles sees what any of them sees. Above all of it: a ticket about a member of
staff does not exist for that person, whatever their roles.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from core.hospital.directory import Directory
from core.people.roles import AGENT, AUDITOR, CASEWORKERS, OVERSEERS, SUPERVISOR, UNIT
from core.tickets.involved_unit import involves
from core.tickets.subject import TicketSubject
from core.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who reads tickets: who they are, what they may, and which units are theirs."""

    user_id: UUID
    roles: frozenset[str]
    units: frozenset[UUID] = frozenset()
    """Their unit and every unit below it."""

    @classmethod
    def of(
        cls, user_id: UUID, roles: frozenset[str], unit_id: UUID | None, directory: Directory
    ) -> "Reader":
        """Make the reader of a member of staff and the tree of units as it stands."""
        units = directory.below(unit_id) if unit_id in directory.units else frozenset()
        return cls(user_id=user_id, roles=roles, units=units)

    @property
    def sees_all(self) -> bool:
        """Whether no unit bounds what they see."""
        return bool(self.roles & OVERSEERS)

    @property
    def may_change(self) -> bool:
        """Whether they may do anything to a ticket they see."""
        return bool(self.roles & CASEWORKERS)


def decides_what_is_set_aside(reader: Reader, directory: Directory) -> bool:
    """Whether somebody says what becomes of a message that was set aside."""
    is_of_the_desk = directory.triage_desk.id in reader.units
    return bool(reader.roles & SUPERVISOR) or (is_of_the_desk and bool(reader.roles & UNIT))


def sees_what_is_set_aside(reader: Reader, directory: Directory) -> bool:
    """Whether somebody may look at the review desk."""
    return bool(reader.roles & AUDITOR) or decides_what_is_set_aside(reader, directory)


def listed(reader: Reader) -> ColumnElement[bool]:
    """Filter the tickets that lists, counts, searches, exports and attachments show to a reader."""
    return and_(_by_role(reader), not_about(reader))


def findable(reader: Reader) -> ColumnElement[bool]:
    """Filter the tickets a reader finds by exact number or a caller's exact telephone number.

    An agent on the telephone finds any: the caller is asking about it. What they see and do of it
    say `proof.py` and `writing.py`. Everybody else finds what they could list.
    """
    return and_(true() if reader.roles & AGENT else _by_role(reader), not_about(reader))


def works_on(reader: Reader) -> ColumnElement[bool]:
    """Filter the tickets that are a reader's by another role than the telephone's."""
    if reader.sees_all:
        return true()
    parts: list[ColumnElement[bool]] = []
    if reader.roles & UNIT:
        parts.append(Ticket.unit_id.in_(reader.units))
        parts.append(Ticket.assigned_to == reader.user_id)
        parts.append(involves(reader.units))
    return or_(*parts) if parts else false()


def _by_role(reader: Reader) -> ColumnElement[bool]:
    if reader.sees_all or not reader.roles & AGENT:
        return works_on(reader)
    logged = Ticket.created_by == reader.user_id
    return or_(logged, works_on(reader)) if reader.roles & UNIT else logged


def not_about(reader: Reader) -> ColumnElement[bool]:
    """Leave out what is about the reader; the list is short and read once for a whole query."""
    about = select(TicketSubject.ticket_id).where(TicketSubject.user_id == reader.user_id)
    return Ticket.id.not_in(about)
