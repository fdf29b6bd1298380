"""Files that may be kept but not read: written in sealed pieces that the secret alone opens.

Each file has a key of its own, made of the secret and a salt that stands at its beginning; so the
same content is never written the same way twice, and a sealed file's name confirms nothing. Each
piece is sealed with its number and whether it is the last (STREAM, Hoang et al. 2015): none can be
changed, left out, moved or cut off. Any part can be read without what stands before it.
"""

import contextlib
import os
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.ground.seals import SEALED_FILE, key_of
from core.ground.secret import Secret
from core.ground.storage import Storage
from core.ground.storage_faults import FileMissing

PIECE: Final = 1 << 16
_TAG: Final = 16
_SIGN: Final = b"kiss-sealed-1\n\0\0"
_SALT: Final = 32
_HEAD: Final = len(_SIGN) + _SALT


async def sealed(secret: Secret, chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Yield a file's bytes sealed, in pieces."""
    salt = os.urandom(_SALT)
    box, number, held = _box(secret, salt), 0, bytearray()
    yield _SIGN + salt
    async for chunk in chunks:
        held += chunk
        while len(held) > PIECE:  # the last piece is known when nothing follows
            yield box.encrypt(_nonce(number, last=False), bytes(held[:PIECE]), None)
            number += 1
            del held[:PIECE]
    yield box.encrypt(_nonce(number, last=True), bytes(held), None)


@dataclass(frozen=True, slots=True)
class SealedFiles:
    """Sealed files of a store, read as if they lay open."""

    storage: Storage
    secret: Secret = field(repr=False)

    async def size(self, key: str) -> int:
        """Return the size of what is sealed. Raises as `Storage.size` does."""
        inside = await self.storage.size(key) - _HEAD
        pieces = -(-inside // (PIECE + _TAG))
        return max(inside - pieces * _TAG, 0)

    async def read(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
        """Yield the bytes from `start` to before `end`. Raises FileMissing for what is not ours."""
        whole = await self.size(key)
        end, last = whole if end is None else min(end, whole), max(-(-whole // PIECE) - 1, 0)
        head = b"".join([chunk async for chunk in self.storage.read(key, 0, _HEAD)])
        if head[: len(_SIGN)] != _SIGN:
            raise FileMissing(key)
        box = await self._box_of(key, head[len(_SIGN) :], whole)
        number, held = start // PIECE, bytearray()
        place = _HEAD + number * (PIECE + _TAG)
        async for chunk in self.storage.read(key, place, None):
            held += chunk
            while len(held) >= PIECE + _TAG or (number == last and len(held) >= _left(whole, last)):
                size = PIECE + _TAG if number < last else _left(whole, last)
                piece = _opened(box, number, bytes(held[:size]), is_last=number == last, key=key)
                at = number * PIECE
                yield piece[max(start - at, 0) : max(end - at, 0)]
                del held[:size]
                number += 1
                if number > last or number * PIECE >= end:
                    return

    async def _box_of(self, key: str, salt: bytes, whole: int) -> AESGCM:
        """Find the key of the ring that sealed a file, by its first piece. Raises FileMissing."""
        boxes = [_box(secret, salt) for secret in self.secret.each]
        if len(boxes) == 1:
            return boxes[0]
        size = min(PIECE, whole) + _TAG
        parts = self.storage.read(key, _HEAD, _HEAD + size)
        first = b"".join([chunk async for chunk in parts])
        for box in boxes:
            with contextlib.suppress(FileMissing):
                _opened(box, 0, first, is_last=whole <= PIECE, key=key)
                return box
        raise FileMissing(key)


def _left(whole: int, last: int) -> int:
    return whole - last * PIECE + _TAG


def _opened(box: AESGCM, number: int, piece: bytes, *, is_last: bool, key: str) -> bytes:
    try:
        return box.decrypt(_nonce(number, last=is_last), piece, None)
    except InvalidTag as error:
        raise FileMissing(key) from error


def _box(secret: Secret, salt: bytes) -> AESGCM:
    own = HKDF(SHA256(), length=32, salt=salt, info=_SIGN)
    return AESGCM(own.derive(key_of(secret, SEALED_FILE)))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
