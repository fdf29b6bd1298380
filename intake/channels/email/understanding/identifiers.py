"""Message-ID, In-Reply-To and References (RFC 5322 §3.6.4)."""

import hashlib
import re
from collections.abc import Iterable

from intake.channels.email.understanding import clean, limits, words
from intake.channels.email.understanding.problems import Problems
from intake.language import marked as _

_BRACKETED = re.compile(r"<([^<>]{1,998})>")


def message_id(raw: bytes | None, problems: Problems) -> str | None:
    """Return the id without brackets, or None where there is none."""
    found = _ids(raw, problems) if raw else []
    return found[0] if found else None


def in_order(values: Iterable[bytes], problems: Problems) -> tuple[str, ...]:
    """Return every distinct id of the fields, oldest first, the newest 200 of them."""
    found = list(dict.fromkeys(one for raw in values for one in _ids(raw, problems)))
    if len(found) > limits.REFERENCES:
        problems.note(_("The mail refers to too many others; the newest were kept."))
    return tuple(found[-limits.REFERENCES :])


def generated(raw: bytes) -> str:
    """Return an id for a mail that has none: the same bytes always get the same id."""
    return f"gen-{hashlib.sha256(raw).hexdigest()[:32]}@mail.invalid"


def _ids(raw: bytes, problems: Problems) -> list[str]:
    text = words.decode(raw, problems)
    bracketed = [one.replace(" ", "") for one in _BRACKETED.findall(text)]
    if bracketed:
        return [one for one in bracketed if one]
    bare = (clean.one_line(piece).strip("<>\"',") for piece in text.split())
    return [piece for piece in bare if "@" in piece]
