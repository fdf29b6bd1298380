"""Sound recordings freed of titles, comments and covers: WAV, Ogg, MP3 and AAC."""

import struct
from typing import BinaryIO, Final

from intake.uploads.cleaning.unclean import UncleanError

_ZEROS: Final = bytes(1 << 18)
_PIECE: Final = 1 << 20
_HEARD: Final = (b"fmt ", b"fact", b"data")
_MOST_HEADER_PAGES: Final = 4000
_CRC: Final[list[int]] = []


def clean_wav(file: BinaryIO, size: int) -> None:
    """Overwrite in place every part but format and sound."""
    at = 12
    while at + 8 <= size:
        file.seek(at)
        kind, length = struct.unpack("<4sI", file.read(8))
        end = min(at + 8 + length, size)  # a recorder that was cut off promises more
        if kind not in _HEARD:
            file.seek(at)
            file.write(b"JUNK")
            _zeros(file, at + 8, end)
        at = end + (end - at) % 2
    if at < size:
        _zeros(file, at, size)


def _zeros(file: BinaryIO, start: int, end: int) -> None:
    file.seek(start)
    while start < end:
        start += file.write(_ZEROS[: end - start])


def clean_ogg(file: BinaryIO, size: int) -> None:
    """Overwrite in place the comments of an Opus or Vorbis recording; its pages stay as long."""
    at, packets, serial = 0, 0, b""
    pages: list[tuple[int, bytearray, int]] = []
    comment: list[tuple[int, int]] = []  # page, and where in it a byte of the packet lies
    kind = b""
    while packets < 2:
        page, body = _page(file, at, size)
        if (pages and page[14:18] != serial) or len(pages) > _MOST_HEADER_PAGES:
            raise UncleanError  # several streams in one
        serial = bytes(page[14:18])
        place = body
        for lace in page[27:body]:
            if packets == 0:
                kind += bytes(page[place : place + lace])
            elif packets == 1:
                comment += [(len(pages), place + n) for n in range(lace)]
            place += lace
            packets += lace < 255
        pages.append((at, page, len(page)))
        at += len(page)
    empty = _empty_comment(kind, len(comment))
    for (number, place), value in zip(comment, empty, strict=True):
        pages[number][1][place] = value
    for start, page, _ in pages:
        page[22:26] = bytes(4)
        page[22:26] = struct.pack("<I", _crc(page))
        file.seek(start)
        file.write(page)
    _refuse_others(file, at, size, serial)


def _page(file: BinaryIO, at: int, size: int) -> tuple[bytearray, int]:
    """Read the page at a place; where its content begins."""
    file.seek(at)
    head = file.read(27)
    if len(head) < 27 or head[:4] != b"OggS":
        raise UncleanError
    laces = file.read(head[26])
    length = 27 + len(laces) + sum(laces)
    if len(laces) < head[26] or at + length > size:
        raise UncleanError
    return bytearray(head + laces + file.read(sum(laces))), 27 + len(laces)


def _empty_comment(kind: bytes, size: int) -> bytes:
    sign, end = (b"OpusTags", b"") if kind.startswith(b"OpusHead") else (b"\x03vorbis", b"\1")
    if sign != b"OpusTags" and not kind.startswith(b"\x01vorbis"):
        raise UncleanError
    room = size - len(sign) - 8 - len(end)
    if room < 0:
        raise UncleanError
    return sign + struct.pack("<I", room) + b" " * room + bytes(4) + end


def _refuse_others(file: BinaryIO, start: int, size: int, serial: bytes) -> None:
    """Go through the rest page by page: another stream behind this one has comments, too."""
    at = start
    while at < size:
        file.seek(at)
        head = file.read(27)
        if len(head) < 27 or head[:4] != b"OggS" or head[14:18] != serial:
            raise UncleanError
        at += 27 + head[26] + sum(file.read(head[26]))


def _crc(page: bytes | bytearray) -> int:
    if not _CRC:
        for byte in range(256):
            value = byte << 24
            for _ in range(8):
                value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
            _CRC.append(value)
    found = 0
    for byte in page:
        found = (found << 8 & 0xFFFFFFFF) ^ _CRC[found >> 24 ^ byte]
    return found


def without_tags(source: BinaryIO, target: BinaryIO, size: int) -> None:
    """Copy the frames of an MP3 or AAC recording, without the tags before and behind them."""
    start, end = _after_tags(source, size), _before_tags(source, size)
    source.seek(start)
    if source.read(1) != b"\xff":
        raise UncleanError
    source.seek(start)
    left = end - start
    while left > 0 and (piece := source.read(min(_PIECE, left))):
        target.write(piece)
        left -= len(piece)


def _after_tags(source: BinaryIO, size: int) -> int:
    at = 0
    while at < size:
        source.seek(at)
        head = source.read(32)
        if head[:3] == b"ID3" and len(head) > 9:
            length = 0
            for byte in head[6:10]:
                length = length << 7 | byte & 0x7F
            at += 10 + length + (10 if head[5] & 0x10 else 0)
        elif head[:8] == b"APETAGEX":
            at += 32 + int.from_bytes(head[12:16], "little")
        elif head[:1] == b"\0":  # padding between tag and frames
            at += len(head) - len(head.lstrip(b"\0"))
        else:
            break
    return at


def _before_tags(source: BinaryIO, size: int) -> int:
    end = size
    while True:
        before = end
        if _tail(source, end, 128, 3) == b"TAG":
            end -= 128
        if _tail(source, end, 227, 4) == b"TAG+":
            end -= 227
        if _tail(source, end, 9, 9) == b"LYRICS200":
            source.seek(end - 15)
            digits = source.read(6)
            end -= 15 + int(digits) if digits.isdigit() else 0
        if _tail(source, end, 32, 8) == b"APETAGEX":
            source.seek(end - 20)
            length, _, signs = struct.unpack("<III", source.read(12))
            end -= length + (32 if signs & 0x80000000 else 0)
        if _tail(source, end, 10, 3) == b"3DI":
            source.seek(end - 4)
            end -= 20 + int.from_bytes(source.read(4), "big")
        if end == before:
            return end
        if end <= 0:
            raise UncleanError


def _tail(source: BinaryIO, end: int, back: int, length: int) -> bytes:
    if end < back:
        return b""
    source.seek(end - back)
    return source.read(length)
