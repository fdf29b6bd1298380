"""The bytes of mails that are arriving: shared by networks, and on the disk beyond a little.

Nobody holds the door by a mail that never ends: a network has its share, and where all of them
together want more than there is, the slowest of the network that has most is put out for others.
"""

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from core.ground.ip_address import network_of, wide_network_of
from core.ground.limit import Cap
from core.ground.spool import Spool
from core.ground.storage_faults import StorageFull, temporary_faults
from intake.channels.email.smtp.limits import DoorLimits

STRANGERS_PART = 3 / 4
"""Of all bytes: the rest is for our own servers, which carry everybody's mail."""

MUCH_MORE = 4
"""So many times as much has a network whose mail goes although it comes."""


class Sender(Protocol):
    """Who sends a mail: a session."""

    def put_out(self) -> None:
        """Hang up."""

    def judged(self, *, is_steady: bool) -> None:
        """Hear whether its mail comes at a pace that lets it end soon."""


@dataclass(slots=True, eq=False)
class Body:
    """One mail that is arriving, and what it takes."""

    bodies: "Bodies"
    network: str
    wide: str
    exempt: bool
    sender: "Sender"
    is_steady: bool = True
    """Whether it comes at a pace that lets it end soon; whoever is not can be put out."""
    taken: int = 0
    _held: bytearray = field(default_factory=bytearray)
    _file: BinaryIO | None = None

    @property
    def is_large(self) -> bool:
        """Whether a part of it lies on the disk."""
        return self._file is not None

    def pace(self, *, is_steady: bool) -> None:
        """Note whether it comes at a pace that lets it end soon."""
        self.is_steady = is_steady
        self.sender.judged(is_steady=is_steady)

    def take(self, count: int) -> Cap | None:
        """Count bytes that came; return the limit they are too many for."""
        full = self.bodies.full_with(self, count)
        if full is None:
            self.taken += count
            self.bodies.count(self, count)
        return full

    async def add(self, content: bytes) -> None:
        """Keep what came. Raises StorageFull, StorageUnavailable."""
        self._held += content
        if len(self._held) > self.bodies.limits.held_bytes:
            held, self._held = self._held, bytearray()
            with temporary_faults():
                await asyncio.to_thread(self._write, held)

    async def whole(self) -> bytes:
        """Return all that was kept. Raises StorageUnavailable."""
        if self._file is None:
            return bytes(self._held)
        with temporary_faults():
            return await asyncio.to_thread(self._read, self._file)

    def forget(self) -> None:
        """Give back what it took."""
        self.bodies.count(self, -self.taken)
        self.taken = 0
        self._held = bytearray()
        if self._file is not None:
            self._file.close()

    def _write(self, content: bytearray) -> None:
        if not self.bodies.has_room(len(content)):
            raise StorageFull("The disk is full.")
        if self._file is None:
            self._file = self.bodies.file()
        self._file.write(content)

    def _read(self, file: BinaryIO) -> bytes:
        file.seek(0)
        return file.read() + self._held


@dataclass(slots=True)
class Bodies:
    """All mails that are arriving in this process."""

    limits: DoorLimits
    spool: Spool | None = None
    """Where they lie; none: in the system's folder for what is passing."""
    note: Callable[[Cap], None] = lambda _limit: None
    """Told of every limit by which somebody was refused or put out."""
    large: asyncio.Semaphore = field(init=False)
    """Held while a large mail is whole in memory."""
    _open: list[Body] = field(default_factory=list)
    _all: int = 0
    _of_network: Counter[str] = field(default_factory=Counter)
    _of_wide: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Let so many large mails be committed at once."""
        self.large = asyncio.Semaphore(self.limits.large_at_once)

    @contextmanager
    def receiving(self, peer: str, sender: Sender, *, exempt: bool) -> Iterator[Body]:
        """Give one mail its place; what it took is free again at the end."""
        body = Body(self, network_of(peer), wide_network_of(peer), exempt, sender)
        self._open.append(body)
        try:
            yield body
        finally:
            body.forget()
            if body in self._open:
                self._open.remove(body)

    def count(self, body: Body, count: int) -> None:
        """Count bytes in, or out."""
        self._all += count
        for counter, key in ((self._of_network, body.network), (self._of_wide, body.wide)):
            counter[key] += count
            if not counter[key]:
                del counter[key]

    def full_with(self, body: Body, count: int) -> Cap | None:
        """Return the limit for which so many more are too many, after who is slow has gone."""
        limits = self.limits
        if not body.exempt:
            for cap, taken in (
                (limits.bytes_arriving_of_peer, self._of_network[body.network]),
                (limits.bytes_arriving_of_wide_network, self._of_wide[body.wide]),
            ):
                if taken + count > cap.most:
                    self.note(cap)
                    return cap
        most = limits.bytes_arriving.most * (1 if body.exempt else STRANGERS_PART)
        while self._all + count > most:
            self.note(limits.bytes_arriving)
            slow = self._slowest_of_the_greediest(body, count)
            if slow is None:
                return limits.bytes_arriving
            self._open.remove(slow)
            slow.sender.put_out()
            slow.forget()
        return None

    def has_room(self, count: int) -> bool:
        """Say whether the disk has room for so many bytes beside its reserve."""
        return self.spool is None or self.spool.has_room(count)

    def file(self) -> BinaryIO:
        """Open a file that no name leads to: whatever ends this process, nothing is left of it."""
        if self.spool is None:
            return tempfile.TemporaryFile()
        descriptor, path = self.spool.begin()
        path.unlink()
        return os.fdopen(descriptor, "w+b")

    def _slowest_of_the_greediest(self, asking: Body, count: int) -> Body | None:
        """Choose who goes: a mail that stalls has less claim than one that comes.

        But never one of a network that has less than half of what the one who asks would have. Of
        those that come, only one of a network that has very much more: else a few could fill it
        all and send just enough to stay.
        """
        would_have = self._of_wide[asking.wide] + count
        return max(
            (
                each
                for each in self._open
                if not (each is asking or each.exempt)
                and self._of_wide[each.wide]
                >= would_have * (MUCH_MORE if each.is_steady else 1 / 2)
            ),
            key=lambda each: (not each.is_steady, self._of_wide[each.wide], each.taken),
            default=None,
        )
