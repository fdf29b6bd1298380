"""The inbox: queues of tickets, found, filtered, counted live and given out."""

from intake.console.inbox.giving import Giving
from intake.console.inbox.live import InboxLine
from intake.console.inbox.pages import Inbox
from intake.console.inbox.views import Views

PARTS = (Inbox, Views, Giving, InboxLine)

__all__ = ["PARTS"]
