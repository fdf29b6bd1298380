r"""A push parser of multipart/form-data (RFC 7578): bytes in, events out, no I/O.

Why not aiohttp's reader: it recurses into nested multiparts, bounds neither preamble nor parts,
and answers several malformed bodies with exceptions of many kinds. This one has four states and
one exception, needs memory for one chunk and one part's headers, and gives the same events
however the bytes are cut.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import unquote

_BOUNDARY = re.compile(
    r"""(?ia)^multipart/form-data\s*;(?:.*;)?\s*boundary=("?)([\w'()+,./:=? -]{1,70})\1"""
)
_PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*("(?:\\.|[^"\\])*"|[^;]*)')
_CHARSETS = frozenset({"utf-8", "iso-8859-1", "us-ascii"})
_PREAMBLE_BYTES = 1024


class MalformedMultipart(ValueError):  # noqa: N818 - says what the body is
    """The body is not the multipart/form-data that its header promises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartBegin:
    """A part's headers. `filename` is None for a text field. All of it is hostile text."""

    name: str
    filename: str | None
    content_type: str


@dataclass(frozen=True, slots=True)
class PartData:
    """The next bytes of the current part, never empty."""

    data: bytes


@dataclass(frozen=True, slots=True)
class PartEnd:
    """The current part is complete."""


Event = PartBegin | PartData | PartEnd


class _State(Enum):
    PREAMBLE = auto()
    HEADERS = auto()
    BODY = auto()
    END = auto()


def boundary_of(content_type: str) -> bytes:
    """Return the boundary; MalformedMultipart if there is none (RFC 2046 §5.1.1)."""
    found = _BOUNDARY.match(content_type[:1000])
    if not found:
        raise MalformedMultipart("no boundary")
    return found[2].rstrip().encode("ascii")


class MultipartParser:
    """Feed it the body in pieces of any size; ask `finish` when there are no more."""

    def __init__(self, boundary: bytes, *, header_bytes: int) -> None:
        self._delimiter = b"\r\n--" + boundary
        self._header_bytes = header_bytes
        self._buffer = bytearray(b"\r\n")  # so that the first delimiter looks like the others
        self._state = _State.PREAMBLE
        self._first = True  # the body's first bytes still have the CRLF that ended the headers

    def feed(self, data: bytes) -> Iterator[Event]:
        """Yield what became certain with these bytes. Raises MalformedMultipart."""
        if self._state is _State.END:
            return  # an epilogue means nothing
        self._buffer += data
        steps = {
            _State.PREAMBLE: self._preamble,
            _State.HEADERS: self._headers,
            _State.BODY: self._body,
        }
        while (step := steps.get(self._state)) is not None:
            before = self._state
            yield from step()
            if self._state is before:
                return

    def finish(self) -> None:
        """Say that the body ended. Raises MalformedMultipart if its last part did not."""
        if self._state is not _State.END:
            raise MalformedMultipart("ends early")

    def _preamble(self) -> Iterator[Event]:
        at = self._buffer.find(self._delimiter)
        if at < 0 and len(self._buffer) > _PREAMBLE_BYTES + len(self._delimiter):
            raise MalformedMultipart("no first boundary")
        if at >= 0:
            self._pass_delimiter(at)
        yield from ()

    def _headers(self) -> Iterator[Event]:
        end = self._buffer.find(b"\r\n\r\n")
        if max(end, 0) > self._header_bytes or (end < 0 and len(self._buffer) > self._header_bytes):
            raise MalformedMultipart("part headers too large")
        if end >= 0:
            block = bytes(self._buffer[2:end])
            del self._buffer[: end + 2]  # one CRLF stays: an empty part's delimiter begins with it
            self._state = _State.BODY
            self._first = True
            yield _part(block)

    def _body(self) -> Iterator[Event]:
        at = self._buffer.find(self._delimiter)
        known = at if at >= 0 else len(self._buffer) - len(self._delimiter) - 1
        skip = 2 if self._first else 0
        if known > skip:
            yield PartData(bytes(self._buffer[skip:known]))
        if known >= skip:
            del self._buffer[:known]
            self._first = False
        if at >= 0 and self._pass_delimiter(0 if known >= skip else at):
            yield PartEnd()

    def _pass_delimiter(self, at: int) -> bool:
        """Consume the delimiter at `at` if what follows it has come; leave the CRLF after it."""
        end = at + len(self._delimiter)
        follows = bytes(self._buffer[end : end + 2])
        if len(follows) < 2:
            return False
        if follows not in (b"\r\n", b"--"):
            raise MalformedMultipart("boundary runs on")
        del self._buffer[:end]
        self._state = _State.HEADERS if follows == b"\r\n" else _State.END
        return True


def _part(block: bytes) -> PartBegin:
    headers = dict(_header(line) for line in re.sub(rb"\r\n[ \t]+", b" ", block).split(b"\r\n"))
    disposition = headers.get("content-disposition", "")
    if disposition.partition(";")[0].strip().lower() != "form-data":
        raise MalformedMultipart("part is no form-data")
    parameters = {key.lower(): _value(raw) for key, raw in _PARAMETER.findall(disposition)}
    if "name" not in parameters:
        raise MalformedMultipart("part without name")
    filename = _extended(parameters.get("filename*", "")) or parameters.get("filename")
    return PartBegin(
        name=parameters["name"],
        filename=filename,
        content_type=headers.get("content-type", "").partition(";")[0].strip().lower(),
    )


def _header(line: bytes) -> tuple[str, str]:
    name, _, value = line.decode(errors="replace").partition(":")
    return name.strip().lower(), value.strip()


def _value(raw: str) -> str:
    """Undo quoting, and the three escapes browsers use (WHATWG multipart/form-data encoding)."""
    raw = raw.strip()
    if len(raw) > 1 and raw[0] == raw[-1] == '"':
        raw = re.sub(r'\\(["\\])', r"\1", raw[1:-1])
    return raw.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")


def _extended(raw: str) -> str | None:
    """Read RFC 8187's charset'language'percent-encoded; None if it is not that."""
    charset, quote, rest = raw.partition("'")
    _, second, encoded = rest.partition("'")
    if not (quote and second) or charset.lower() not in _CHARSETS:
        return None
    return unquote(encoded, encoding=charset, errors="replace") or None
