"""What a file is, by its content and by its name, as a table of what we take.

Nothing here loses a file: what is not plainly one of these kinds is quarantined with a reason.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intake.uploads.disguises import chunks_of, disguised, html_or_program
from intake.uploads.names import extension_of
from intake.uploads.office import look_into_ole, look_into_zip
from intake.uploads.pdf import PDF_HEADER_BYTES, pdf_flags
from intake.uploads.reasons import Reason

HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the content is, and why it is quarantined if `reason` is set.

    `flags` warn staff about an accepted file, such as a PDF with JavaScript.
    """

    kind: str
    mime: str
    extension: str
    reason: Reason | None = None
    flags: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether staff may open the file."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the table: how content, name and declaration of one kind look."""

    name: str
    mime: str
    extensions: tuple[str, ...]  # the first is given to a name without one
    magic: re.Pattern[bytes]
    declared: tuple[str, ...] = ()  # further MIME types that mean it; x- and vnd. variants


def _ftyp(*brands: str) -> bytes:
    """ISO/IEC 14496-12: a box size, `ftyp`, then the brand."""
    return rb"....ftyp(?:" + "|".join(brands).encode() + rb")"


def _magic(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


# The third byte of an MPEG frame: a bit rate and a sample rate that exist.
_MPEG = b"[" + b"".join(rb"\x%x0-\x%xb" % (n, n) for n in range(1, 15)) + b"]"
_ZIP = _magic(rb"PK\x03\x04")
_OLE = _magic(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_ANY = _magic(rb"")
_ZIPS = ("application/zip", "application/x-zip-compressed")
_OOXML = "application/vnd.openxmlformats-officedocument"

# Read from top to bottom: the first row whose magic fits is the kind.
KINDS: tuple[Kind, ...] = (
    Kind("jpeg", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), _magic(rb"\xff\xd8\xff[\xc0-\xfe]")),
    Kind("png", "image/png", ("png",), _magic(rb"\x89PNG\r\n\x1a\n....IHDR")),
    Kind("gif", "image/gif", ("gif",), _magic(rb"GIF8[79]a")),
    Kind("webp", "image/webp", ("webp",), _magic(rb"RIFF....WEBPVP8[ LX]")),
    Kind(
        "heic",
        "image/heic",
        ("heic", "heif", "hif"),
        _magic(_ftyp("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1")),
        ("image/heif",),
    ),
    Kind("pdf", "application/pdf", ("pdf",), _magic(rb"%PDF-"), ("application/x-pdf",)),
    Kind(
        "docx",
        f"{_OOXML}.wordprocessingml.document",
        ("docx",),
        _ZIP,
        (*_ZIPS, "application/msword"),
    ),
    Kind(
        "xlsx",
        f"{_OOXML}.spreadsheetml.sheet",
        ("xlsx",),
        _ZIP,
        (*_ZIPS, "application/vnd.ms-excel"),
    ),
    Kind("odt", "application/vnd.oasis.opendocument.text", ("odt",), _ZIP, _ZIPS),
    Kind("doc", "application/msword", ("doc",), _OLE, ("application/vnd.ms-word",)),
    Kind("xls", "application/vnd.ms-excel", ("xls",), _OLE, ("application/msexcel",)),
    Kind("m4a", "audio/mp4", ("m4a", "m4b", "mp4"), _magic(_ftyp("M4A ", "M4B "))),
    Kind("3gp", "video/3gpp", ("3gp", "3gpp", "3g2", "mp4"), _magic(_ftyp("3g[egprst2]"))),
    Kind("mov", "video/quicktime", ("mov", "qt"), _magic(_ftyp("qt  ") + rb"|....(?:moov|wide)")),
    Kind(
        "mp4",
        "video/mp4",
        ("mp4", "m4v", "m4a"),
        _magic(_ftyp("iso[m2-9]", "mp4[12]", "avc1", "M4V", "MSNV", "dash", "f4v ", "kddi")),
    ),
    Kind("webm", "video/webm", ("webm", "weba"), _magic(rb"\x1aE\xdf\xa3.{0,60}\x42\x82.webm")),
    Kind(
        "opus",
        "audio/ogg",
        ("opus", "ogg", "oga"),
        _magic(rb"OggS\x00.{22}.{1,255}?OpusHead"),
        ("application/ogg", "audio/opus"),
    ),
    Kind("ogg", "audio/ogg", ("ogg", "oga"), _magic(rb"OggS\x00"), ("application/ogg",)),
    Kind("wav", "audio/wav", ("wav", "wave"), _magic(rb"RIFF....WAVE"), ("audio/vnd.wave",)),
    Kind("amr", "audio/amr", ("amr", "awb", "3ga"), _magic(rb"#!AMR(?:-WB)?\n")),
    Kind(
        "aac",
        "audio/aac",
        ("aac",),
        _magic(rb"\xff[\xf0\xf1\xf8\xf9][\x40-\xbf]"),
        ("audio/x-aac",),
    ),
    Kind(
        "mp3",
        "audio/mpeg",
        ("mp3",),
        _magic(rb"ID3[\x02-\x04]|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]" + _MPEG),
    ),
)  # fmt: skip - a table

_BY_NAME = {kind.name: kind for kind in KINDS}
CSV = Kind("csv", "text/csv", ("csv",), _ANY, ("application/csv", _BY_NAME["xls"].mime))
TEXT = Kind("txt", "text/plain", ("txt", "text", "log"), _ANY)
UNKNOWN = Kind("unknown", "application/octet-stream", (), _ANY)

# The schemes in which a sender says "some file", or nothing at all.
_NO_DECLARATION = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/x-download"}
)
# Within a family senders mix the names up: image/jpg, audio/x-m4a, video/mp4 for a voice note.
_MEDIA: Mapping[str, str] = {
    "image": "image", "audio": "sound", "video": "sound", "text": "text",
}  # fmt: skip
_TEXT_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def judge(path: Path, name: str, declared: str) -> Verdict:
    """Say what a stored file is and whether it is plainly that. Reads it once, in pieces.

    `declared` is the sender's MIME type, possibly empty or nonsense. Blocking: run in a thread.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        return Verdict(kind=UNKNOWN.name, mime=UNKNOWN.mime, extension="", reason=Reason.EMPTY)
    kind, reason = _identify(path, head, name)
    return Verdict(
        kind=kind.name,
        mime=kind.mime,
        extension=kind.extensions[0] if kind.extensions else "",
        reason=reason or _disagreement(kind, name, declared),
        flags=pdf_flags(path) if kind.name == "pdf" else (),
    )


def _identify(path: Path, head: bytes, name: str) -> tuple[Kind, Reason | None]:
    """Return the kind by content, with the gravest reason against it."""
    found = next((kind for kind in KINDS if kind.magic.match(head)), None)
    if found is None:
        return _without_magic(path, head, name)
    for magic, look in ((_ZIP, look_into_zip), (_OLE, look_into_ole)):
        if found.magic is magic:
            kind, reason = look(path)
            return _BY_NAME.get(kind, UNKNOWN), reason
    hidden = disguised(path, head, is_pdf=found.name == "pdf")
    return found, Reason.DISGUISED if hidden else None


def _without_magic(path: Path, head: bytes, name: str) -> tuple[Kind, Reason | None]:
    if html_or_program(head):
        return UNKNOWN, Reason.FORBIDDEN_TYPE
    if b"%PDF-" in head[:PDF_HEADER_BYTES]:  # junk before the header: readers open it all the same
        hidden = disguised(path, head, is_pdf=True)
        return _BY_NAME["pdf"], Reason.DISGUISED if hidden else None
    if _is_text(path, head):
        return (CSV if extension_of(name) == "csv" else TEXT), None
    return UNKNOWN, Reason.UNKNOWN_TYPE


def _is_text(path: Path, head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # as some editors write it
        return "\ufffd" not in head[: len(head) & ~1].decode("utf-16", "replace")[:-1]
    return not any(_TEXT_CONTROLS.search(chunk) for chunk in chunks_of(path))


def _disagreement(kind: Kind, name: str, declared: str) -> Reason | None:
    if extension_of(name) not in ("", *kind.extensions):
        return Reason.NAME_DISAGREES
    return None if _declared_as(kind, declared) else Reason.DECLARATION_DISAGREES


def _declared_as(kind: Kind, declared: str) -> bool:
    mime = declared.partition(";")[0].strip().lower()
    if mime in _NO_DECLARATION or mime == kind.mime or mime in kind.declared:
        return True
    said, found = (_MEDIA.get(text.partition("/")[0]) for text in (mime, kind.mime))
    return said is not None and said == found
