"""How long a message may wait on the review desk. Pure."""

from datetime import datetime, timedelta
from typing import Final

OVERDUE: Final = timedelta(hours=1)
"""Longer than this nobody's words may wait unseen."""
AGAIN: Final = timedelta(days=1)
"""How long after one alarm the next is sent while somebody still waits."""


def is_overdue(since: datetime, now: datetime) -> bool:
    """Say whether what arrived then has waited too long."""
    return now - since >= OVERDUE


def is_due(*, standing: bool, last: datetime | None, has_new_danger: bool, now: datetime) -> bool:
    """Say whether an alarm is to be sent: when it begins, and daily while it lasts.

    `last` is when one was sent for anything that still waits. Danger that nobody was alarmed of
    begins one of its own.
    """
    return has_new_danger or (standing and (last is None or now - last >= AGAIN))
