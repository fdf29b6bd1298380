"""HTML as a person would read it aloud: paragraphs, list marks, quoted lines with `> `.

One walk, no recursion. Besides the text it gives a second version for the search for the new
words: there, containers that mail programs put around old text and signatures are marked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from intake.channels.email.understanding import limits
from intake.channels.email.understanding.html.containers import Role, role_of
from intake.channels.email.understanding.names import names

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

CUT = "\ue000"
"""A line that is only this: everything below is older text, the mail program says so."""
SIGNATURE_START, SIGNATURE_END = "\ue001", "\ue002"

_BLOCKS = names(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul "
    "caption tbody thead tfoot"
)
_SPACED = names("p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre hr")
_SILENT = names("head script style title template noscript iframe object select svg")
_LEAVES = frozenset({"-text", "br"})
_BLANKS = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Readable:
    """`text` for people; `marked` for the search for quotes (the same words, plus marks)."""

    text: str
    marked: str


@dataclass(slots=True)
class _Writer:
    """Collects words into lines; a blank line is written once, however many blocks want it."""

    lines: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    quotes: int = 0
    preformatted: int = 0
    blank_wanted: bool = False

    def say(self, text: str) -> None:
        """Add text to the current line."""
        if self.preformatted:
            first, *more = text.replace("\r\n", "\n").split("\n")
            self.words.append(first)
            for line in more:
                self.end_line(force=True)
                self.words.append(line)
            return
        text = _BLANKS.sub(" ", text)
        if not self.words:
            text = text.lstrip(" ")
        if text:
            self.words.append(text)

    def end_line(self, *, force: bool = False) -> None:
        """Finish the current line; an empty one only when `force` (a `<br>`)."""
        line = "".join(self.words)
        if not self.preformatted:
            line = _BLANKS.sub(" ", line).strip(" ")
        self.words.clear()
        if not line.strip() and not force:
            return
        if self.blank_wanted and self.lines:
            self._write("")
        self.blank_wanted = False
        self._write(line if line.strip() else "")

    def mark(self, mark: str) -> None:
        """Write a line of its own for the second version."""
        self.end_line()
        self.lines.append(mark)

    def _write(self, line: str) -> None:
        prefix = ">" * min(self.quotes, 20)
        self.lines.append(f"{prefix} {line}".rstrip() if prefix else line)


def read(html: str) -> Readable:
    """Return the text of HTML that `measure.objection` did not refuse."""
    from selectolax.lexbor import LexborHTMLParser

    html = html.replace(CUT, "").replace(SIGNATURE_START, "").replace(SIGNATURE_END, "")
    root = LexborHTMLParser(html).root
    writer = _Writer()
    if root is not None:
        for node, entering in _visit(root):
            _write_node(node, writer, entering=entering)
    writer.end_line()
    marked = "\n".join(writer.lines)[: limits.TEXT_CHARACTERS]
    plain = "\n".join(line for line in marked.split("\n") if line[:1] not in _MARKS or not line)
    return Readable(plain.strip("\n"), marked.strip("\n"))


_MARKS = (CUT, SIGNATURE_START, SIGNATURE_END)


def _visit(root: "LexborNode") -> Iterator[tuple["LexborNode", bool]]:
    """Yield every node on the way in (True) and on the way out (False), without recursion."""
    stack: list[tuple[LexborNode, bool]] = [(root, True)]
    while stack:
        node, entering = stack.pop()
        yield node, entering
        if not entering or node.tag in _LEAVES or node.tag in _SILENT:
            continue
        stack.append((node, False))
        children = list(node.iter(include_text=True))
        stack.extend((child, True) for child in reversed(children))


def _write_node(node: "LexborNode", writer: _Writer, *, entering: bool) -> None:
    tag = node.tag or ""
    if tag == "-text":
        writer.say(node.text_content or "")
    elif tag == "br":
        writer.end_line(force=True)
    elif tag in _SILENT:
        return
    elif entering:
        _open(tag, role_of(tag, node.attributes), writer)
    else:
        _close(tag, role_of(tag, node.attributes), writer)


def _open(tag: str, role: Role | None, writer: _Writer) -> None:
    if tag in _BLOCKS:
        writer.end_line()
        writer.blank_wanted = writer.blank_wanted or tag in _SPACED
    if role is Role.OLDER:
        writer.mark(CUT)
    elif role is Role.SIGNATURE:
        writer.mark(SIGNATURE_START)
    elif role is Role.QUOTE:
        writer.quotes += 1
    if tag == "pre":
        writer.preformatted += 1
    elif tag == "li":
        writer.say("- ")
    elif tag in ("td", "th"):
        writer.say(" ")


def _close(tag: str, role: Role | None, writer: _Writer) -> None:
    if tag in _BLOCKS:
        writer.end_line()
        writer.blank_wanted = writer.blank_wanted or tag in _SPACED
    if role is Role.QUOTE:
        writer.quotes -= 1
    elif role is Role.SIGNATURE:
        writer.mark(SIGNATURE_END)
    if tag == "pre":
        writer.preformatted -= 1


def crude(html: str) -> str:
    """Return the words of HTML that must not be parsed: tags cut out in one linear pass."""
    out: list[str] = []
    position = 0
    while (start := html.find("<", position)) >= 0:
        out.append(html[position:start])
        end = html.find(">", start)
        if end < 0:
            position = len(html)
            break
        out.append(" ")
        position = end + 1
    out.append(html[position:])
    return _BLANKS.sub(" ", "".join(out)).strip()
