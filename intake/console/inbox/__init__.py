"""The inbox: queues of tickets, found, filtered, counted live and given out."""

from intake.console.inbox.assigning import Giving
from intake.console.inbox.event_stream import InboxStream
from intake.console.inbox.pages import Inbox
from intake.console.inbox.views import Views

PARTS = (Inbox, Views, Giving, InboxStream)

__all__ = ["PARTS"]
