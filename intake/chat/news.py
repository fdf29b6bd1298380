"""News of a ticket on its way to a chat: the notice becomes an event of the dialogue."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from core.ground.database import transaction
from core.ground.text import clean
from core.notices.delivery import Delivery
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.event import Event as TicketEvent
from core.tickets.message import Message
from intake.channel import Outgoing
from intake.chat.conversation import Conversation
from intake.chat.outbox import TEMPLATE, Nowhere, load_say
from intake.chat.tickets import ticket_by_id
from intake.chat.update import ChatUpdate
from intake.dialogue.events import NewsKind, TicketNews
from intake.dialogue.facts import Ticket
from intake.dialogue.replies import Say
from intake.language import Language, language_of

KINDS: dict[str, NewsKind] = {
    # the notice's template: what it is to the dialogue; any other is sent as it was rendered
    "received": "received",
    "moved": "passed_on",
    "asked": "question",
    "replied": "answer",
    "resolved": "resolved",
    "reopened": "reopened",
    "closed": "closed",
}


async def says_of(
    conversation: Conversation, outgoing: Outgoing
) -> tuple[list[Say], Language] | None:
    """Return the messages that a delivery means in a chat; None: send its text as it is.

    News takes a step of the dialogue, so that the person's next words find their question.
    Raises DatabaseAwayError.
    """
    if outgoing.template == TEMPLATE:
        return [load_say(outgoing.payload)], language_of(outgoing.language)
    kind = KINDS.get(outgoing.template)
    if kind is None or outgoing.ticket_id is None or outgoing.audience != "submitter":
        return None
    ticket = await _ticket(conversation.desk.runtime, outgoing)
    event = TicketNews(ticket=ticket, kind=kind)
    key = f"delivery:{outgoing.delivery_id}"
    return await conversation.tell(outgoing.recipient, event, key)


async def foretell(
    runtime: Runtime, ticket_id: UUID, template: str, words: str, *, channel: str, address: str
) -> tuple[list[Say], Language] | None:
    """Return what a chat would be told, did staff say these words now; None: its text as it is.

    The step of the dialogue is taken as for the news itself, and nothing of it is kept. Raises
    DatabaseAwayError.
    """
    kind = KINDS.get(template)
    if kind is None:
        return None
    async with transaction(runtime.database) as session:
        ticket = await ticket_by_id(session, ticket_id)
    event = TicketNews(ticket=_about(ticket, clean(words).strip()), kind=kind)
    conversation = Conversation(desk=Desk(runtime), channel=channel, outbox=Nowhere())
    talk = await conversation.rehearse(
        ChatUpdate(key=f"preview:{ticket_id}", address=address, events=(event,))
    )
    return list(talk.said), talk.state.lang


def _about(ticket: Ticket, words: str | None) -> Ticket:
    """Return the ticket with the very words that the news is about."""
    return replace(ticket, answer=words) if words else ticket


async def _ticket(runtime: Runtime, outgoing: Outgoing) -> Ticket:
    """Return the ticket as it stands, with the very words that this notice is about."""
    ticket_id: UUID = outgoing.ticket_id  # type: ignore[assignment]  # asked by the caller
    query = (
        select(Message.body)
        .join(TicketEvent, TicketEvent.message_id == Message.id)
        .join(Delivery, Delivery.event_id == TicketEvent.id)
        .where(Delivery.id == outgoing.delivery_id, Message.is_internal.is_(False))
    )
    async with transaction(runtime.database) as session:
        ticket = await ticket_by_id(session, ticket_id)
        words = await session.scalar(query)
    return _about(ticket, words)
