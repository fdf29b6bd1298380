"""How long a complaint of a risk grade may wait: the limits of KWTK (Permenkes 30/2022). Pure."""

from datetime import datetime, timedelta

from core.deadlines.promise import Promise

LIMIT_HOURS: dict[str, int] = {"red": 24, "yellow": 72, "green": 168}
"""Hours of the wall clock; a unit may promise less, never more."""

GRADES = tuple(LIMIT_HOURS)
"""The risk grades, the gravest first."""

SENTENCES: dict[str, dict[str, str]] = {
    "id": {
        "red": "{hours} jam: risiko merah.",
        "yellow": "{hours} jam: risiko kuning.",
        "green": "{hours} jam: risiko hijau.",
        "": "{hours} jam: janji saat laporan diterima.",
    },
    "en": {
        "red": "{hours} hours: risk is red.",
        "yellow": "{hours} hours: risk is yellow.",
        "green": "{hours} hours: risk is green.",
        "": "{hours} hours: as promised on arrival.",
    },
}


def by_grade(received_at: datetime, promised_hours: int, grade: str, language: str) -> Promise:
    """Return the stricter of what was promised at the door and what the grade allows."""
    limit = LIMIT_HOURS[grade]
    hours, origin = (limit, grade) if limit < promised_hours else (promised_hours, "")
    sentence = SENTENCES.get(language, SENTENCES["id"])[origin]
    return Promise(
        due_at=received_at + timedelta(hours=hours),
        hours=hours,
        reason=sentence.format(hours=hours),
    )
