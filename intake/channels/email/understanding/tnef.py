"""winmail.dat: what Outlook sends when it forgets that others do not speak TNEF (MS-OXTNEF)."""

import logging
from dataclasses import dataclass

from intake.channels.email.understanding import (
    attachments,
    charsets,
    clean,
    compressed_rtf,
    limits,
    rtf,
)
from intake.channels.email.understanding.html import measure, readable
from intake.channels.email.understanding.mail import Attachment
from intake.channels.email.understanding.problems import Problems
from intake.language import marked as _

_SIGNATURE = b"\x78\x9f\x3e\x22"
_DAMAGED = _("A winmail.dat is damaged and was kept as it is.")
_HEADER_BYTES = 6
_AROUND_BYTES = 11
"""Level, name and length before an attribute's data, and the checksum after it."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was inside one winmail.dat."""

    text: str
    files: tuple[Attachment, ...]


def is_tnef(attachment: Attachment) -> bool:
    """Tell whether a file is TNEF: by its first bytes, whatever it is called."""
    return attachment.data.startswith(_SIGNATURE)


def unpack(attachment: Attachment, problems: Problems) -> Unpacked | None:
    """Return text and files of a winmail.dat, or None where it cannot be read."""
    from tnefparse import TNEF

    logging.getLogger("tnefparse").setLevel(logging.CRITICAL + 1)  # it logs what it reads
    if len(attachment.data) > limits.TNEF_BYTES:
        problems.note(_("A winmail.dat is too large and was not opened."))
        return None
    if not _is_whole(attachment.data):  # the parser would hand out the part that is there
        problems.note(_DAMAGED)
        return None
    try:
        container = TNEF(attachment.data)
        files = tuple(_file(one) for one in container.attachments)
        text = _text(container, problems)
    except Exception:  # noqa: BLE001 - a parser of hostile bytes that raises whatever it meets
        problems.note(_DAMAGED)
        return None
    problems.note(_("Files were unpacked from a winmail.dat of Outlook."))
    return Unpacked(text, files)


def _is_whole(data: bytes) -> bool:
    """Tell whether the last attribute ends within the data (MS-OXTNEF §2.1.3.1).

    What follows it may be padding; another attribute would begin with its level, 1 or 2.
    """
    place = _HEADER_BYTES
    while len(data) - place >= _AROUND_BYTES:
        place += _AROUND_BYTES + int.from_bytes(data[place + 5 : place + 9], "little")
    return place <= len(data) and data[place : place + 1] not in {b"\1", b"\2"}


def _file(inner: object) -> Attachment:
    names = (
        getattr(inner, "long_filename", None),
        getattr(inner, "name", None),
    )
    name = next((_as_text(name) for name in names if name), "")
    data = getattr(inner, "data", b"")
    return attachments.build(
        filename=name.strip("\0 ") or "file",
        content_type="application/octet-stream",
        data=data if isinstance(data, bytes) else bytes(data or b""),
    )


def _as_text(value: object) -> str:
    if callable(value):
        value = value()
    if isinstance(value, bytes):
        return charsets.decode(value, None, Problems())
    return str(value or "")


def _text(container: object, problems: Problems) -> str:
    """Return the body: the plain one, else the HTML one as text, else the RTF one."""
    for name in ("body", "htmlbody"):
        value = _as_text(getattr(container, name, None))
        text = clean.text(value).strip("\0\n ")
        if not text:
            continue
        if name == "body":
            return text[: limits.TEXT_CHARACTERS]
        text = text[: limits.HTML_CHARACTERS]
        return readable.crude(text) if measure.objection(text) else readable.read(text).text
    packed = getattr(container, "rtfbody", None)  # as it is: the parser itself cannot unpack it
    return rtf.text_of(compressed_rtf.unpack(packed), problems) if packed else ""
