"""File names that are safe in a header, on any disk and in a list."""

import re
import unicodedata

from core.ground.text import clean_line

NAME_BYTES = 255
_EXTENSION_BYTES = 16
_FALLBACK = "file"

# Controls of text direction make `exe.gpj` look like `jpg.exe`; zero-width marks hide letters.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb]"
)
_SPECIAL = re.compile('[<>:"|?*\\\\/\ufffd]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)")


def display_name(name: str, characters: int) -> str:
    """Return the name as it was sent, on one line without controls, for eyes only."""
    return clean_line(name[: characters * 2])[:characters]


def safe_name(name: str, extension: str = "") -> str:
    """Return a name without path, controls and reserved words, at most 255 bytes of UTF-8.

    The extension survives the cut. `extension` (without dot) is added where the name has none.
    Never empty, never beginning with a dot or dash; the result is its own safe name.
    """
    last = re.split(r"[/\\]", name[-4 * NAME_BYTES :])[-1]
    last = _SPECIAL.sub("_", _INVISIBLE.sub("", clean_line(last)))
    last = unicodedata.normalize("NFC", last).strip(" .-~_\ufffd")
    stem, dot, ending = last.rpartition(".")
    if not dot or len(ending.encode()) > _EXTENSION_BYTES or not ending.isalnum():
        stem, ending = last, extension
    stem = stem.strip(" .-~") or _FALLBACK
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return _cut(stem, NAME_BYTES - len(ending.encode()) - 1) + (f".{ending}" if ending else "")


def extension_of(name: str) -> str:
    """Return the lower-case extension without its dot; empty if there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem and len(ending) <= _EXTENSION_BYTES else ""


def _cut(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore").rstrip(" .")
