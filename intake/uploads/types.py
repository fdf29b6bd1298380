"""What a file is, by its content, by its name and by what its sender says.

Nothing here loses a file: what is not plainly one of these kinds is quarantined with a reason.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intake.uploads.disguises import chunks_of, disguised, html_or_program
from intake.uploads.kinds import BY_NAME, CSV, KINDS, OLE, TEXT, UNKNOWN, ZIP, Kind
from intake.uploads.names import extension_of
from intake.uploads.office_documents import look_into_ole, look_into_zip
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


# The schemes in which a sender says "some file", or nothing at all.
_NO_DECLARATION = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/x-download"}
)
# Within a family senders mix the names up: image/jpg, audio/x-m4a, video/mp4 for a voice note.
_MEDIA: Mapping[str, str] = {"image": "image", "audio": "av", "video": "av", "text": "text"}
_TEXT_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def judge(path: Path, name: str, declared: str) -> Verdict:
    """Say what a stored file is and whether it is plainly that. Reads it in pieces.

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
    for magic, look in ((ZIP, look_into_zip), (OLE, look_into_ole)):
        if found.magic is magic:
            kind, reason = look(path)
            return BY_NAME.get(kind, UNKNOWN), reason
    hidden = disguised(path, head, is_pdf=found.name == "pdf")
    return found, Reason.DISGUISED if hidden else None


def _without_magic(path: Path, head: bytes, name: str) -> tuple[Kind, Reason | None]:
    if html_or_program(head):
        return UNKNOWN, Reason.FORBIDDEN_TYPE
    if b"%PDF-" in head[:PDF_HEADER_BYTES]:  # junk before the header: readers open it all the same
        hidden = disguised(path, head, is_pdf=True)
        return BY_NAME["pdf"], Reason.DISGUISED if hidden else None
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
