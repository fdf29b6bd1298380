"""S/MIME and PGP: what is signed or encrypted is said, never verified, never hidden."""

import re
from dataclasses import dataclass

from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.tree import Part

_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_ARMOUR = re.compile(r"-----(BEGIN|END) PGP (SIGNED MESSAGE|SIGNATURE|MESSAGE)-----[ \t]*")
_ARMOUR_HEADER = re.compile(r"(?:Hash|Version|Comment|Charset|MessageID): ")

SIGNED = "The mail is signed; the signature was not checked."
ENCRYPTED = "The mail is encrypted and cannot be read here; only the recipient's key opens it."
SIGNED_OPAQUE = "The mail is signed in a form that wraps the text; it is in the attached file."


@dataclass(frozen=True, slots=True)
class _Row:
    """Parts of this type, with this parameter value, mean `sentence`."""

    content_type: str
    parameter: str
    value: str
    sentence: str


ROWS = (
    _Row("multipart/signed", "", "", SIGNED),
    _Row("multipart/encrypted", "", "", ENCRYPTED),
    _Row("application/pgp-encrypted", "", "", ENCRYPTED),
    _Row("application/pkcs7-mime", "smime-type", "signed-data", SIGNED_OPAQUE),
    _Row("application/pkcs7-mime", "smime-type", "", ENCRYPTED),
)


def note(root: Part, text: str, problems: Problems) -> None:
    """Name what is signed or encrypted in the mail's problems."""
    for part in root.walk():
        kind = "application/pkcs7-mime" if part.content_type in _SMIME else part.content_type
        for row in ROWS:
            value = part.parameters.get(row.parameter, "").lower() if row.parameter else ""
            if kind == row.content_type and row.value in ("", value):
                problems.note(row.sentence)
                break
    for mark in _ARMOUR.finditer(text):
        if mark.group(1) == "BEGIN" and mark.group(2) != "SIGNATURE":
            problems.note(ENCRYPTED if mark.group(2) == "MESSAGE" else SIGNED)


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
