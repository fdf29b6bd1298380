"""The MIME tree (RFC 2046), read with a budget instead of trust.

The tree is never built deeper or wider than the limits allow: depth and parts are counted while
the bytes are cut, so no later walk can exhaust the stack, and a hostile mail costs linear time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from intake.channels.email.understanding import (
    fields,
    limits,
    parameters,
    secured,
    transfer,
    words,
)
from intake.channels.email.understanding.fields import Fields
from intake.channels.email.understanding.parameters import Parametrised
from intake.channels.email.understanding.problems import Problems
from intake.language import marked as _

ENCLOSED_MAIL = frozenset({"message/rfc822", "message/global", "message/news"})


@dataclass(frozen=True, slots=True)
class Part:
    """One entity: a leaf with `content`, a multipart or an enclosed mail with `parts`."""

    fields: Fields
    content_type: str
    parameters: dict[str, str]
    disposition: Parametrised
    content: bytes = b""
    """The decoded body of a leaf; for an enclosed mail its whole source."""
    parts: tuple["Part", ...] = ()

    @property
    def is_multipart(self) -> bool:
        """Tell whether the part is a container that has parts."""
        return self.content_type.startswith("multipart/") and bool(self.parts)

    @property
    def is_mail(self) -> bool:
        """Tell whether the part encloses another mail."""
        return self.content_type in ENCLOSED_MAIL

    def walk(self) -> Iterator["Part"]:
        """Yield this part and all below it, in order, enclosed mails included."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(slots=True)
class _Budget:
    """What is left of one mail's allowance."""

    problems: Problems
    parts: int = limits.PARTS
    candidates: int = limits.BOUNDARY_CANDIDATES

    def take_part(self) -> bool:
        """Take one part from the allowance; False when it is used up."""
        if self.parts <= 0:
            self.problems.note(_("The mail has too many parts; the rest was not read."))
            return False
        self.parts -= 1
        return True


def read(raw: bytes, problems: Problems) -> Part:
    """Return the tree of one raw mail; any bytes give a tree."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    return _read_entity(raw, "text/plain", 0, _Budget(problems))


def _read_entity(data: bytes, default_type: str, depth: int, budget: _Budget) -> Part:
    """Read one entity and what is in it, down to the depth limit."""
    problems = budget.problems
    head, body = fields.split_entity(data, problems)
    kind = parameters.parse(head.first("content-type"), problems)
    part = Part(
        fields=head,
        content_type=_known_type(kind.value, default_type),
        parameters=kind.parameters,
        disposition=parameters.parse(head.first("content-disposition"), problems),
    )
    encoding = words.to_text(head.first("content-transfer-encoding") or b"", problems)
    if depth < limits.DEPTH:
        if part.content_type.startswith("multipart/"):
            parts = _read_multipart(part, body, depth, budget)
            if parts:
                return _with(part, parts=parts)
            problems.note(_("A multipart has no parts and was read as plain text."))
            return _with(part, content=body, content_type="text/plain")
        if part.is_mail and budget.take_part():
            source = transfer.decode(body, encoding, problems)
            inner = _read_entity(source, "text/plain", depth + 1, budget)
            return _with(part, content=source, parts=(inner,))
    elif part.content_type.startswith("multipart/") or part.is_mail:
        problems.note(_("The mail is nested too deeply; the inner parts were not read."))
        return _with(part, content=body)
    content = transfer.decode(body, encoding, problems)
    signed = secured.signed_inside(part, content) if depth < limits.DEPTH else None
    if signed is not None and budget.take_part():
        inner = _read_entity(signed, "text/plain", depth + 1, budget)
        return _with(part, parts=(inner,), content_type=secured.SIGNED_TYPE)
    return _with(part, content=content)


def _with(
    part: Part,
    *,
    content: bytes = b"",
    parts: tuple[Part, ...] = (),
    content_type: str | None = None,
) -> Part:
    kind = part.content_type if content_type is None else content_type
    return Part(part.fields, kind, part.parameters, part.disposition, content, parts)


def _known_type(value: str, default: str) -> str:
    """Return `main/sub`; anything else is the default (RFC 2045 §5.2)."""
    kind = value.split(" ", 1)[0].split(",", 1)[0]
    if kind == "text":
        return "text/plain"
    return kind if kind.count("/") == 1 and kind.strip("/") == kind else default


def _read_multipart(part: Part, body: bytes, depth: int, budget: _Budget) -> tuple[Part, ...]:
    boundary = part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
    pieces = _split_at(body, boundary, budget) if boundary else []
    if not pieces:
        guessed = _guess_boundary(body)
        if guessed:
            budget.problems.note(_("The declared boundary is missing; one was found in the text."))
            pieces = _split_at(body, guessed, budget)
    inner = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    read_parts: list[Part] = []
    for piece in pieces:
        if not budget.take_part():
            break
        read_parts.append(_read_entity(piece, inner, depth + 1, budget))
    return tuple(read_parts)


def _guess_boundary(body: bytes) -> bytes:
    """Take the first line that begins with two hyphens and is repeated."""
    start = 0 if body.startswith(b"--") else body.find(b"\n--") + 1
    if start == 0 and not body.startswith(b"--"):
        return b""
    line = body[start + 2 : start + 202].split(b"\n", 1)[0].rstrip()
    return line if line and body.count(b"\n--" + line) else b""


def _split_at(body: bytes, boundary: bytes, budget: _Budget) -> list[bytes]:
    """Cut a multipart body at its delimiter lines (RFC 2046 §5.1.1); preamble and epilogue go.

    A missing last delimiter is forgiven: the last part then reaches to the end.
    """
    pieces: list[bytes] = []
    start = -1
    for position, after, closing in _delimiters(body, boundary, budget):
        if start >= 0:
            pieces.append(body[start:position])
        start = after
        if closing:
            return pieces
    if start >= 0:
        budget.problems.note(_("The end of a multipart is missing."))
        pieces.append(body[start:])
    return pieces


def _delimiters(body: bytes, boundary: bytes, budget: _Budget) -> Iterator[tuple[int, int, bool]]:
    """Yield (end of the part before, start of the part after, is it the closing one)."""
    mark = b"--" + boundary
    position = 0 if body.startswith(mark) else _next_mark(body, mark, 0)
    while position >= 0:
        budget.candidates -= 1
        if budget.candidates < 0 or budget.parts <= 0:
            budget.problems.note(_("The mail has too many boundary lines; the rest was not read."))
            return
        line_end = body.find(b"\n", position)
        line_end = len(body) if line_end < 0 else line_end
        rest = body[position + len(mark) : min(line_end, position + len(mark) + 200)]
        if not rest.strip() or rest.strip() == b"--":
            before = max(0, position - 1)
            if body[before - 1 : before] == b"\r":
                before -= 1
            yield before, line_end + 1, rest.strip() == b"--"
        position = _next_mark(body, mark, max(position, line_end - 1))


def _next_mark(body: bytes, mark: bytes, start: int) -> int:
    found = body.find(b"\n" + mark, start)
    return found + 1 if found >= 0 else -1
