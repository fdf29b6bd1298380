"""The one clock. Everything that asks for the time asks a Clock handed to it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]
"""Returns the present moment, zone UTC."""


def system_clock() -> datetime:
    """Return the machine's time in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the clock


def file_clock(offset_file: Path) -> Clock:
    """Return a clock that adds the seconds written in a file, read at every call.

    Tests of the whole running system move time for all processes at once by writing that file.
    A missing, empty or unreadable file counts as an offset of 0 seconds.
    """

    def now() -> datetime:
        return system_clock() + timedelta(seconds=_offset_seconds(offset_file))

    return now


def _offset_seconds(offset_file: Path) -> float:
    try:
        return float(offset_file.read_text())
    except (OSError, ValueError):
        return 0.0
