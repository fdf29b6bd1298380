"""Somebody who reports without a name: what tells who they are, and every form it may stand in.

All that is theirs holds one invented word, a number, or an address of a network, so that it is
found in whatever it is written: in capitals, percent-encoded, quoted-printable, in base64, in
hexadecimal, compressed, or as a plain hash.
"""

import base64
import binascii
import contextlib
import gzip
import hashlib
import html
import quopri
import re
import zlib
from collections.abc import Iterator
from itertools import product
from urllib.parse import unquote

NAME = "Kenari Rahasia"
MAIL = "Kenari.Rahasia@example.org"
PHONE = "0812-5550-1234"
AGENT = "KenariPhone/7 (Android 15; KenariModel)"
HOST = "203.0.113.77"
PLACE = "rumah KenariBudi.jpg"
CHAT = 7104455901
HANDLE = "kenari_rahasia_chat"

SIGNS = ("kenari", "81255501234", "203.0.113.77", str(CHAT))
"""What is looked for in lower case, without what may stand between the digits of a number."""
_SPELLINGS = (
    MAIL,
    MAIL.lower(),
    NAME,
    PHONE,
    "+6281255501234",
    "081255501234",
    "6281255501234",
    HOST,
    str(CHAT),
    HANDLE,
    AGENT,
)
_HASHES = tuple(
    hash_.hexdigest()
    for spelling, kind in product(_SPELLINGS, ("sha256", "sha1", "md5"))
    for hash_ in (hashlib.new(kind, spelling.encode(), usedforsecurity=False),)
)
_DASHES = re.compile(r"(?<=\d)[\s().\-\u2010-\u2015]+(?=\d)")
_LETTERS = re.compile(rb"[A-Za-z0-9+/_\-]{12,}={0,2}")
_HEX = re.compile(rb"(?:\\x)?((?:[0-9a-fA-F]{2}){6,})")
_DEPTH = 3
_LONGEST = 1 << 20


def found_in(content: bytes | str) -> list[str]:
    """Return the signs of the person that stand in something, in any form."""
    whole = content.encode(errors="replace") if isinstance(content, str) else content
    seen = {sign for form in _forms(whole, _DEPTH) for sign in _plainly(form)}
    return sorted(seen)


def _plainly(content: bytes) -> Iterator[str]:
    text = content.decode("utf-8", errors="replace")
    for wide in ("utf-16-le", "utf-16-be"):
        text += content.decode(wide, errors="ignore") if b"\0" in content else ""
    text = html.unescape(text)
    if "%" in text:
        text += unquote(text)
    if "=" in text:
        text += quopri.decodestring(text.encode()).decode(errors="replace")
    text = (text + _DASHES.sub("", text)).lower()
    yield from (sign for sign in SIGNS if sign in text)
    yield from (f"hash {one}" for one in _HASHES if one in text)
    yield from (f"hash {one}" for one in _HASHES if bytes.fromhex(one) in content)


def _forms(content: bytes, depth: int) -> Iterator[bytes]:
    """Yield something, and what is packed or written down in it."""
    yield content
    if depth == 0 or len(content) > _LONGEST:
        return
    for unpack in (gzip.decompress, zlib.decompress):
        with contextlib.suppress(OSError, EOFError, zlib.error):
            yield from _forms(unpack(content), depth - 1)
    joined = content.replace(b"\r\n", b"\n").replace(b"\n", b"")
    for letters in set(_LETTERS.findall(content) + _LETTERS.findall(joined)):
        with contextlib.suppress(binascii.Error, ValueError):
            core = letters.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
            plain = base64.b64decode(core + b"=" * (-len(core) % 4))
            if _may_say_something(plain):
                yield from _forms(plain, depth - 1)
    for digits in set(_HEX.findall(content)):
        plain = bytes.fromhex(digits.decode())
        if _may_say_something(plain):
            yield from _forms(plain, depth - 1)


def _may_say_something(content: bytes) -> bool:
    """Leave out what is random: hashes, signatures, ids."""
    begins_packed = content[:2] in {b"\x1f\x8b", b"\x78\x9c", b"\x78\xda", b"\x78\x01"}
    readable = sum(32 <= byte < 127 for byte in content)
    return begins_packed or readable * 10 > len(content) * 8
