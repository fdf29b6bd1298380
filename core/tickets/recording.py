"""Writes an event and the notices it calls for, in the transaction of the verb that made it."""

from sqlalchemy.ext.asyncio import AsyncSession

from core.hospital.directory import Directory
from core.notices.delivery import Delivery
from core.notices.who_hears import Audience, notices_for
from core.tickets.event import Event
from core.tickets.recipients import recipients_of
from core.tickets.ticket import Ticket


async def record(
    session: AsyncSession,
    ticket: Ticket,
    event: Event,
    directory: Directory,
    *,
    silent: frozenset[Audience] = frozenset(),
) -> Event:
    """Add the event and one pending delivery for each notice it calls for.

    Whoever did the thing themselves is not told: list them in `silent`.
    """
    session.add(event)
    await session.flush()
    people = await recipients_of(session, ticket, directory)
    for notice in notices_for(event.kind, people, silent=silent):
        session.add(
            Delivery(
                ticket_id=ticket.id,
                event_id=event.id,
                channel=notice.channel,
                recipient_ref=notice.address,
                audience=notice.audience,
                template=notice.template,
                language=notice.language,
                next_attempt_at=event.at,
            )
        )
    return event
