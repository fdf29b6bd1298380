r"""Reads the content of one mail after DATA, in blocks instead of lines (RFC 5321 §4.5.2).

Only CR LF . CR LF ends a mail: a bare CR or LF beside the dot stays content (SMTP smuggling).
"""

import asyncio

from core.ground.storage_faults import StorageFull, StorageUnavailable
from intake.channels.email.smtp.bodies import Body
from intake.channels.email.smtp.limits import DoorLimits

_END = b"\r\n.\r\n"
_BEGIN = b"\r\n"
"""Set before a mail, so that a dot in the very first line is found like any other."""
_BLOCK_BYTES = 1 << 30
"""As much as the reader holds: it is empty afterwards, so a rest can be given back in order."""
STEADY = 8
"""So many times the least pace lets a mail end soon; slower ones can be put out for others."""


class DataFault(Exception):  # noqa: N818 - what the peer is told, not a fault of the program
    """The content was not taken; `status` is the answer."""

    status = "451 4.3.0 Try again later"


class TooLarge(DataFault):
    """It is over the size that EHLO announced."""

    status = "552 5.3.4 The message is larger than this server takes"


class NoRoom(DataFault):
    """Too many mails are being received at this moment."""

    status = "452 4.3.1 Too many messages at once, try again later"


class DiskFull(DataFault):
    """There is no room for it on the disk."""

    status = "452 4.3.1 No space left, try again later"


class TooSlow(DataFault):
    """The connection has to be closed."""

    status = "421 4.4.2 Too slow, closing the connection"


class Stalled(TooSlow):
    """The peer sends less than the least pace, or for longer than anybody may."""


async def receive(reader: asyncio.StreamReader, limits: DoorLimits, body: Body) -> None:
    """Put a mail's content into its body as it came, up to and without the final dot.

    Reads on to the end of a mail that cannot be taken, so that the peer hears why. Raises
    DataFault.
    """
    buffer, total = bytearray(_BEGIN), 0
    fault: type[DataFault] | None = None
    progress: Progress | None = None
    try:
        async with asyncio.timeout(limits.pace.within.total_seconds()) as patience:
            progress = Progress(limits, patience, body)
            while (end := buffer.find(_END)) < 0:
                settled = max(len(buffer) - len(_END) + 1, 0)
                if fault is None:
                    fault = await _kept(body, bytes(buffer[:settled]))
                del buffer[:settled]
                block = await reader.read(_BLOCK_BYTES)
                total += len(block)
                progress.hear(len(block))
                if fault is not None and total > limits.drain_bytes:
                    raise TooSlow
                fault = fault or _fault(total, len(block), limits, body)
                buffer += block
    except TimeoutError:
        raise Stalled from None
    finally:
        if progress is not None:
            progress.end()
    rest = bytes(buffer[end + len(_END) :])
    if rest:
        reader.feed_data(rest)  # commands sent ahead are for whoever reads next
    fault = fault or await _kept(body, bytes(buffer[: end + len(_BEGIN)]))
    if fault is not None:
        raise fault


async def content_of(body: Body) -> bytes:
    """Return a mail's content, dot-stuffing undone once. Raises StorageUnavailable."""
    stuffed = await body.whole()
    return stuffed.replace(b"\r\n.", b"\r\n")[len(_BEGIN) :]


async def _kept(body: Body, content: bytes) -> type[DataFault] | None:
    try:
        await body.add(content)
    except StorageFull:
        return DiskFull
    except StorageUnavailable:
        return DataFault
    return None


def _fault(total: int, count: int, limits: DoorLimits, body: Body) -> type[DataFault] | None:
    if total > limits.mail_bytes + len(_END):
        return TooLarge
    return NoRoom if body.take(count) else None


class Progress:
    """Lets a slow but steady peer finish, and cuts one that stalls or never ends.

    At least so many bytes have to come within so long. The alarm is moved at most four times in
    that, not for every block; at each quarter it is seen whether the mail will end soon.
    """

    def __init__(self, limits: DoorLimits, patience: asyncio.Timeout, body: Body) -> None:
        loop = asyncio.get_running_loop()
        self._clock = loop.time
        self._patience = patience
        self._body = body
        self._seconds = limits.pace.within.total_seconds()
        self._bytes = limits.pace.least_bytes
        self._ceiling = self._clock() + limits.transaction_seconds
        self._missing = self._bytes
        self._move_at = 0.0
        self._fresh = 0
        self._look = loop.call_later(self._seconds / 4, self._judge)

    def end(self) -> None:
        """Look no more."""
        self._look.cancel()

    def hear(self, count: int) -> None:
        """Count what arrived. Raises ConnectionResetError where the peer is gone."""
        if count == 0:
            raise ConnectionResetError
        self._missing -= count
        self._fresh += count
        now = self._clock()
        if self._missing > 0 or now < self._move_at:
            return
        self._missing = self._bytes
        self._move_at = now + self._seconds / 4
        self._patience.reschedule(min(now + self._seconds, self._ceiling))

    def _judge(self) -> None:
        self._body.pace(is_steady=self._fresh * 4 >= self._bytes * STEADY)
        self._fresh = 0
        self._look = asyncio.get_running_loop().call_later(self._seconds / 4, self._judge)
