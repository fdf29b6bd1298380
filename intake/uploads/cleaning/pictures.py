"""Pictures inside documents, freed of all that is beside their pixels, without redrawing them."""

import struct
import zlib

from intake.uploads.cleaning.unclean import UncleanError

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT bKGD pHYs acTL fcTL fdAT".split()
)
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"))
_WEBP_FLAGS = 0x2C  # of VP8X: profile, EXIF and XMP are announced there
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))  # JPEG markers without a length
_EOI, _SOS, _COMMENT = 0xD9, 0xDA, 0xFE
_APP0, _APP14, _LAST_APP = 0xE0, 0xEE, 0xEF
_JFIF_BYTES = 14  # without its thumbnail
_GIF_SIGNS = (b"GIF87a", b"GIF89a")


def bare_picture(content: bytes) -> bytes:
    """Return a picture without metadata. Raises UncleanError for what it does not know."""
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    if content.startswith(_PNG):
        return _png(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    if content.startswith(_GIF_SIGNS):
        return _gif(content)
    raise UncleanError


def _jpeg(content: bytes) -> bytes:
    """Keep the segments that draw it; what stands behind the end is another picture, or worse."""
    out, at = bytearray(b"\xff\xd8"), 2
    while at + 1 < len(content):
        if content[at] != 0xFF:
            raise UncleanError
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker == _EOI:
            return bytes(out + b"\xff\xd9")
        elif marker in _ALONE:
            out += content[at : at + 2]
            at += 2
        else:
            end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
            if end > len(content) or end < at + 4:
                raise UncleanError
            out += _segment(marker, content[at:end])
            at = end if marker != _SOS else _after_scan(content, end, out)
    return bytes(out + b"\xff\xd9")  # cut short, as some cameras do


def _segment(marker: int, segment: bytes) -> bytes:
    body = segment[4:]
    if marker == _APP0 and body.startswith(b"JFIF\0") and len(body) >= _JFIF_BYTES:
        return segment[:2] + b"\0\x10" + body[: _JFIF_BYTES - 2] + b"\0\0"
    if marker == _APP14 and body.startswith(b"Adobe"):
        return segment[:2] + b"\0\x0e" + body[:12].ljust(12, b"\0")  # how its colours are meant
    if marker == _COMMENT or _APP0 <= marker <= _LAST_APP:
        return b""
    return segment


def _after_scan(content: bytes, start: int, out: bytearray) -> int:
    """Copy what is drawn up to the next marker; return where that stands."""
    at = start
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            break
        at += 2
    end = at if 0 <= at < len(content) - 1 else len(content)
    out += content[start:end]
    return end


def _png(content: bytes) -> bytes:
    out, at = bytearray(_PNG), len(_PNG)
    while at + 12 <= len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        end = at + 12 + size
        if end > len(content):
            raise UncleanError
        if kind in _PNG_KEPT:
            body = content[at + 8 : end - 4]
            out += (
                struct.pack(">I", size) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            )
        if kind == b"IEND":
            return bytes(out)
        at = end
    raise UncleanError


def _webp(content: bytes) -> bytes:
    out, at = bytearray(), 12
    while at + 8 <= len(content):
        kind, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        body = content[at + 8 : at + 8 + size]
        if len(body) != size:
            raise UncleanError
        if kind == b"VP8X":
            body = bytes([body[0] & ~_WEBP_FLAGS]) + body[1:]
        if kind in _WEBP_KEPT:
            out += kind + struct.pack("<I", size) + body + bytes(size % 2)
        at = end
    return b"RIFF" + struct.pack("<I", len(out) + 4) + b"WEBP" + bytes(out)


def _gif(content: bytes) -> bytes:
    """Keep its pictures and how long each is shown."""
    signs = content[10] if len(content) > 13 else 0
    at = 13 + (3 << ((signs & 7) + 1) if signs & 0x80 else 0)
    out = bytearray(content[:at])
    while at + 1 < len(content):
        begin, sign = at, content[at]
        if sign == 0x3B:
            return bytes(out + b"\x3b")
        if sign == 0x2C and at + 10 <= len(content):
            local = content[at + 9]
            at += 11 + (3 << ((local & 7) + 1) if local & 0x80 else 0)
        elif sign == 0x21:
            at += 2
        else:
            raise UncleanError
        at = _after_blocks(content, at)
        if sign == 0x2C or content[begin + 1] == 0xF9:
            out += content[begin:at]
    return bytes(out + b"\x3b")


def _after_blocks(content: bytes, at: int) -> int:
    while at < len(content) and content[at]:
        at += content[at] + 1
    return at + 1
