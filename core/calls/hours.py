"""When somebody may be called back: the windows people choose from, in local time. Pure."""

from datetime import datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo


class Hours(NamedTuple):
    """Whole hours of a day, from the first up to the last, which is outside."""

    first: int
    last: int


ANY_TIME: Final = "any"
WINDOWS: Final = {
    # code: between which hours of the hospital's day
    ANY_TIME: Hours(8, 20),
    "morning": Hours(8, 12),
    "afternoon": Hours(12, 16),
    "evening": Hours(16, 20),
}


def next_call(moment: datetime, window: str, zone: str) -> datetime:
    """Return the first moment, not before this one, at which somebody may be called.

    An unknown window is any time. Every day counts: families are at the bedside on Sundays too.
    """
    hours = WINDOWS.get(window, WINDOWS[ANY_TIME])
    place = ZoneInfo(zone)
    local = moment.astimezone(place)
    opens = datetime.combine(local.date(), time(hours.first), tzinfo=place)
    if local < opens:
        return opens.astimezone(moment.tzinfo)
    if local.hour < hours.last:
        return moment
    return (opens + timedelta(days=1)).astimezone(moment.tzinfo)
