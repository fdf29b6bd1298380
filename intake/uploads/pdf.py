"""What a PDF would do by itself when it is opened, found without rendering it."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

PDF_HEADER_BYTES = 1024  # how far readers look for %PDF-
_CHUNK_BYTES = 1 << 20
_OVERLAP = 4096
_OBJECT_STREAMS = 400
_ESCAPES = 20_000  # marks of one in a piece; compressed data has about 4,000
_INFLATED_BYTES = 1 << 20  # of one object stream

# Flag, and the names that raise it (ISO 32000-1 §12.6, §7.11.4, §7.6).
_FLAGS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("javascript", re.compile(rb"/(?:JavaScript|JS)(?![A-Za-z])")),
    ("open_action", re.compile(rb"/(?:OpenAction|AA)(?![A-Za-z])")),
    ("launch", re.compile(rb"/Launch(?![A-Za-z])")),
    ("embedded_file", re.compile(rb"/EmbeddedFiles?(?![A-Za-z])")),
    ("form", re.compile(rb"/XFA(?![A-Za-z])")),
    ("encrypted", re.compile(rb"/Encrypt(?![A-Za-z])")),
)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECT_STREAM = b"/ObjStm"
_DICTIONARY_BYTES = 512  # from that name to the word `stream`


def pdf_flags(path: Path) -> tuple[str, ...]:
    """Return warnings for staff; such a PDF is offered for download only.

    Names hidden by `#xx` escapes or in compressed object streams are found too. `opaque` says
    that there were more of those than we look into. Memory: a few MiB whatever the size.
    """
    found: set[str] = set()
    streams: set[int] = set()
    for start, chunk in _chunks(path):
        if start == 0 and not chunk.startswith(b"%PDF-"):
            found.add("junk_before_header")
        found |= _names_in(chunk)
        for at in _object_streams(chunk):
            if start + at in streams:
                continue  # seen at the end of the piece before
            streams.add(start + at)
            if len(streams) > _OBJECT_STREAMS:
                return tuple(sorted(found | {"opaque"}))
            found |= _names_in(_inflated(path, start + at))
    return tuple(sorted(found))


def _chunks(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield offset and bytes, each piece beginning with the end of the one before."""
    tail, offset = b"", 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield offset - len(tail), tail + chunk
            offset += len(chunk)
            tail = chunk[-_OVERLAP:]


def _object_streams(chunk: bytes) -> Iterator[int]:
    """Yield where the data of object streams begin."""
    at = chunk.find(_OBJECT_STREAM)
    while at >= 0:
        word = chunk.find(b"stream", at, at + _DICTIONARY_BYTES)
        yield (word if word >= 0 else at) + len(b"stream")
        at = chunk.find(_OBJECT_STREAM, at + 1)


def _names_in(text: bytes) -> set[str]:
    if text.count(b"#") > _ESCAPES:
        return {"opaque"}
    if b"#" in text:
        text = _ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), text)
    return {flag for flag, pattern in _FLAGS if pattern.search(text)}


def _inflated(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        compressed = file.read(_INFLATED_BYTES).lstrip(b"\r\n")
    try:
        return zlib.decompressobj().decompress(compressed, _INFLATED_BYTES)
    except zlib.error:
        return b""
