"""The text of a mail for reading, for showing, and for the search for the new words."""

import html as html_entities
from collections.abc import Iterable
from dataclasses import dataclass

from intake.channels.email.understanding import charsets, clean, flowed, limits
from intake.channels.email.understanding.html import measure, readable, sanitise
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.structure import Structure
from intake.channels.email.understanding.tree import Part


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
    texts = [_readable(part, sources[id(part)], problems) for part in structure.text]
    text = _joined(piece.text for piece in texts)
    marked = _joined(piece.marked for piece in texts)
    if len(text) > limits.TEXT_CHARACTERS:
        problems.note("The text is too long and was cut; the original is complete.")
        text, marked = text[: limits.TEXT_CHARACTERS], marked[: limits.TEXT_CHARACTERS]
    has_html = any(part.content_type == "text/html" for part in structure.html)
    only_plain = all(part.content_type == "text/plain" for part in structure.text)
    second = None
    if has_html and only_plain:
        second = _joined(
            _readable(part, sources[id(part)], problems).marked
            for part in structure.html
            if id(part) in sources
        )
    shown = _shown(structure.html, sources, problems) if has_html else None
    return Bodies(text, marked, shown, second)


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
            problems.note("The HTML is too long and was cut.")
        return text[: limits.HTML_CHARACTERS]
    if part.parameters.get("format", "").lower() == "flowed":
        delete = part.parameters.get("delsp", "").lower() == "yes"
        return flowed.unflow(text, delete_space=delete)
    return text


def _readable(part: Part, source: str, problems: Problems) -> readable.Readable:
    if part.content_type != "text/html":
        return readable.Readable(source, source)
    refused = measure.objection(source)
    if refused:
        problems.note(f"The HTML was not laid out, it has {refused}; its words are shown.")
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
