"""Passwords: the one place that hashes them, checks them and says which are too weak.

New hashes are argon2id. The bcrypt hashes of the KISS seed are accepted, those of PHP ($2y$) too,
and replaced at the next sign-in.
"""

import asyncio
import re
import secrets
from functools import cache
from typing import Final
from weakref import WeakKeyDictionary

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

from core.ground.turns import Turns

SHORTEST: Final = 12
LONGEST: Final = 256
"""Characters; long enough for any passphrase, short enough that hashing it is no attack."""
_BCRYPT_BYTES: Final = 72
"""bcrypt never looked further; our library refuses more where PHP's cut it off in silence."""
_AT_ONCE: Final = 1
"""Hashes under way in one process: a rush of sign-ins waits and leaves the loop its core."""

_ARGON2: Final = Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
"""KiB, rounds, threads: the least OWASP's password storage cheat sheet allows, for this runs on
small machines that do more than sign people in. Some 40 ms of a core."""
_HASHES: Final = PasswordHash((_ARGON2, BcryptHasher()))
_BCRYPT: Final = re.compile(r"\$2[abxy]?\$")

_COMMON_WORDS: Final = """
    admin administrator akubisa aku anjing asdfgh asdfghjkl bandung bangsat bismillah cantik cinta
    dragon football garuda hospital iloveyou indonesia jakarta kesehatan komputer letmein login
    merdeka monkey password passwrd perawat princess qwerty qwertyuiop rahasia rsud rumahsakit
    sandi sayang sayangku selamat semangat sunshine surabaya terserah welcome zxcvbn
"""
COMMON: Final = frozenset(_COMMON_WORDS.split())
"""What people here choose first; repeated, or with numbers and signs around it, it is no better."""


def weakness(password: str, *, names: tuple[str, ...] = ()) -> str | None:
    """Say what is wrong with a new password: `short`, `long`, `common`, `name`; None if nothing.

    `names` are the person's user name and address, which a guesser tries first.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    bare = re.sub(r"[\W\d_]+", "", password.lower())
    if _made_of(COMMON, bare) or len(set(password)) < 5:
        return "common"
    known = {part for name in names for part in re.split(r"[\W_]+", name.lower()) if len(part) > 2}
    return "name" if known and _made_of(frozenset(known), bare) else None


def hash_password(password: str) -> str:
    """Return an argon2id hash. Takes some 40 ms of a core: see `hashed` for use on the loop."""
    return _HASHES.hash(password)


async def hashed(password: str) -> str:
    """Hash in a thread, one at a time."""
    async with _turns().turn(""):
        return await asyncio.to_thread(hash_password, password)


async def verified(
    password: str, stored: str | None, *, share: str = ""
) -> tuple[bool, str | None]:
    """Check in a thread; also return a hash to keep instead when the stored one is outdated.

    Nobody waits for the queue of another `share`, such as a network that guesses.

    Without a stored hash it takes as long and is never right: nobody learns which accounts exist.
    """
    async with _turns().turn(share):
        return await asyncio.to_thread(_verify, password[:LONGEST], stored)


def _verify(password: str, stored: str | None) -> tuple[bool, str | None]:
    known = stored or _nobody()
    heard = password.encode()[:_BCRYPT_BYTES] if _BCRYPT.match(known) else password
    try:
        right, fresh = _HASHES.verify_and_update(heard, known)
    except (UnknownHashError, ValueError):  # no hash at all, or bytes no hash was ever made of
        return False, None
    if not right or stored is None:
        return False, None
    return True, hash_password(password) if fresh else None


def _made_of(words: frozenset[str], bare: str) -> bool:
    """Whether nothing is left of a text once these words are taken out of it."""
    pattern = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.fullmatch(f"(?:{pattern})*", bare) is not None


@cache
def _nobody() -> str:
    return hash_password(secrets.token_urlsafe())


_turns_of: WeakKeyDictionary[asyncio.AbstractEventLoop, Turns] = WeakKeyDictionary()


def _turns() -> Turns:
    return _turns_of.setdefault(asyncio.get_running_loop(), Turns(_AT_ONCE))
