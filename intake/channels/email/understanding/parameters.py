"""Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2231)."""

import re
import urllib.parse
from dataclasses import dataclass, field

from intake.channels.email.understanding import charsets, clean, words
from intake.channels.email.understanding.problems import Problems

_SECTION = re.compile(r"([^*]{1,60})(?:\*(\d{1,3}))?(\*)?")
_PIECE = re.compile(r'[;"\\]')


@dataclass(frozen=True, slots=True)
class Parametrised:
    """A header such as `text/plain; charset=utf-8`: the value in lower case, and parameters."""

    value: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


def parse(raw: bytes | None, problems: Problems) -> Parametrised:
    """Read one header value; nothing in it can make this fail."""
    if not raw:
        return Parametrised()
    head, *rest = _split_at_semicolons(words.to_text(raw, problems))
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for item in rest:
        name, equals, value = item.partition("=")
        section = _SECTION.fullmatch(name.strip().lower())
        if not equals or not section:
            continue
        if section.group(2) or section.group(3):
            index = int(section.group(2) or 0)
            pieces.setdefault(section.group(1), {}).setdefault(
                index, (_unquoted(value), bool(section.group(3)))
            )
        else:
            plain = words.decode_words(_unquoted(value), problems)
            found.setdefault(section.group(1).strip(), clean.one_line(plain))
    found.update({name: _joined(parts, problems) for name, parts in pieces.items()})
    return Parametrised(clean.one_line(head).lower(), found)


def _split_at_semicolons(value: str) -> list[str]:
    """Split at the semicolons outside quotes."""
    items, start, quoted, escaped_at = [], 0, False, -1
    for mark in _PIECE.finditer(value):
        position, char = mark.start(), mark.group()
        if position == escaped_at:
            continue
        if char == "\\":
            escaped_at = position + 1 if quoted else -1
        elif char == '"':
            quoted = not quoted
        elif not quoted:
            items.append(value[start:position])
            start = position + 1
    items.append(value[start:])
    return items


def _unquoted(value: str) -> str:
    value = value.strip()
    if value[:1] == '"':
        value = value[1:].rstrip()
        value = value.removesuffix('"')
        return re.sub(r'\\(["\\])', r"\1", value)
    return value


def _joined(pieces: dict[int, tuple[str, bool]], problems: Problems) -> str:
    """Join RFC 2231 sections; the first extended one names the charset as `charset'language'`."""
    charset = ""
    data: list[bytes] = []
    for position, index in enumerate(sorted(pieces)):
        value, extended = pieces[index]
        if extended and position == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        raw = value.encode("utf-8", "replace")
        data.append(urllib.parse.unquote_to_bytes(raw) if extended else raw)
    text = charsets.decode(b"".join(data), charset or None, problems)
    return clean.one_line(words.decode_words(text, problems))
