"""Calendar messages (RFC 5545, RFC 6047): what, when, where and from whom, as readable lines."""

from collections.abc import Iterator
from typing import Any

from intake.channels.email.understanding import charsets, clean, limits
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.tree import Part
from intake.language import marked as _

_LINES = (
    # component property, how it is announced
    ("SUMMARY", "Event"),
    ("DTSTART", "Begins"),
    ("DTEND", "Ends"),
    ("LOCATION", "Place"),
    ("ORGANIZER", "Organised by"),
    ("DESCRIPTION", "Details"),
    ("COMMENT", "Comment"),
)
_MOST_EVENTS = 5
_LONGEST_VALUE = 2000


def text_of(root: Part, problems: Problems) -> str:
    """Return the events of a mail as text; empty where there is none or none can be read."""
    for part in root.walk():
        if part.content_type == "text/calendar" and part.content:
            return _read(part, problems)
    return ""


def _read(part: Part, problems: Problems) -> str:
    from icalendar import Calendar

    if len(part.content) > limits.CALENDAR_BYTES:
        problems.note(_("A calendar file is too large and was not read."))
        return ""
    source = charsets.decode(part.content, part.parameters.get("charset"), problems)
    try:
        calendar = Calendar.from_ical(source)
        events = list(calendar.walk("VEVENT"))[:_MOST_EVENTS]
        return "\n\n".join("\n".join(_described(event)) for event in events)
    except Exception:  # noqa: BLE001 - a parser of hostile text that raises whatever it meets
        problems.note(_("A calendar file is damaged and was not read."))
        return ""


def _described(event: Any) -> Iterator[str]:  # noqa: ANN401 - icalendar has no types of its own
    for name, label in _LINES:
        value = event.get(name)
        if value is None:
            continue
        shown = getattr(value, "dt", value)
        shown = shown.isoformat() if hasattr(shown, "isoformat") else str(shown)
        shown = clean.text(shown).strip()[:_LONGEST_VALUE]
        if shown:
            yield f"{label}: {shown.removeprefix('mailto:').removeprefix('MAILTO:')}"
