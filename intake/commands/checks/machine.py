"""The machine: Python, the data folder, the secret, and the address people reach us at."""

import os
import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from urllib.parse import urlsplit

from core.ground import key_file
from core.ground.clock import system_clock
from core.ground.secret import Key, weakness
from core.ground.settings import Settings
from core.ground.storage import RESERVE_BYTES
from intake.finding import Finding, fail, off, ok, warn

GIBIBYTE = 1 << 30
LOW_BYTES = 5 * GIBIBYTE
LOCAL = ("127.0.0.1", "::1", "localhost")


def look(settings: Settings) -> Iterator[Finding]:
    """Look at what needs no other process."""
    release, python = version("kiss-intake"), platform.python_version()
    yield ok("release", f"KISS Intake {release} on Python {python}, {platform.system()}.")
    yield _data(settings)
    yield from _secret(settings)
    yield _address(settings)
    if settings.test:
        yield warn("test mode", "KISS_TEST=1: clock and faults can be moved from outside.")


def _data(settings: Settings) -> Finding:
    folder = settings.data.resolve()
    there = folder
    while not there.exists():
        there = there.parent
    if not os.access(there, os.W_OK):
        return fail("data folder", f"{there} cannot be written: change its owner, or KISS_DATA.")
    free = shutil.disk_usage(there).free
    said = f"{folder}, {free / GIBIBYTE:.0f} GiB free"
    if free < RESERVE_BYTES:
        return fail("data folder", f"{said}: files are refused below {RESERVE_BYTES >> 20} MiB.")
    if free < LOW_BYTES:
        return warn("data folder", f"{said}: make room soon.")
    return ok("data folder", f"{said}.")


def _secret(settings: Settings) -> Iterator[Finding]:
    """Look at the keys, without making any: how old, how private, can one be guessed."""
    kept = settings.secret_key is None
    if kept and not (settings.data / key_file.NAME).exists():
        yield off("secret", f"{settings.data / key_file.NAME} is made by the first start.")
        return
    try:
        ring = settings.keys()
        private = not kept or key_file.is_private(settings.data)
        over = key_file.read(settings.data).over(system_clock()) if kept else ()
    except (OSError, key_file.KeyFileError) as error:
        yield fail("secret", f"{error}")
        return
    if (why := weakness(ring.current.content)) is not None:
        yield fail("secret", f"{_named(settings)} can be guessed: {why}. `kiss secret rotate`.")
    elif not private:
        yield fail("secret", f"{_named(settings)} can be read by others: chmod 600, and rotate.")
    elif kept and settings.database_url is not None:
        yield warn(
            "secret",
            "KISS_SECRET_KEY is not set, so each data folder makes its own: with several "
            "machines, set the same one everywhere.",
        )
    else:
        yield ok("secret", f"{_named(settings)}, {_age(ring.current)}. Back it up: codes need it.")
    for key in ring.keys[1:]:
        if weakness(key.content) is not None:
            yield warn(
                "former key",
                f"{key.id} can be guessed, and is believed: `kiss secret drop ID`.",
            )
    for key in over:
        yield warn("former key", f"{key.id} is past its end: `kiss secret drop ID`.")


def _named(settings: Settings) -> str:
    return str(settings.data / key_file.NAME) if settings.secret_key is None else "KISS_SECRET_KEY"


def _age(key: Key) -> str:
    if key.made_at is None:
        return f"key {key.id}"
    return f"key {key.id} of {key.made_at:%Y-%m-%d}"


def _address(settings: Settings) -> Finding:
    parts = urlsplit(settings.public_url)
    if parts.hostname in LOCAL:
        return warn(
            "public address",
            f"{settings.public_url} is reached from this machine only: set KISS_PUBLIC_URL "
            "before printing posters.",
        )
    if parts.scheme != "https":
        return warn(
            "public address", f"{settings.public_url} is not https: what people write can be read."
        )
    return ok("public address", f"{settings.public_url}.")
