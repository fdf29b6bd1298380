"""The Date header (RFC 5322 §3.3): a claim of the sender, never the time a clock starts at."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_LONGEST = 200
_YEARS = range(1970, 2101)
_SECONDS_PER_DAY = 86_400


def iso(value: str) -> str | None:
    """Return the date in ISO 8601 with its offset, or None where it means nothing."""
    try:
        moment = _read(value[:_LONGEST])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.isoformat() if moment and moment.year in _YEARS else None


def _read(value: str) -> datetime | None:
    fields = parsedate_tz(value)
    if fields is None:
        moment = datetime.fromisoformat(value.strip())
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    year, month, day, hour, minute, second = fields[:6]
    offset = fields[9] or 0
    if abs(offset) >= _SECONDS_PER_DAY:
        return None
    return _at_offset(datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC), offset)


def _at_offset(moment: datetime, offset_seconds: int) -> datetime:
    """Say that the wall time `moment` was meant `offset_seconds` east of UTC."""
    return moment.replace(tzinfo=timezone(timedelta(seconds=offset_seconds)))
