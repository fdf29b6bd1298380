"""The kinds of file that people may send, as a table: content, name and declaration of each."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One row: how content, name and declaration of one kind look."""

    name: str
    mime: str
    extensions: tuple[str, ...]  # the first is given to a name without one
    magic: re.Pattern[bytes]  # of the first bytes
    declared: tuple[str, ...] = ()  # further MIME types that mean it, as senders write them


def _magic(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


def _media(*brands: bytes) -> re.Pattern[bytes]:
    """ISO/IEC 14496-12: a box size, `ftyp`, then the brand."""
    return _magic(rb"....ftyp(?:" + b"|".join(brands) + rb")")


def _frames(first_bytes: bytes) -> bytes:
    """Match an MPEG audio frame: sync, then a bit rate and a sample rate that exist."""
    return first_bytes + b"[" + b"".join(rb"\x%x0-\x%xb" % (n, n) for n in range(1, 15)) + b"]"


ZIP = _magic(rb"PK\x03\x04")
OLE = _magic(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_ANY = _magic(rb"")
_OOXML = "application/vnd.openxmlformats-officedocument"
_ODT = "application/vnd.oasis.opendocument.text"
_DOC, _XLS = "application/msword", "application/vnd.ms-excel"
_ZIPPED = ("application/zip", "application/x-zip-compressed")
_HEIF = (b"hei[cxms]", b"hev[cx]", b"m[is]f1")
_MP4 = (b"iso[m2-9]", b"mp4[12]", b"avc1", b"M4V", b"MSNV", b"dash", b"f4v ", b"kddi")

# Read from top to bottom: the first row whose magic fits is the kind. Rows that share ZIP or OLE
# are told apart by what the container holds.
# fmt: off - a table
KINDS: tuple[Kind, ...] = (
    Kind("jpeg", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), _magic(rb"\xff\xd8\xff[\xc0-\xfe]")),
    Kind("png", "image/png", ("png",), _magic(rb"\x89PNG\r\n\x1a\n....IHDR")),
    Kind("gif", "image/gif", ("gif",), _magic(rb"GIF8[79]a")),
    Kind("webp", "image/webp", ("webp",), _magic(rb"RIFF....WEBPVP8[ LX]")),
    Kind("heic", "image/heic", ("heic", "heif", "hif"), _media(*_HEIF), ("image/heif",)),
    Kind("pdf", "application/pdf", ("pdf",), _magic(rb"%PDF-"), ("application/x-pdf",)),
    Kind("docx", f"{_OOXML}.wordprocessingml.document", ("docx",), ZIP, (_DOC, *_ZIPPED)),
    Kind("xlsx", f"{_OOXML}.spreadsheetml.sheet", ("xlsx",), ZIP, (_XLS, *_ZIPPED)),
    Kind("odt", _ODT, ("odt",), ZIP, _ZIPPED),
    Kind("doc", _DOC, ("doc",), OLE, ("application/vnd.ms-word",)),
    Kind("xls", _XLS, ("xls",), OLE, ("application/msexcel",)),
    Kind("m4a", "audio/mp4", ("m4a", "m4b", "mp4"), _media(b"M4[AB] ")),
    Kind("3gp", "video/3gpp", ("3gp", "3gpp", "3g2", "mp4"), _media(b"3g[egprst2]")),
    Kind("mov", "video/quicktime", ("mov", "qt"), _media(b"qt  ")),
    Kind("mov", "video/quicktime", ("mov", "qt"), _magic(rb"....(?:moov|wide)")),
    Kind("mp4", "video/mp4", ("mp4", "m4v", "m4a"), _media(*_MP4)),
    Kind("webm", "video/webm", ("webm", "weba"), _magic(rb"\x1aE\xdf\xa3.{0,60}\x42\x82.webm")),
    Kind(
        "opus",
        "audio/ogg",
        ("opus", "ogg", "oga"),
        _magic(rb"OggS\0.{22}.{1,255}?OpusHead"),
        ("application/ogg", "audio/opus"),
    ),
    Kind("ogg", "audio/ogg", ("ogg", "oga"), _magic(rb"OggS\0"), ("application/ogg",)),
    Kind("wav", "audio/wav", ("wav", "wave"), _magic(rb"RIFF....WAVE")),
    Kind("amr", "audio/amr", ("amr", "awb", "3ga"), _magic(rb"#!AMR(?:-WB)?\n")),
    Kind("aac", "audio/aac", ("aac",), _magic(rb"\xff[\xf0\xf1\xf8\xf9][\x40-\xbf]")),
    Kind("mp3", "audio/mpeg", ("mp3",), _magic(rb"ID3[\x02-\x04]")),
    Kind("mp3", "audio/mpeg", ("mp3",), _magic(_frames(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"))),
)
# fmt: on

# Without a signature: by the absence of what text never holds.
TEXT = Kind("txt", "text/plain", ("txt", "text", "log"), _ANY)
CSV = Kind("csv", "text/csv", ("csv",), _ANY, ("application/csv", _XLS))
UNKNOWN = Kind("unknown", "application/octet-stream", (), _ANY)

BY_NAME = {kind.name: kind for kind in KINDS}
MIMES = frozenset(kind.mime for kind in (*KINDS, TEXT, CSV))
