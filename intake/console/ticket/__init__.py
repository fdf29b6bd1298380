"""One ticket: read, answered, moved along, joined with others; two people on it are warned."""

from intake.console.ticket.event_stream import TicketStream
from intake.console.ticket.files import FilePages
from intake.console.ticket.joining import Joining
from intake.console.ticket.notices import NoticeVerbs
from intake.console.ticket.page import TicketPage
from intake.console.ticket.saying import Saying
from intake.console.ticket.steps import Steps

PARTS = (TicketPage, Saying, Steps, Joining, NoticeVerbs, FilePages, TicketStream)

__all__ = ["PARTS"]
