"""The installation's secret: a ring of keys, one to make things with, the others known. Pure.

New things are made with the current key. What another key of the ring made is still opened and
recognised: the next one's, because another process may use it already, and a former one's until
it is dropped (ADR 26).
"""

import base64
import binascii
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Final, Self

SIZE: Final = 32
"""Bytes that a key has at least, drawn at random."""
MOST: Final = 4
"""Keys of a ring: whatever is opened is tried with each of them."""

_WORDS: Final = (
    "changeme",
    "replaceme",
    "yoursecret",
    "secretkeyhere",
    "passwordpassword",
    "kissdemo",
)
_DIFFERENT_BYTES, _DIFFERENT_STEPS, _DIFFERENT_RUNS = 10, 8, 20
_RUN: Final = 3
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2})+")


class WeakKeyError(Exception):
    """The current key could be guessed; the sentence says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of the ring."""

    content: bytes = field(repr=False)
    made_at: datetime | None = None
    """None: nobody wrote it down, as with a key of the environment."""
    ends_at: datetime | None = None
    """When it is known no longer; None: when somebody drops it."""

    @property
    def id(self) -> str:
        """Return its name, which tells nothing of it: eight hexadecimal digits."""
        return self.derived("key id")[:4].hex()

    def derived(self, name: str) -> bytes:
        """Derive a purpose's key: HMAC-SHA256, as HKDF expands a key (RFC 5869 §2.3)."""
        return hmac.digest(self.content, f"kiss {name} v1\x01".encode(), "sha256")


@dataclass(frozen=True, slots=True)
class Secret:
    """The keys of an installation, the current one first."""

    keys: tuple[Key, ...]

    def __post_init__(self) -> None:
        """Refuse a ring of none, or of more than are ever tried (ValueError)."""
        if not 1 <= len(self.keys) <= MOST:
            raise ValueError(f"a ring has 1 to {MOST} keys, not {len(self.keys)}")

    @classmethod
    def of(cls, *contents: bytes) -> Self:
        """Make a ring of bare keys, the current one first."""
        return cls(tuple(Key(content=content) for content in contents))

    @property
    def current(self) -> Key:
        """The key with which things are made."""
        return self.keys[0]

    @property
    def each(self) -> "tuple[Secret, ...]":
        """Each key as a secret of its own, the current one first: to recognise what was made."""
        return tuple(Secret((key,)) for key in self.keys)

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of its keys."""
        return tuple(key.id for key in self.keys)


def drawn() -> bytes:
    """Draw a key."""
    return secrets.token_bytes(SIZE)


def written(content: bytes) -> str:
    """Write a key as the text that a setting takes: 43 characters of `A-Za-z0-9_-`."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def weakness(content: bytes) -> str | None:
    """Say why a key can be guessed; None for one that may serve.

    Nobody can measure how a text was drawn. What is measured: how many bytes it writes down, in
    hexadecimal or base 64 if it is that, else as it stands, and whether it repeats itself, counts
    up, or is a word that examples have.
    """
    measured = min(_readings(content), key=len)
    if len(measured) < SIZE:
        return f"it holds {len(measured)} bytes, and {SIZE} drawn at random are the least"
    if any(word in _bare(content) for word in _WORDS):
        return "it holds a word that stands in examples"
    steps = {after - before for before, after in pairwise(content)}
    runs = {content[start : start + _RUN] for start in range(len(content) - _RUN + 1)}
    varied = (
        len(set(content)) >= _DIFFERENT_BYTES
        and len(steps) >= _DIFFERENT_STEPS
        and len(runs) >= _DIFFERENT_RUNS
    )
    return None if varied else "it repeats itself, or counts up"


def _readings(content: bytes) -> list[bytes]:
    """Return what a key may write down: itself, and what it is in hexadecimal and base 64."""
    found = [content]
    text = content.decode("ascii", errors="ignore").strip()
    if len(text) != len(content.strip()):
        return found
    if _HEX.fullmatch(text):
        found.append(bytes.fromhex(text))
    for altchars in (b"-_", b"+/"):
        try:
            bare = text.rstrip("=")
            found.append(
                base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=altchars, validate=True)
            )
        except (binascii.Error, ValueError):
            continue
    return found


def _bare(content: bytes) -> str:
    return re.sub("[^a-z]", "", content.decode("ascii", errors="ignore").lower())
