"""S/MIME and PGP: what is signed or encrypted is said, never verified, never hidden.

A text that its signature wraps (RFC 8551 §3.5.2, what Outlook sends as `smime.p7m`) is taken out.
"""

import re
from typing import TYPE_CHECKING

from intake.channels.email.understanding import cms, fields
from intake.channels.email.understanding.problems import Problems
from intake.language import marked as _

if TYPE_CHECKING:
    from intake.channels.email.understanding.tree import Part

SIGNED_TYPE = "multipart/signed"
"""What a part becomes whose signed content was taken out."""

_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNATURES = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
    }
)
_ENCRYPTED_TYPES = frozenset({"multipart/encrypted", "application/pgp-encrypted"})
_ARMOUR = re.compile(r"-----(BEGIN|END) PGP (SIGNED MESSAGE|SIGNATURE|MESSAGE)-----[ \t]*")
_ARMOUR_HEADER = re.compile(r"(?:Hash|Version|Comment|Charset|MessageID): ")

SIGNED = _("The mail is signed; the signature was not checked.")
ENCRYPTED = _(
    "The mail is encrypted and cannot be read here; only the recipient's key opens it."
    " Ask the person to write it again without encryption."
)
SIGNED_FILE = _("A file of the mail is wrapped in a signature, which was not checked.")
DAMAGED = _(
    "A part of the mail is signed or encrypted and cannot be opened; it was kept as a file."
)


def is_signature(content_type: str) -> bool:
    """Tell whether a file is nothing but the signature of a signed mail."""
    return content_type in _SIGNATURES


def signed_inside(part: "Part", content: bytes) -> bytes | None:
    """Return the entity that a part wraps in its signature; None where there is none to be read.

    A signed document (`surat.pdf.p7m`) is no entity and stays a file.
    """
    if not _is_smime(part):
        return None
    try:
        signed = cms.read(content).content
    except cms.NotCmsError:
        return None
    if signed is None or fields.split_entity(signed, Problems())[0].first("content-type") is None:
        return None
    return signed


def _is_smime(part: "Part") -> bool:
    if part.content_type in _SMIME:
        return True
    names = (part.disposition.parameters.get("filename"), part.parameters.get("name"))
    is_file = part.content_type == "application/octet-stream"
    return is_file and any(name and name.lower().endswith(".p7m") for name in names)


def note(root: "Part", text: str, problems: Problems) -> None:
    """Name what is signed or encrypted in the mail's problems."""
    for part in root.walk():
        if part.content_type == SIGNED_TYPE:
            problems.note(SIGNED)
        elif part.content_type in _ENCRYPTED_TYPES:
            problems.note(ENCRYPTED)
        elif _is_smime(part):
            problems.note(_said_of(part))
    for mark in _ARMOUR.finditer(text):
        if mark.group(1) == "BEGIN" and mark.group(2) != "SIGNATURE":
            problems.note(ENCRYPTED if mark.group(2) == "MESSAGE" else SIGNED)


def _said_of(part: "Part") -> str:
    try:
        return SIGNED_FILE if cms.read(part.content).is_signed else ENCRYPTED
    except cms.NotCmsError:
        return DAMAGED


def without_armour(text: str) -> str:
    """Return a text without the lines of an inline PGP signature (RFC 9580 §7)."""
    if "-----BEGIN PGP SIGNED MESSAGE-----" not in text:
        return text
    out: list[str] = []
    in_head = in_signature = False
    for line in text.split("\n"):
        mark = _ARMOUR.fullmatch(line.strip())
        if mark:
            in_head = mark.groups() == ("BEGIN", "SIGNED MESSAGE")
            in_signature = mark.groups() == ("BEGIN", "SIGNATURE")
        elif in_head and (not line.strip() or _ARMOUR_HEADER.match(line)):
            in_head = bool(line.strip())
        elif not in_signature:
            out.append(line.removeprefix("- "))
    return "\n".join(out)
