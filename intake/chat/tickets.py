"""A ticket of a chat, as the dialogue knows it. Pure."""

from core.chats.tickets import ChatTicket
from intake.dialogue.facts import Ticket


def dialogue_ticket(found: ChatTicket) -> Ticket:
    """Return the dialogue's ticket."""
    return Ticket(
        number=found.number,
        unit=found.unit,
        status=found.status,
        since=found.since,
        due=found.due_at,
        answer=found.answer,
        asked_at=found.asked_at,
        heard_at=found.heard_at,
        ended_by_person=found.ended_by_person,
        rated_at=found.rated_at,
    )
