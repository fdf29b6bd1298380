"""What the head of every page says of the review desk, to those who decide there."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.reading.review import ReviewDesk
from intake.console.context import Console


@dataclass(frozen=True, slots=True)
class DeskHead:
    """How many messages wait, and whether that is an alarm."""

    count: int
    is_late: bool
    """Whether one waits too long, or holds words of danger."""
    is_more: bool
    """Whether more wait than were counted."""


DESK: Final = web.RequestKey("desk", DeskHead)


async def desk_head(console: Console) -> DeskHead:
    """Count what waits now. Raises DatabaseAwayError."""
    waiting = await ReviewDesk(console.runtime).waiting()
    return DeskHead(waiting.count, waiting.alarms(console.now()), waiting.is_more)
