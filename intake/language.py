"""Words, dates and durations in the reader's language.

English text is the message id; ``locales/<language>/*.po`` holds what differs from it. The
catalogues of a language are merged in memory at the first use and never change afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_datetime
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

Language = Literal["id", "en"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT_LANGUAGE: Final[Language] = "id"
LANGUAGE_NAMES: Final[Mapping[Language, str]] = {"id": "Bahasa Indonesia", "en": "English"}

LOCALES: Final = Path(__file__).resolve().parent.parent / "locales"

# What a browser may call a language whose speakers read Indonesian better than English.
# Android long announced Indonesian as "in" (ISO 639 before 1989).
_READERS: Final[Mapping[str, Language]] = {
    "id": "id",
    "in": "id",
    "jv": "id",
    "su": "id",
    "ms": "id",
    "en": "en",
}
_ZONE_LABELS: Final = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
_LONG: Final[Mapping[Language, str]] = {
    "id": "EEEE, d MMMM y 'pukul' HH.mm",
    "en": "EEEE, d MMMM y 'at' HH:mm",
}
_SHORT: Final[Mapping[Language, str]] = {
    "id": "EEE, d MMM y HH.mm",
    "en": "EEE, d MMM y HH:mm",
}
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Words:
    """The merged catalogues of one language."""

    messages: Mapping[str, str]
    plurals: Mapping[str, tuple[str, ...]]

    def singular(self, message: str) -> str:
        """Give the translation, or the message itself where there is none."""
        return self.messages.get(message, message)

    def plural(self, one: str, many: str, count: int) -> str:
        """Choose the form for ``count``; Indonesian has one form, English two."""
        forms = self.plurals.get(one, (one, many))
        return forms[0] if count == 1 else forms[-1]


def language_of(value: object, default: Language = DEFAULT_LANGUAGE) -> Language:
    """Turn a stored or received code into one of ours; anything unknown is the default."""
    for language in LANGUAGES:
        if value == language:
            return language
    return default


def marked(message: str) -> str:
    """Give a message back as it is; imported as ``_`` it marks messages for the catalogues."""
    return message


def translate(language: str, message: str, **params: object) -> str:
    """Say ``message`` in ``language``; ``%(name)s`` marks are filled from ``params``.

    >>> translate("en", "Ticket %(number)s", number="TKT-20261124-0001")
    'Ticket TKT-20261124-0001'
    """
    text = words(language_of(language)).singular(message)
    return text % params if params else text


def ngettext(language: str, one: str, many: str, count: int, **params: object) -> str:
    """Say ``one`` or ``many`` in ``language``; ``%(count)s`` is filled by itself."""
    text = words(language_of(language)).plural(one, many, count)
    return text % {"count": count, **params}


def choose(
    accept_language: str | None = None,
    cookie: str | None = None,
    explicit: str | None = None,
    default: Language = DEFAULT_LANGUAGE,
) -> Language:
    """Choose a language: what was asked for, then what was remembered, then what the browser says.

    ``accept_language`` is RFC 9110 §12.5.4; nonsense in any of the three is passed over.
    """
    for wish in (explicit, cookie):
        if wish in LANGUAGES:
            return language_of(wish)
    return next(filter(None, map(_READERS.get, _preferred(accept_language or ""))), default)


def local_moment(moment: datetime, zone: str | ZoneInfo, language: str) -> str:
    """Write an aware moment in full: ``Senin, 23 November 2026 pukul 10.00 WIB``."""
    return _written(moment, zone, language_of(language), _LONG)


def short_moment(moment: datetime, zone: str | ZoneInfo, language: str) -> str:
    """Write an aware moment for lists: ``Sen, 23 Nov 2026 10.00 WIB``."""
    return _written(moment, zone, language_of(language), _SHORT)


def duration(span: timedelta, language: str) -> str:
    """Write a span in its two largest units, rounded down: ``2 j 10 m``, ``3 hari 4 jam``."""
    span = max(span, timedelta())
    days, rest = divmod(span, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    if days and hours:
        return translate(language, "%(days)s d %(hours)s h", days=days, hours=hours)
    if days:
        return ngettext(language, "%(count)s day", "%(count)s days", days)
    if hours and minutes:
        return translate(language, "%(hours)s h %(minutes)s m", hours=hours, minutes=minutes)
    if hours:
        return translate(language, "%(hours)s h", hours=hours)
    return translate(language, "%(minutes)s m", minutes=minutes)


def time_left(due: datetime, now: datetime, language: str) -> str:
    """Say how a deadline stands: ``sisa 2 j 10 m`` before it, ``lewat 3 j`` after it."""
    if now <= due:
        return translate(language, "%(span)s left", span=duration(due - now, language))
    return translate(language, "%(span)s overdue", span=duration(now - due, language))


@cache
def words(language: Language) -> Words:
    """Read and merge the catalogues of a language, once. Fuzzy entries are not used."""
    messages: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for path in sorted((LOCALES / language).glob("*.po")):
        for entry in _catalogue(path):
            if isinstance(entry.id, str) and entry.id and isinstance(entry.string, str):
                messages[entry.id] = entry.string or entry.id
            elif isinstance(entry.id, tuple) and entry.string and all(entry.string):
                plurals[entry.id[0]] = tuple(entry.string)
    return Words(messages, plurals)


def _catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.name, abort_invalid=True)
    for entry in [entry for entry in catalogue if entry.fuzzy and entry.id]:
        catalogue.delete(entry.id)
    return catalogue


def _preferred(accept_language: str) -> list[str]:
    """List the primary subtags of an Accept-Language header, most wanted first."""
    wishes = [_wish(part) for part in accept_language[:500].split(",")]
    wanted = [(quality, tag) for quality, tag in wishes if tag and quality > 0]
    return [tag for _, tag in sorted(wanted, key=lambda wish: -wish[0])]


def _wish(part: str) -> tuple[float, str]:
    tag, _, weight = part.partition(";")
    try:
        quality = float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        quality = 0.0
    return quality, tag.strip().lower().partition("-")[0]


def _written(
    moment: datetime, zone: str | ZoneInfo, language: Language, patterns: Mapping[Language, str]
) -> str:
    place = ZoneInfo(zone) if isinstance(zone, str) else zone
    local = moment.astimezone(place)
    label = _ZONE_LABELS.get(place.key) or local.tzname() or place.key
    written = format_datetime(local, patterns[language], locale=Locale(language))
    return f"{written} {label}"
