"""Files that are one thing to us and another to a browser or a shell."""

import re
from collections.abc import Iterator
from pathlib import Path

from intake.uploads.pdf import PDF_HEADER_BYTES

CHUNK_BYTES = 1 << 20
_OVERLAP = 64
_ZIP_END_BYTES = 22 + 65_535  # its end record and the longest comment
_ZIP_END = b"PK\x05\x06"
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

# What a browser would take for markup (WHATWG MIME sniffing §7.1, and every other tag).
_MARKUP = re.compile(rb"\s*<[a-z!?/%]", re.IGNORECASE)
_PROGRAM = re.compile(
    rb"MZ|\x7fELF|#!|\xca\xfe\xba\xbe|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|dex\n"
    rb"|\x00asm|L\x00\x00\x00\x01\x14\x02|MSCF|ITSF|Rar!|7z\xbc\xaf|%!PS|\{\\rtf|@echo\s",
    re.IGNORECASE,
)
# Inside a picture, a sound or a PDF. Long enough not to happen by chance in 100 MB.
_MARKERS: tuple[tuple[bytes, re.Pattern[bytes]], ...] = (
    (b"<script", re.compile(rb"<script[\s>/]")),
    (b"<html", re.compile(rb"<html[\s>]")),
    (b"<iframe", re.compile(rb"<iframe[\s>]")),
    (b"<?php", re.compile(rb"<\?php\s")),
)
# A picture's header that is also the begin of a JavaScript comment or assignment.
_ALSO_SCRIPT = re.compile(
    rb"GIF8[79]a\s*(?:/\*|//|=)|RIFF(?:=|/\*)|\xff\xd8\xff[\xe0-\xef]/\*(?!Exif|JFIF|ICC_|http|Phot)"
)


def html_or_program(head: bytes) -> bool:
    """Say whether a file without another signature begins like markup, a script or a program."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if head.startswith(mark):
            head = head.decode(encoding, "replace").encode()
    return bool(_MARKUP.match(head) or _PROGRAM.match(head))


def disguised(path: Path, head: bytes, *, is_pdf: bool) -> bool:
    """Say whether a picture, sound, video or PDF also carries a page, script, archive or PDF."""
    return (
        bool(_ALSO_SCRIPT.match(head))
        or (not is_pdf and b"%PDF-" in head[:PDF_HEADER_BYTES])
        or _ends_as_zip(path)
        or any(_has_marker(chunk.lower()) for chunk in chunks_of(path, overlap=_OVERLAP))
    )


def chunks_of(path: Path, overlap: int = 0) -> Iterator[bytes]:
    """Yield the file in pieces of about 1 MiB, each beginning with the end of the one before."""
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield tail + chunk
            tail = chunk[-overlap:] if overlap else b""


def _has_marker(chunk: bytes) -> bool:
    return any(word in chunk and pattern.search(chunk) for word, pattern in _MARKERS)


def _ends_as_zip(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _ZIP_END_BYTES, 0))
        return _ZIP_END in file.read()
