"""Files of a mail: decoded bytes, a usable name, a type, and whether the text shows them."""

import hashlib
import mimetypes
import posixpath
import re
import urllib.parse

from intake.channels.email.understanding import charsets, clean, limits, words
from intake.channels.email.understanding.mail import Attachment
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.tree import Part

_RAW_NAME = re.compile(rb"(?i)\b(?:file)?name\*?=[ \t]*(?:\"([^\"\r\n]{1,255})|([^\s;\"]{1,255}))")
_CHARSET_PREFIX = re.compile(r"^[\w-]{1,40}'[\w-]{0,10}'")
_FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f]+')
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")

_NAMES_BY_TYPE = {
    # What a file is called when the mail gives no name at all.
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "disposition-notification.txt",
    "text/rfc822-headers": "headers.txt",
    "text/calendar": "invitation.ics",
    "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "version.asc",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/ms-tnef": "winmail.dat",
    "text/plain": "text.txt",
    "text/html": "document.html",
    "image/jpeg": "image.jpg",
    "image/jpg": "image.jpg",
}


def of(part: Part, problems: Problems) -> Attachment:
    """Return the file that a part is."""
    content_id = clean.one_line(words.to_text(part.fields.first("content-id") or b"", problems))
    return build(
        filename=filename(part, problems),
        content_type=part.content_type,
        data=part.content,
        inline=part.disposition.value != "attachment"
        and (part.disposition.value == "inline" or bool(content_id)),
        content_id=content_id.strip("<> ") or None,
    )


def build(
    *,
    filename: str,
    content_type: str,
    data: bytes,
    inline: bool = False,
    content_id: str | None = None,
) -> Attachment:
    """Return an attachment with its hash."""
    return Attachment(
        filename=safe_name(filename) or "file",
        content_type=content_type,
        inline=inline,
        content_id=content_id,
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
    )


def safe_name(name: str) -> str:
    """Return a name without folders and without characters that file systems refuse."""
    name = clean.one_line(name)
    if re.match(r"^[A-Za-z]:\\|^\\\\", name):  # a whole Windows path
        name = name.rpartition("\\")[2]
    name = _FORBIDDEN.sub("_", name).strip(" .")
    if len(name) <= limits.FILENAME_CHARACTERS:
        return name
    stem, dot, extension = name.rpartition(".")
    keep = limits.FILENAME_CHARACTERS - len(extension) - 1
    return f"{stem[:keep]}.{extension}" if dot and keep > 0 else name[: limits.FILENAME_CHARACTERS]


def filename(part: Part, problems: Problems) -> str:
    """Return the first name the ladder gives (docs/email.md, "Understanding")."""
    return (
        _declared(part.disposition.parameters, ("filename", "name"), problems)
        or _in_raw_header(part.fields.first("content-disposition"), problems)
        or _of_location(part, problems)
        or _of_enclosed_mail(part, problems)
        or _declared(part.parameters, ("name", "filename"), problems)
        or _in_raw_header(part.fields.first("content-type"), problems)
        or _by_type(part)
    )


def _declared(parameters: dict[str, str], names: tuple[str, ...], problems: Problems) -> str:
    for name in names:
        value = parameters.get(name, "")
        if value:
            return _repaired(value, problems)
    return ""


def _repaired(value: str, problems: Problems) -> str:
    """Undo percent signs and encoded words where they do not belong but often are."""
    value = words.decode_words(value, problems)
    if _CHARSET_PREFIX.match(value):
        charset, _, value = value.split("'", 2)
        data = urllib.parse.unquote_to_bytes(value.encode("utf-8", "replace"))
        return charsets.decode(data, charset, problems)
    if _PERCENT.search(value) and " " not in value:
        data = urllib.parse.unquote_to_bytes(value.encode("utf-8", "replace"))
        return charsets.decode(data, "utf-8", problems)
    return value


def _in_raw_header(raw: bytes | None, problems: Problems) -> str:
    found = _RAW_NAME.search(raw) if raw else None
    if not found:
        return ""
    return _repaired(words.decode(found.group(1) or found.group(2), problems), problems)


def _of_location(part: Part, problems: Problems) -> str:
    """Return the last piece of a Content-Location that ends like a file (RFC 2557)."""
    location = words.decode(part.fields.first("content-location") or b"", problems)
    path = urllib.parse.unquote(location.partition("?")[0].partition("#")[0])
    name = posixpath.basename(path)
    return name if "." in name.strip(".") else ""


def _of_enclosed_mail(part: Part, problems: Problems) -> str:
    if not part.is_mail or not part.parts:
        return ""
    subject = words.decode(part.parts[0].fields.first("subject") or b"", problems)
    return f"{subject[:150]}.eml" if subject else "mail.eml"


def _by_type(part: Part) -> str:
    known = _NAMES_BY_TYPE.get(part.content_type)
    if known:
        return known
    main, _, sub = part.content_type.partition("/")
    extension = mimetypes.guess_extension(part.content_type, strict=False) or ""
    return f"{main}{extension}" if extension else f"{sub or 'file'}.bin"
