"""Empties a hospital of its reports: for the invented one, and for nothing else."""

from typing import Final

from sqlalchemy import delete

from core.calls.callback import Callback
from core.chats.session import ChatMessage
from core.ground.database import Database, transaction
from core.jobs.inbound import Inbound
from core.notices.delivery import Delivery
from core.tickets.number import TicketDay
from core.tickets.ticket import Ticket
from core.triage.alarm import Alarm

_OF_REPORTS: Final = (Delivery, Alarm, Callback, ChatMessage, Inbound, Ticket, TicketDay)
"""What belongs to reports and may also stand without a ticket; the rest goes with its ticket."""


async def forget_reports(database: Database) -> None:
    """Remove every report and all that belongs to one; units, codes and staff stay.

    The numbers of each day begin anew. Raises DatabaseAwayError.
    """
    async with transaction(database) as session:
        for rows in _OF_REPORTS:
            await session.execute(delete(rows))
