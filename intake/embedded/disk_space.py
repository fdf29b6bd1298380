"""Room on the disk, asked for before anything is written: a disk filled half-way helps nobody."""

import shutil
from pathlib import Path

from intake.embedded.errors import NoRoomError

MB = 1024 * 1024

TO_COPY_MB = 96
"""The programs take 40 MB where the account that runs them needs a copy."""

TO_CREATE_MB = 256
"""A fresh cluster takes 40 MB; its write-ahead log grows by 16 MB steps."""

TO_START_MB = 48
"""Recovery writes; a server that fills the disk while starting ends in a panic."""


def require(folder: Path, needed_mb: int) -> None:
    """Raise NoRoomError when the disk of an existing folder has less room than this."""
    free_mb = shutil.disk_usage(folder).free // MB
    if free_mb < needed_mb:
        raise NoRoomError(
            f"The disk of {folder} has {free_mb} MB left and PostgreSQL needs {needed_mb} MB to "
            "start: free some space; nothing has been lost."
        )
