"""How far a stamp reaches. Pure.

A clock that was ahead and came back leaves stamps in the future. What they lock, hold back or keep
alive would stay so until their moment comes. One rule for all: a stamp further away than its own
span, to whichever side, says nothing of now.
"""

from datetime import datetime, timedelta


def is_near(stamp: datetime, now: datetime, span: timedelta) -> bool:
    """Say whether a stamp lies within its span of now, before or after."""
    return abs(now - stamp) <= span
