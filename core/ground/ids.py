"""Identifiers made by us, so that one statement can write rows that refer to each other."""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """Return a time-ordered UUID (RFC 9562 §5.7): 48 bits of Unix milliseconds, then random.

    The time only keeps index pages close together; nothing reads it back, so the machine's
    clock serves and tests may move the injected one freely.
    """
    milliseconds = time.time_ns() // 1_000_000  # noqa: TID251 - nothing reads it back, as said above
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
