"""Whose share a file is, and whether there is room for it: a file too many costs the file alone.

The words of a form are taken whatever this says; the file that was left out is named, to the person
and on the ticket. Shared are places for what is on its way, and files and bytes by the hour.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Self

from aiohttp import web

from core.ground.clock import Clock
from core.ground.ip_address import network_of
from core.ground.network_buckets import NetworkBuckets
from core.ground.rate_limits import (
    UPLOADED_FILES,
    UPLOADED_IN_ALL,
    UPLOADED_MEGABYTES,
    UPLOADS,
    UPLOADS_OF_NETWORK,
)
from core.ground.refusals import Refusals
from core.ground.shares import Shares
from core.runtime import Runtime

Address = Callable[[web.Request], str | None]
"""Says where a request comes from, through the proxies we trust."""
IDLE_SECONDS: Final = 5.0
"""Who sent nothing for so long gives up the place first, if another wants it."""
_MEGABYTE: Final = 1 << 20


@dataclass(slots=True, eq=False)
class Upload:
    """A form with files on its way in."""

    quota: "UploadQuota | None" = None
    share: str = ""
    has_place: bool = True
    is_put_out: bool = False

    def moves(self) -> None:
        """Say that bytes came."""
        if self.quota is not None:
            self.quota.under_way.touch(self, busy=True)

    def stands(self) -> None:
        """Say that none came for a while: the place may go to somebody else."""
        if self.quota is not None:
            self.quota.under_way.touch(self, busy=False)

    def admits(self, size: int) -> bool:
        """Count a file that came whole; say whether it may be kept."""
        return self.quota is None or self.quota.spend(self.share, size)


@dataclass(slots=True, kw_only=True)
class UploadQuota:
    """The places and counts of one process."""

    refusals: Refusals
    clock: Clock
    address_of: Address
    files: NetworkBuckets = field(default_factory=lambda: NetworkBuckets(UPLOADED_FILES))
    megabytes: NetworkBuckets = field(default_factory=lambda: NetworkBuckets(UPLOADED_MEGABYTES))
    in_all: NetworkBuckets = field(default_factory=lambda: NetworkBuckets(UPLOADED_IN_ALL))
    under_way: Shares[Upload] = field(
        default_factory=lambda: Shares(cap=UPLOADS.most, per_network=UPLOADS_OF_NETWORK.most)
    )

    @classmethod
    def of(cls, runtime: Runtime, address_of: Address) -> Self:
        """Begin to count."""
        return cls(refusals=runtime.refusals, clock=runtime.clock, address_of=address_of)

    def enter(self, request: web.Request, share: str) -> Upload:
        """Give a form with files a place, or let it come in without its files."""
        upload = Upload(self, share or network_of(self.address_of(request)))
        entry = self.under_way.enter(upload, upload.share, busy=True)
        if entry.full:
            self.refusals.note(UPLOADS if entry.full == "all" else UPLOADS_OF_NETWORK)
        if entry.evicted is not None:
            entry.evicted.is_put_out = True
        upload.has_place = entry.entered
        return upload

    def spend(self, share: str, size: int) -> bool:
        """Count a file and its bytes, begun megabytes as whole ones."""
        now, megabytes = self.clock().timestamp(), -(-size // _MEGABYTE)
        counted = (
            (self.files, share, 1),
            (self.megabytes, share, megabytes),
            (self.in_all, "", megabytes),
        )
        for buckets, whose, times in counted:
            if not buckets.spend_of(whose, now, times):
                self.refusals.note(buckets.limit)
                return False
        return True


QUOTA = web.AppKey("upload quota", UploadQuota)


def mount(app: web.Application, runtime: Runtime, address_of: Address) -> None:
    """Let every form of the application share what there is."""
    app[QUOTA] = UploadQuota.of(runtime, address_of)


@contextlib.contextmanager
def under_way(request: web.Request, share: str = "") -> Iterator[Upload]:
    """Hold a place while a form comes in. `share` is an account's, else the network's."""
    quota = request.config_dict.get(QUOTA)
    if quota is None:  # an application that shares nothing
        yield Upload()
        return
    upload = quota.enter(request, share)
    try:
        yield upload
    finally:
        quota.under_way.leave(upload)
