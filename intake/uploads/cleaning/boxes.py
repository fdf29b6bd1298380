"""MP4, MOV, 3GP, M4A and JPEG 2000: boxes beside picture and sound become empty ones, in place.

Nothing moves, so that the offsets in the file stay right. What is kept stands in a list; every
other box is overwritten, however it is called (ISO/IEC 14496-12, QuickTime File Format).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from intake.uploads.cleaning.unclean import UncleanError

_ZEROS: Final = bytes(1 << 18)
_DEEPEST: Final = 8
_MOST_BOXES: Final = 200_000

# fmt: off - a table: what is kept in which box
_KEPT: Final[dict[bytes, frozenset[bytes]]] = {
    b"": frozenset((b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"ssix")),
    b"moov": frozenset((b"mvhd", b"trak", b"mvex")),
    b"mvex": frozenset((b"mehd", b"trex", b"leva")),
    b"trak": frozenset((b"tkhd", b"edts", b"mdia")),
    b"edts": frozenset((b"elst",)),
    b"mdia": frozenset((b"mdhd", b"hdlr", b"minf")),
    b"minf": frozenset((b"vmhd", b"smhd", b"hdlr", b"dinf", b"stbl")),
    b"dinf": frozenset((b"dref",)),
    b"stbl": frozenset(
        b"stsd stts ctts cslg stsc stsz stz2 stco co64 stss stps sdtp sbgp sgpd subs".split()
    ),
    b"moof": frozenset((b"mfhd", b"traf")),
    b"traf": frozenset((b"tfhd", b"tfdt", b"trun", b"sdtp", b"sbgp", b"sgpd", b"subs")),
    b"mfra": frozenset((b"tfra", b"mfro")),
}
# fmt: on
_SHOWN: Final = (b"vide", b"soun")
_TIMED: Final = (b"mvhd", b"tkhd", b"mdhd")


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    body: int
    end: int


def clean_boxes(file: BinaryIO, size: int) -> None:
    """Clean it in place. Raises UncleanError where it is not built of boxes to its end."""
    top = list(_boxes(file, 0, size))
    if not any(box.kind == b"moov" for box in top):
        raise UncleanError
    in_pieces = any(box.kind == b"moof" for box in top)
    if in_pieces and not all(_handler(file, track) in _SHOWN for track in _tracks(file, top)):
        raise UncleanError  # its samples lie among the others
    _clean_all(file, top, b"", 0)


def clean_jp2(file: BinaryIO, size: int) -> None:
    """Clean a JPEG 2000 picture in place: its boxes of XML, of others and of rights."""
    for box in _boxes(file, 0, size):
        if box.kind in (b"xml ", b"uuid", b"uinf", b"jp2i", b"free"):
            _blank(file, box)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[_Box]:
    at, seen = start, 0
    while at < end:
        file.seek(at)
        head = file.read(min(16, end - at))
        if len(head) < 8 or (seen := seen + 1) > _MOST_BOXES:
            if not any(head):  # QuickTime ends a list of boxes with four zeros
                return
            raise UncleanError
        size, kind = struct.unpack(">I4s", head[:8])
        body = at + 8
        if size == 1 and len(head) == 16:
            size, body = int.from_bytes(head[8:], "big"), at + 16
        elif size == 0:
            size = end - at
        if at + size > end or at + size < body:
            raise UncleanError
        yield _Box(kind, at, body, at + size)
        at += size


def _clean_all(file: BinaryIO, boxes: list[_Box], within: bytes, depth: int) -> None:
    if depth > _DEEPEST:
        raise UncleanError
    for box in boxes:
        if box.kind not in _KEPT[within]:
            _blank(file, box)
        elif box.kind in _TIMED:
            _forget_times(file, box)
        elif box.kind == b"hdlr":
            _write_zeros(file, box.body + 12, box.end)
            _write_handler(file, box)
        elif box.kind == b"dref":
            _forget_places(file, box)
        elif box.kind == b"stsd":
            _forget_encoders(file, box)
        elif box.kind == b"trak" and _handler(file, box) not in _SHOWN:
            _forget_track(file, box)
        elif box.kind in _KEPT:
            _clean_all(file, list(_boxes(file, box.body, box.end)), box.kind, depth + 1)


def _blank(file: BinaryIO, box: _Box) -> None:
    if box.end - box.start == box.body - box.start and box.kind == b"wide":
        return
    file.seek(box.start + 4)
    file.write(b"free")
    _write_zeros(file, box.body, box.end)


def _write_zeros(file: BinaryIO, start: int, end: int) -> None:
    file.seek(start)
    while start < end:
        start += file.write(_ZEROS[: end - start])


def _forget_times(file: BinaryIO, box: _Box) -> None:
    file.seek(box.body)
    version = file.read(1)[:1] or b"\0"
    length = 16 if version == b"\1" else 8
    if box.body + 4 + length > box.end:
        raise UncleanError
    _write_zeros(file, box.body + 4, box.body + 4 + length)


def _write_handler(file: BinaryIO, box: _Box) -> None:
    """Leave of a handler what it handles; its maker and name are zeros by now."""
    file.seek(box.body + 4)
    kind = file.read(4)
    if box.body + 12 > box.end:
        raise UncleanError
    file.seek(box.body + 4)
    file.write(kind if kind in (b"mhlr", b"dhlr") else bytes(4))


def _forget_places(file: BinaryIO, box: _Box) -> None:
    """Leave of each reference to a file that it is this one."""
    for one in _boxes(file, box.body + 8, box.end):
        file.seek(one.start + 4)
        file.write(b"url ")
        file.seek(one.body)
        file.write(b"\0\0\0\1")
        _write_zeros(file, one.body + 4, one.end)


def _forget_encoders(file: BinaryIO, box: _Box) -> None:
    """Take the vendor and the encoder's name from each way of coding, and what hangs behind."""
    for entry in _boxes(file, box.body + 8, box.end):
        file.seek(entry.body + 8)
        is_sound = file.read(2) and entry.kind in _SOUND
        _write_zeros(file, entry.body + 12, min(entry.body + 16, entry.end))
        if is_sound or entry.end - entry.body < 78:
            continue
        _write_zeros(file, entry.body + 42, entry.body + 74)
        for inner in _boxes(file, entry.body + 78, entry.end):
            if inner.kind in (b"udta", b"uuid", b"meta", b"free", b"skip"):
                _blank(file, inner)


