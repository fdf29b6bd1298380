"""What goes wrong with files: a fault of a place, and what the rest of the house hears of it."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from obstore.exceptions import BaseError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

STORE_FAULTS = (OSError, BaseError)
"""What a place for files raises when it cannot be used; TimeoutError is an OSError."""


class StorageUnavailable(Exception):  # noqa: N818 - a state of the world, temporary by promise
    """The storage cannot be used right now; the same request may succeed later."""


class StorageFull(StorageUnavailable):
    """The disk, or the part of it that we may use, is full."""


class FileMissing(Exception):  # noqa: N818 - reads as what it is
    """No file is stored under this key."""


def kind_of(error: BaseException) -> str:
    """Name the kind of a fault, without a path or an address in it."""
    code = error.errno if isinstance(error, OSError) else None
    return errno.errorcode.get(code or 0, type(error).__name__)


@contextmanager
def temporary_faults() -> Iterator[None]:
    """Turn faults of disk and network into StorageUnavailable, without paths in their words."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("The disk is full.") from error
        raise StorageUnavailable(f"The storage failed: {kind_of(error)}.") from error
    except BaseError as error:
        raise StorageUnavailable(f"The storage failed: {kind_of(error)}.") from error
