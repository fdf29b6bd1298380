"""Content-Transfer-Encoding (RFC 2045 §6) and what is used instead of it."""

import binascii
import re

from intake.channels.email.understanding.problems import Problems
from intake.language import marked as _

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))
_PADDING = re.compile(rb"=+")
_UU_BEGIN = re.compile(rb"^begin[ \t]+[0-7]{3,4}[ \t]+([^\r\n]{1,255})\r?\n", re.MULTILINE)
_UU_END = re.compile(rb"^(?:end|`end)[ \t]*\r?$", re.MULTILINE)

_NOTHING_TO_DO = frozenset({"", "7bit", "8bit", "binary", "none", "8-bit", "7-bit", "utf-8"})
_UUENCODE = frozenset({"x-uuencode", "x-uue", "uuencode", "uue"})


def decode(body: bytes, encoding: str, problems: Problems) -> bytes:
    """Return the decoded body; an unknown encoding leaves it as it is."""
    encoding = encoding.strip().lower()
    if encoding in _NOTHING_TO_DO:
        return body
    if encoding == "base64":
        return base64_bytes(body, problems)
    if encoding in ("quoted-printable", "quotedprintable", "qp"):
        return binascii.a2b_qp(body)
    if encoding in _UUENCODE:
        found = uu_file(body)
        return found[1] if found else _uu_lines(body)
    problems.note(_("The transfer encoding is unknown; the bytes were taken as they are."))
    return body


def base64_bytes(data: bytes, problems: Problems | None = None) -> bytes:
    """Decode base64 and salvage what can be salvaged (RFC 2045 §6.8).

    Foreign characters are dropped, missing padding is added, joined pieces are read one by one.
    """
    letters = data.translate(None, _NOT_BASE64)
    pieces = [piece for piece in _PADDING.split(letters) if piece]
    if problems and any(len(piece) % 4 == 1 for piece in pieces):
        problems.note(_("Base64 data is damaged and was read as far as possible."))
    return b"".join(_one_piece(piece) for piece in pieces)


def _one_piece(letters: bytes) -> bytes:
    spare = len(letters) % 4
    if spare == 1:
        letters, spare = letters[:-1], 0
    return binascii.a2b_base64(letters + b"=" * (-spare % 4))


def uu_file(body: bytes) -> tuple[str, bytes, int, int] | None:
    """Find a uuencoded file: (name, bytes, start, end) in `body`, or None."""
    begin = _UU_BEGIN.search(body)
    if not begin:
        return None
    end = _UU_END.search(body, begin.end())
    stop = end.start() if end else len(body)
    name = begin.group(1).decode("utf-8", "replace").strip()
    return name, _uu_lines(body[begin.end() : stop]), begin.start(), end.end() if end else stop


def _uu_lines(block: bytes) -> bytes:
    out: list[bytes] = []
    for line in block.splitlines():
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            wanted = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            try:
                out.append(binascii.a2b_uu(line[:wanted]))
            except binascii.Error:
                continue
    return b"".join(out)