_SOUND: Final = frozenset(
    b"mp4a samr sawb sowt twos lpcm alac ac-3 ec-3 Opus fLaC ulaw alaw in24 in32 fl32".split()
)


def _handler(file: BinaryIO, track: _Box) -> bytes:
    for media in _boxes(file, track.body, track.end):
        if media.kind == b"mdia":
            for box in _boxes(file, media.body, media.end):
                if box.kind == b"hdlr":
                    file.seek(box.body + 8)
                    return file.read(4)
    return b""


def _tracks(file: BinaryIO, top: list[_Box]) -> Iterator[_Box]:
    for movie in (box for box in top if box.kind == b"moov"):
        yield from (box for box in _boxes(file, movie.body, movie.end) if box.kind == b"trak")


def _forget_track(file: BinaryIO, track: _Box) -> None:
    """Empty a track that is neither seen nor heard, such as one of places, and its samples."""
    found = {box.kind: box for box in _tables(file, track)}
    for start, end in _samples(file, found):
        _write_zeros(file, start, end)
    _blank(file, track)


def _tables(file: BinaryIO, track: _Box) -> Iterator[_Box]:
    inside = list(_boxes(file, track.body, track.end))
    for name in (b"mdia", b"minf", b"stbl"):
        inside = [
            box
            for outer in inside
            if outer.kind == name
            for box in _boxes(file, outer.body, outer.end)
        ]
    yield from inside


def _samples(file: BinaryIO, tables: dict[bytes, _Box]) -> Iterator[tuple[int, int]]:
    """Yield where the chunks of a track lie in the file."""
    places = _numbers(file, tables.get(b"stco"), ">I") or _numbers(file, tables.get(b"co64"), ">Q")
    if not places:
        return  # its samples lie in fragments or nowhere
    if b"stsc" not in tables or b"stsz" not in tables:
        raise UncleanError
    file.seek(tables[b"stsz"].body + 4)
    fixed, count = struct.unpack(">II", file.read(8))
    sizes = [] if fixed else _numbers(file, tables[b"stsz"], ">I", skip=8)[:count]
    runs = _numbers(file, tables[b"stsc"], ">I")
    firsts = [(runs[at], runs[at + 1]) for at in range(0, len(runs) - 2, 3)]
    file.seek(0, 2)
    whole, sample, in_one, ahead = file.tell(), 0, 0, iter([*firsts, (1 << 32, 0)])
    first, next_one = next(ahead)
    for number, place in enumerate(places, 1):
        while number >= first:
            in_one = next_one
            first, next_one = next(ahead)
        length = fixed * in_one if fixed else sum(sizes[sample : sample + in_one])
        sample += in_one
        if place + length > whole:
            raise UncleanError
        yield place, place + length


def _numbers(file: BinaryIO, box: _Box | None, form: str, skip: int = 4) -> list[int]:
    if box is None:
        return []
    file.seek(box.body + 4 + skip)
    size = struct.calcsize(form)
    raw = file.read(box.end - box.body - 4 - skip)
    return [number for (number,) in struct.iter_unpack(form, raw[: len(raw) // size * size])]
