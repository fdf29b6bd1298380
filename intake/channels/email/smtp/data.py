r"""Reads the content of one mail after DATA, in blocks instead of lines (RFC 5321 §4.5.2).

Only CR LF . CR LF ends a mail: a bare CR or LF beside the dot stays content (SMTP smuggling).
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from intake.channels.email.smtp.limits import DoorLimits

_END = b"\r\n.\r\n"
_BLOCK_BYTES = 1 << 30
"""As much as the reader holds: it is empty afterwards, so a rest can be given back in order."""


class DataFault(Exception):  # noqa: N818 - what the peer is told, not a fault of the program
    """The content was not taken; `status` is the answer."""

    status = "451 4.3.0 Try again later"


class TooLarge(DataFault):
    """It is over the size that EHLO announced."""

    status = "552 5.3.4 The message is larger than this server takes"


class NoRoom(DataFault):
    """Too many mails are being received at this moment."""

    status = "452 4.3.1 Too many messages at once, try again later"


class TooSlow(DataFault):
    """The peer stalled; the connection has to be closed."""

    status = "421 4.4.2 Too slow, closing the connection"


@dataclass(slots=True)
class Memory:
    """The bytes that all mails being received may take together."""

    limit: int
    used: int = 0

    @contextmanager
    def share(self) -> Iterator["Share"]:
        """Give one mail its share; what it took is free again at the end."""
        share = Share(self)
        try:
            yield share
        finally:
            self.used -= share.taken


@dataclass(slots=True)
class Share:
    """What one mail took of the memory."""

    memory: Memory
    taken: int = 0

    def take(self, count: int) -> bool:
        """Take bytes; False where there are no more."""
        if self.memory.used + count > self.memory.limit:
            return False
        self.memory.used += count
        self.taken += count
        return True


async def receive(reader: asyncio.StreamReader, limits: DoorLimits, share: Share) -> bytes:
    """Return a mail's content, dot-stuffing undone once, up to and without the final dot.

    Reads on to the end of a mail that is too large, so that the peer hears why. Raises DataFault.
    """
    buffer = bytearray(b"\r\n")  # so that a dot in the very first line is found like any other
    fault: type[DataFault] | None = None
    total, searched = 0, 0
    try:
        async with asyncio.timeout(limits.pace_seconds) as patience:
            pace = Pace(limits, patience)
            while (end := buffer.find(_END, searched)) < 0:
                searched = max(len(buffer) - len(_END) + 1, 0)
                block = await reader.read(_BLOCK_BYTES)
                total += len(block)
                pace.hear(len(block))
                if fault is not None and total > limits.drain_bytes:
                    raise TooSlow
                fault = fault or _fault(total, len(block), limits, share)
                if fault is not None:
                    del buffer[:searched]
                    searched = 0
                buffer += block
    except TimeoutError:
        raise TooSlow from None
    rest = bytes(buffer[end + len(_END) :])
    if rest:
        reader.feed_data(rest)  # commands sent ahead are for whoever reads next
    if fault is not None:
        raise fault
    content = bytes(memoryview(buffer)[2 : end + 2]).replace(b"\r\n.", b"\r\n")
    return content.removeprefix(b".")


def _fault(total: int, count: int, limits: DoorLimits, share: Share) -> type[DataFault] | None:
    if total > limits.mail_bytes + len(_END):
        return TooLarge
    return None if share.take(count) else NoRoom


class Pace:
    """Lets a slow but steady peer finish, and cuts one that stalls or never ends.

    The alarm is moved at most four times within `pace_seconds`, not for every block.
    """

    def __init__(self, limits: DoorLimits, patience: asyncio.Timeout) -> None:
        self._clock = asyncio.get_running_loop().time
        self._limits = limits
        self._patience = patience
        self._ceiling = self._clock() + limits.transaction_seconds
        self._missing = limits.pace_bytes
        self._move_at = 0.0

    def hear(self, count: int) -> None:
        """Count what arrived. Raises ConnectionResetError where the peer is gone."""
        if count == 0:
            raise ConnectionResetError
        self._missing -= count
        now = self._clock()
        if self._missing > 0 or now < self._move_at:
            return
        self._missing = self._limits.pace_bytes
        self._move_at = now + self._limits.pace_seconds / 4
        self._patience.reschedule(min(now + self._limits.pace_seconds, self._ceiling))
