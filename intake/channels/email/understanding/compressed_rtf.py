"""Compressed RTF as Outlook packs it into a winmail.dat: LZFu, or stored as it is (MS-OXRTFCP)."""

from intake.channels.email.understanding import limits

_HEADER_BYTES = 16
_COMPRESSED, _STORED = b"LZFu", b"MELA"
_DICTIONARY_BYTES = 4096
_BEGINNING = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What the dictionary begins with (§2.1.2.1)."""
_SHORTEST = 2
"""Bytes of a reference whose length field is 0."""


def unpack(data: bytes) -> bytes:
    """Return the RTF, `limits.RTF_BYTES` of it at most. What is damaged ends it; nothing raises.

    The checksum is not asked: words with one wrong letter are better than none.
    """
    kind, content = data[8:12], data[_HEADER_BYTES:]
    if kind == _STORED:
        return content[: limits.RTF_BYTES]
    return _inflate(content) if kind == _COMPRESSED else data[: limits.RTF_BYTES]


def _inflate(content: bytes) -> bytes:
    """Undo LZFu (§2.2.2.1): eight tokens follow each control byte, a literal or a reference."""
    out = bytearray(_BEGINNING)
    place, end = 0, len(content)
    while place < end and len(out) < limits.RTF_BYTES:
        control = content[place]
        place += 1
        for bit in range(8):
            if not control >> bit & 1:
                out += content[place : place + 1]
                place += 1
                continue
            token = int.from_bytes(content[place : place + 2], "big")
            back = (len(out) - (token >> 4)) % _DICTIONARY_BYTES
            if back == 0 or place + 2 > end:
                return bytes(out[len(_BEGINNING) :])
            out += _repeated(out, back, (token & 15) + _SHORTEST)
            place += 2
    return bytes(out[len(_BEGINNING) :])


def _repeated(out: bytearray, back: int, length: int) -> bytes:
    """Return `length` bytes from `back` bytes ago, repeated where they are fewer.

    Before the beginning the dictionary holds blanks.
    """
    start = len(out) - back
    known = bytes(out[start : start + length]) if start >= 0 else b" " * min(-start, length)
    return (known * (length // len(known) + 1))[:length]
