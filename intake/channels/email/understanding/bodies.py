"""The text of a mail for reading, for showing, and for the search for the new words."""

import html as html_entities
import re
from collections.abc import Iterable
from dataclasses import dataclass

from intake.channels.email.understanding import charsets, clean, flowed, limits
from intake.channels.email.understanding.html import measure, readable, sanitise
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.replies.lines import WRITTEN
from intake.channels.email.understanding.structure import Structure
from intake.channels.email.understanding.tree import Part
from intake.language import marked as _

_HTML = re.compile(r"\bHTML\b", re.IGNORECASE)
_LONGEST_STUB = 60
"""Words of a text that says: your program does not show HTML."""


@dataclass(frozen=True, slots=True)
class Bodies:
    """`text` is what people read; `marked` is the same with the marks of mail programs."""

    text: str
    marked: str
    html: str | None
    html_marked: str | None
    """The HTML as marked text where the mail has both kinds: a second opinion on quotes."""


def of(structure: Structure, problems: Problems) -> Bodies:
    """Return the bodies of a mail; each is empty or None where the mail has none."""
    sources = {
        id(part): _source(part, problems)
        for part in (*structure.text, *structure.html)
        if part.content_type in ("text/plain", "text/html")
    }
    has_html = any(part.content_type == "text/html" for part in structure.html)
    only_plain = all(part.content_type == "text/plain" for part in structure.text)
    pages = [part for part in structure.html if id(part) in sources]
    said = [_readable(part, sources[id(part)], problems) for part in structure.text]
    second = None
    if has_html and only_plain:
        page = [_readable(part, sources[id(part)], problems) for part in pages]
        second = _joined(one.marked for one in page)
        if second and _may_be_a_stub(_joined(one.text for one in said)):
            said = page
    text, marked = _joined(one.text for one in said), _joined(one.marked for one in said)
    if len(text) > limits.TEXT_CHARACTERS:
        problems.note(_("The text is too long and was cut; the original is complete."))
        text, marked = text[: limits.TEXT_CHARACTERS], marked[: limits.TEXT_CHARACTERS]
    shown = _shown(structure.html, sources, problems) if has_html else None
    return Bodies(text, marked, shown, second)


def _may_be_a_stub(text: str) -> bool:
    """Tell whether the plain text may only send people to the HTML beside it, or be nothing."""
    words = text.split()
    return len(words) < _LONGEST_STUB and (not words or _HTML.search(text) is not None)


def charset_hint(parts: list[Part]) -> str:
    """Return the charset that the text parts declare, for headers that declare none."""
    declared = (part.parameters.get("charset", "") for part in parts)
    known = ("us-ascii", "utf-8", "ascii", "utf8", "")
    return next((name for name in declared if name.lower() not in known), "")


def _joined(pieces: Iterable[str]) -> str:
    return "\n".join(piece for piece in pieces if piece.strip())


def _source(part: Part, problems: Problems) -> str:
    """Return a text part as clean text."""
    text = charsets.decode(part.content, part.parameters.get("charset"), problems)
    text = clean.text(text.removeprefix("\ufeff"))
    if part.content_type == "text/html":
        if len(text) > limits.HTML_CHARACTERS:
            problems.note(_("The HTML is too long and was cut."))
        return text[: limits.HTML_CHARACTERS]
    if part.parameters.get("format", "").lower() == "flowed":
        delete = part.parameters.get("delsp", "").lower() == "yes"
        return flowed.unflow(text.replace(WRITTEN, ""), delete_space=delete)
    return text


def _readable(part: Part, source: str, problems: Problems) -> readable.Readable:
    if part.content_type != "text/html":
        return readable.Readable(source.replace(WRITTEN, ""), source)
    refused = measure.objection(source)
    if refused:
        problems.note(_("The HTML is too intricate to be laid out; its words are shown."))
        words = readable.crude(source)
        return readable.Readable(words, words)
    return readable.read(source)


def _shown(parts: list[Part], sources: dict[int, str], problems: Problems) -> str:
    """Return sanitised HTML of all parts that are shown, in order."""
    pieces: list[str] = []
    for part in parts:
        source = sources.get(id(part))
        if source is None:
            pieces.append(_picture(part))
        elif part.content_type != "text/html" or measure.objection(source):
            words = _readable(part, source, problems).text
            pieces.append(f"<p>{html_entities.escape(words)}</p>".replace("\n", "<br>"))
        else:
            pieces.append(sanitise.sanitise(source))
    return "\n".join(piece for piece in pieces if piece)


def _picture(part: Part) -> str:
    """Show an inline picture where it stands between the texts (RFC 2392)."""
    content_id = part.fields.first("content-id")
    if not content_id or not part.content_type.startswith("image/"):
        return ""
    name = content_id.decode("ascii", "replace").strip("<> \t")
    return f'<img src="cid:{html_entities.escape(name)}">'
