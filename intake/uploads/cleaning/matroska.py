"""WebM: elements beside picture and sound become void ones, in place (RFC 8794, RFC 9559)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from intake.uploads.cleaning.unclean import UncleanError

_VOID: Final = b"\xec"
_EBML, _SEGMENT, _INFO, _TRACKS, _TRACK, _CLUSTER = (
    *(0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675),
)
_LEVEL_ONE: Final = frozenset(
    (0x114D9B74, _INFO, _TRACKS, _CLUSTER, 0x1C53BB6B, 0x1254C367, 0x1941A469, 0x1043A770)
)
_KEPT_IN_SEGMENT: Final = frozenset((0x114D9B74, _INFO, _TRACKS, _CLUSTER, 0x1C53BB6B))
_KEPT_IN_INFO: Final = frozenset((0x2AD7B1, 0x4489))
_PROGRAMS: Final = frozenset((0x4D80, 0x5741))  # must be there, whatever they say
_SAID_OF_TRACKS: Final = frozenset((0x536E, 0x258688, 0x22B59C, 0x7446))  # names, language, file
_IN_CLUSTER: Final = frozenset((0xE7, 0x5854, 0xA7, 0xAB, 0xA3, 0xA0, 0xAF))
_SHOWN: Final = (b"\1", b"\2")
_MOST: Final = 1_000_000
_ZEROS: Final = bytes(1 << 18)


@dataclass(frozen=True, slots=True)
class _Element:
    id: int
    start: int
    body: int
    end: int | None
    """None: it goes on until something follows that cannot be in it."""


def clean_matroska(file: BinaryIO, size: int) -> None:
    """Clean it in place. Raises UncleanError where it is not built of elements to its end."""
    for top in _elements(file, 0, size):
        if top.id == _SEGMENT:
            _clean_segment(file, top.body, size if top.end is None else top.end)
            if top.end is None:
                return
        elif top.id != _EBML:
            _void(file, top)


def _clean_segment(file: BinaryIO, start: int, end: int) -> None:
    at = start
    while at < end:
        one = _element(file, at, end)
        if one.id not in _KEPT_IN_SEGMENT:
            _void(file, one)
        elif one.id == _INFO:
            _clean_info(file, one)
        elif one.id == _TRACKS:
            _clean_tracks(file, one)
        at = _end_of_cluster(file, one, end) if one.end is None else one.end


def _clean_info(file: BinaryIO, info: _Element) -> None:
    for one in _elements(file, info.body, _known(info)):
        if one.id in _PROGRAMS:
            file.seek(one.body)
            file.write(b" " * (_known(one) - one.body))
        elif one.id not in _KEPT_IN_INFO:
            _void(file, one)


def _clean_tracks(file: BinaryIO, tracks: _Element) -> None:
    for track in _elements(file, tracks.body, _known(tracks)):
        if track.id != _TRACK:
            _void(file, track)
            continue
        for one in _elements(file, track.body, _known(track)):
            if one.id in _SAID_OF_TRACKS:
                _void(file, one)
            elif one.id == 0x83:  # its type: what is neither seen nor heard lies among the others
                file.seek(one.body)
                if file.read(_known(one) - one.body) not in _SHOWN:
                    raise UncleanError


def _end_of_cluster(file: BinaryIO, cluster: _Element, end: int) -> int:
    if cluster.id != _CLUSTER:
        raise UncleanError
    at = cluster.body
    while at < end:
        one = _element(file, at, end)
        if one.id in _LEVEL_ONE:
            return at
        if one.id not in _IN_CLUSTER and one.id != 0xEC:
            raise UncleanError
        at = _known(one)
    return end


def _elements(file: BinaryIO, start: int, end: int) -> Iterator[_Element]:
    at, seen = start, 0
    while at < end:
        if (seen := seen + 1) > _MOST:
            raise UncleanError
        one = _element(file, at, end)
        yield one
        at = end if one.end is None else one.end


def _element(file: BinaryIO, at: int, end: int) -> _Element:
    file.seek(at)
    raw = file.read(min(12, end - at))
    id_size = _length(raw, 4)
    size_size = _length(raw[id_size:], 8)
    body = at + id_size + size_size
    number = int.from_bytes(raw[id_size : id_size + size_size], "big")
    mask = (1 << 7 * size_size) - 1
    found = int.from_bytes(raw[:id_size], "big")
    if number & mask == mask:
        return _Element(found, at, body, None)
    if body + (number & mask) > end:
        raise UncleanError
    return _Element(found, at, body, body + (number & mask))


def _length(raw: bytes, most: int) -> int:
    size = 9 - raw[0].bit_length() if raw and raw[0] else 0
    if not 0 < size <= min(most, len(raw)):
        raise UncleanError
    return size


def _known(one: _Element) -> int:
    if one.end is None:
        raise UncleanError
    return one.end


def _void(file: BinaryIO, one: _Element) -> None:
    """Overwrite an element with a void one of the same length."""
    end = _known(one)
    length = end - one.start
    width = 1 if length < 0x7F else 8
    rest = length - 1 - width
    file.seek(one.start)
    file.write(_VOID + (rest | 1 << 7 * width).to_bytes(width, "big"))
    at = one.start + 1 + width
    while at < end:
        at += file.write(_ZEROS[: end - at])
