"""Writes an event and the notices it calls for, in the transaction of the verb that made it."""

from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.secret import Secret
from core.hospital.directory import Directory
from core.notices.delivery import Delivery
from core.notices.who_hears import Audience, Recipient, notices_for
from core.tickets.event import Event
from core.tickets.recipients import recipients_of
from core.tickets.ticket import Ticket


async def record(
    session: AsyncSession,
    ticket: Ticket,
    event: Event,
    directory: Directory,
    *,
    secret: Secret,
    silent: frozenset[Audience] = frozenset(),
) -> Event:
    """Add the event and one pending delivery for each notice it calls for.

    Whoever did the thing themselves is not told: list them in `silent`.
    """
    people = await recipients_of(session, ticket, directory, secret)
    return await record_for(session, ticket, event, people, silent=silent)


async def record_for(
    session: AsyncSession,
    ticket: Ticket,
    event: Event,
    people: dict[Audience, Recipient],
    *,
    silent: frozenset[Audience] = frozenset(),
) -> Event:
    """Add the event and its notices to these people alone, whoever else the ticket has."""
    session.add(event)
    await session.flush()
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
