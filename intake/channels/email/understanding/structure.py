"""Which part is the text, which is the HTML, which is a file (RFC 8621 §4.1.4).

The algorithm is the one JMAP gives to every mail server, with one difference: a picture between
two paragraphs is a file for us and keeps its place in the HTML.
"""

from dataclasses import dataclass, field

from intake.channels.email.understanding.tree import Part

_TEXTS = frozenset({"text/plain", "text/html"})
_READ_APART = frozenset(
    {"text/calendar", "text/rtf", "text/richtext", "text/enriched", "text/x-amp-html"}
)
"""Kinds of text that are no words as they stand."""
_MEDIA = ("image/", "audio/", "video/")


@dataclass(slots=True)
class Structure:
    """The parts of one mail by their role, each list in the mail's order."""

    text: list[Part] = field(default_factory=list)
    """To be read as plain text; an HTML part stands here where there is no other text."""
    html: list[Part] = field(default_factory=list)
    """To be shown as HTML; pictures and plain text between HTML parts stand here too."""
    files: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Context:
    """Where the walk is: the multipart around, and what it may still add to."""

    kind: str
    in_alternative: bool
    to_text: bool = True
    to_html: bool = True


def of(root: Part) -> Structure:
    """Return the roles of all parts; those inside an enclosed mail are not ours."""
    structure = Structure()
    if root.is_multipart:
        _walk(root.parts, _entered(root, _Context("mixed", in_alternative=False)), structure)
    else:
        _walk((_as_text(root),), _Context("mixed", in_alternative=False), structure)
    return structure


def _as_text(root: Part) -> Part:
    """Read a mail that is nothing but `text/…` of an unusual kind as plain text."""
    known = root.content_type in _TEXTS or not root.content_type.startswith("text/")
    if known or root.content_type in _READ_APART or root.disposition.value == "attachment":
        return root
    return Part(root.fields, "text/plain", root.parameters, root.disposition, root.content)


def _entered(part: Part, context: _Context) -> _Context:
    kind = part.content_type.partition("/")[2]
    inside = context.in_alternative or kind == "alternative"
    return _Context(kind, inside, context.to_text, context.to_html)


def _walk(parts: tuple[Part, ...], context: _Context, found: Structure) -> None:
    text_before, html_before = len(found.text), len(found.html)
    for index, part in enumerate(parts):
        if part.is_multipart:
            _walk(part.parts, _entered(part, context), found)
        elif not _is_inline(part, index, context.kind):
            found.files.append(part)
        elif context.kind == "alternative":
            _choose(part, found)
        else:
            context = _show(part, context, found)
    if context.kind == "alternative":
        _complete(found, text_before, html_before)


def _is_inline(part: Part, index: int, kind: str) -> bool:
    if part.disposition.value == "attachment":
        return False
    media = part.content_type.startswith(_MEDIA)
    if part.content_type not in _TEXTS and not media:
        return False
    return index == 0 or (kind != "related" and (media or not _has_name(part)))


def _has_name(part: Part) -> bool:
    return bool(part.disposition.parameters.get("filename") or part.parameters.get("name"))


def _choose(part: Part, found: Structure) -> None:
    if part.content_type == "text/plain":
        found.text.append(part)
    elif part.content_type == "text/html":
        found.html.append(part)
    else:
        found.files.append(part)


def _show(part: Part, context: _Context, found: Structure) -> _Context:
    """Add an inline part; inside an alternative its kind decides which branch this is."""
    to_text, to_html = context.to_text, context.to_html
    if context.in_alternative:
        to_html = to_html and part.content_type != "text/plain"
        to_text = to_text and part.content_type != "text/html"
    media = part.content_type.startswith(_MEDIA)
    if to_text and not media:
        found.text.append(part)
    if to_html:
        found.html.append(part)
    if media:
        found.files.append(part)
    return _Context(context.kind, context.in_alternative, to_text, to_html)


def _complete(found: Structure, text_before: int, html_before: int) -> None:
    """Let an alternative that has only one of the two kinds stand for both."""
    text_grew, html_grew = len(found.text) > text_before, len(found.html) > html_before
    if html_grew and not text_grew:
        found.text.extend(part for part in found.html[html_before:] if part.content_type in _TEXTS)
    elif text_grew and not html_grew:
        found.html.extend(found.text[text_before:])
