"""Cryptographic messages of S/MIME (RFC 5652, RFC 8551): what wraps the text, and the text inside.

Nothing is verified and no key is needed: a signed message holds its content as it is. The reader
knows as much of ASN.1 as that takes, DER and BER alike (Outlook writes pieces of unknown length).
"""

from collections.abc import Iterator
from dataclasses import dataclass

_DEEPEST = 32
_MOST_ELEMENTS = 500_000
"""Pieces of 1,000 bytes, each looked at some six times: 40 MB have half of these."""
_SEQUENCE, _OBJECT_ID, _OCTETS = 0x30, 0x06, 0x04
_OCTETS_IN_PIECES, _CONTENT = 0x24, 0xA0
_CONSTRUCTED = 0x20
_CMS = bytes.fromhex("2a864886f70d0107")
"""1.2.840.113549.1.7, with which all these types begin but the last."""
SIGNED_DATA = _CMS + b"\x02"
_SECRET = frozenset(
    # enveloped-data, encrypted-data, authenticated enveloped data (RFC 5083)
    {_CMS + b"\x03", _CMS + b"\x06", bytes.fromhex("2a864886f70d0109100117")}
)


class NotCmsError(Exception):
    """The bytes are no such message, or one that is damaged or too complicated."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a message is; `content` is what was signed, None where it is not in it."""

    is_signed: bool
    """Else it is encrypted."""
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Element:
    """One element: its tag, and where its value lies."""

    tag: int
    start: int
    end: int
    after: int
    """Where the next element begins: behind the end mark of one of unknown length."""


def read(data: bytes) -> Message:
    """Return what the bytes are. Raises NotCmsError."""
    reader = _Reader(data)
    outer = reader.element(0, len(data), 0)
    if outer.tag != _SEQUENCE:
        raise NotCmsError
    parts = list(reader.inside(outer, 1))
    if not parts or parts[0].tag != _OBJECT_ID:
        raise NotCmsError
    kind, *rest = parts
    found = data[kind.start : kind.end]
    if found in _SECRET:
        return Message(is_signed=False)
    if found != SIGNED_DATA or not rest or rest[0].tag != _CONTENT:
        raise NotCmsError
    return Message(is_signed=True, content=reader.signed(rest[0]))


@dataclass(slots=True)
class _Reader:
    """Reads elements; every one is counted, so that no bytes keep it busy."""

    data: bytes
    left: int = _MOST_ELEMENTS

    def element(self, start: int, end: int, depth: int) -> _Element:
        """Read the element at `start`, which must end by `end`. Raises NotCmsError."""
        self.left -= 1
        if depth > _DEEPEST or self.left < 0 or start + 2 > end:
            raise NotCmsError
        tag, size = self.data[start], self.data[start + 1]
        if tag & 0x1F == 0x1F:  # a tag of several bytes: none that we need has one
            raise NotCmsError
        first = start + 2
        if size == 0x80:
            return self._of_unknown_length(tag, first, end, depth)
        if size > 0x80:
            width = size & 0x7F
            size, first = int.from_bytes(self.data[first : first + width], "big"), first + width
            if width > 8:
                raise NotCmsError
        if first + size > end:
            raise NotCmsError
        return _Element(tag, first, first + size, first + size)

    def _of_unknown_length(self, tag: int, first: int, end: int, depth: int) -> _Element:
        """Read up to the two zero bytes that end it (X.690 §8.1.3.6)."""
        if not tag & _CONSTRUCTED:
            raise NotCmsError
        place = first
        while self.data[place : place + 2] != b"\0\0":
            place = self.element(place, end, depth + 1).after
        if place + 2 > end:
            raise NotCmsError
        return _Element(tag, first, place, place + 2)

    def inside(self, outer: _Element, depth: int) -> Iterator[_Element]:
        """Yield what is in an element. Raises NotCmsError."""
        place = outer.start
        while place < outer.end:
            found = self.element(place, outer.end, depth)
            yield found
            place = found.after

    def signed(self, wrapped: _Element) -> bytes | None:
        """Return the content of signed data (§5.1): version, algorithms, then the content."""
        data = next(self.inside(wrapped, 2), None)
        parts = list(self._first(data, 3)) if data is not None else []
        if len(parts) < 3:
            raise NotCmsError
        described = list(self._first(parts[2], 2))
        if len(described) < 2 or described[1].tag != _CONTENT:
            return None
        octets = next(self.inside(described[1], 5), None)
        return None if octets is None else b"".join(self._pieces(octets, 6))

    def _first(self, outer: _Element, count: int) -> Iterator[_Element]:
        """Yield the first elements inside another."""
        for _, found in zip(range(count), self.inside(outer, 3), strict=False):
            yield found

    def _pieces(self, octets: _Element, depth: int) -> Iterator[bytes]:
        """Yield the pieces of a string of octets, which may be nested (X.690 §8.7.3)."""
        if octets.tag == _OCTETS:
            yield self.data[octets.start : octets.end]
        elif octets.tag == _OCTETS_IN_PIECES:
            for piece in self.inside(octets, depth):
                yield from self._pieces(piece, depth + 1)
        else:
            raise NotCmsError
