"""The machine: Python, the data folder, the secret, and the address people reach us at."""

import os
import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from urllib.parse import urlsplit

from core.ground.settings import Settings
from core.ground.storage import RESERVE_BYTES
from intake.finding import Finding, fail, ok, warn

GIBIBYTE = 1 << 30
LOW_BYTES = 5 * GIBIBYTE
LOCAL = ("127.0.0.1", "::1", "localhost")


def look(settings: Settings) -> Iterator[Finding]:
    """Look at what needs no other process."""
    release, python = version("kiss-intake"), platform.python_version()
    yield ok("release", f"KISS Intake {release} on Python {python}, {platform.system()}.")
    yield _data(settings)
    yield _secret(settings)
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


def _secret(settings: Settings) -> Finding:
    if settings.secret_key is not None:
        return ok("secret", "KISS_SECRET_KEY is set. Keep it: tracking codes depend on it.")
    if settings.database_url is not None:
        return warn(
            "secret",
            "KISS_SECRET_KEY is not set, so each data folder makes its own: with several "
            "machines, set the same one everywhere.",
        )
    return ok("secret", f"{settings.data / 'secret'}; back it up, tracking codes depend on it.")


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
