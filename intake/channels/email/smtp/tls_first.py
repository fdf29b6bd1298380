"""TLS from the first byte (RFC 8314): who has not shaken hands yet holds a place like everybody."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from typing import Protocol, cast

from core.ground.ip_address import plain
from intake.channels.email.smtp.peers import Peers


class PutOut(Protocol):
    """Whoever holds a place."""

    def put_out(self) -> None:
        """Hang up, for others."""


class Handshake(asyncio.Protocol):
    """A connection until it is encrypted; a session takes over from there."""

    def __init__(
        self,
        peers: Peers,
        note: Callable[..., None],
        session: Callable[[], asyncio.Protocol],
        context: ssl.SSLContext,
        under_way: set[asyncio.Task[None]],
    ) -> None:
        """`note` counts limits that refused; `under_way` is for whoever closes the listener."""
        self._peers, self._note, self._session = peers, note, session
        self._context, self._under_way = context, under_way
        self._transport: asyncio.Transport | None = None
        self._early = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the peer in and shake hands, or hang up: no word could be said without TLS."""
        self._transport = cast("asyncio.Transport", transport)
        name = transport.get_extra_info("peername")
        address = (plain(name[0]) if isinstance(name, tuple) else None) or "local"
        admission = self._peers.enter(self, address)
        self._note(*admission.limits)
        for other in admission.put_out:
            cast("PutOut", other).put_out()
        if not admission.entered:
            self._transport.abort()
            return
        self._transport.pause_reading()  # what comes is for TLS, which is not there yet
        task = asyncio.get_running_loop().create_task(self._shake(self._transport))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def data_received(self, data: bytes) -> None:
        """Keep what came right behind the handshake."""
        self._early += data

    def put_out(self) -> None:
        """Hang up, for others."""
        if self._transport is not None:
            self._transport.abort()

    async def _shake(self, transport: asyncio.Transport) -> None:
        encrypted: asyncio.Transport | None = None
        seconds = self._peers.limits.greeting_seconds
        try:
            with contextlib.suppress(OSError):  # those of TLS and of time are among them
                encrypted = await asyncio.get_running_loop().start_tls(
                    transport, self, self._context, server_side=True, ssl_handshake_timeout=seconds
                )
        finally:
            self._peers.leave(self)
        if encrypted is None:
            transport.abort()
            return
        session = self._session()
        encrypted.set_protocol(session)
        session.connection_made(encrypted)
        if self._early:
            session.data_received(bytes(self._early))
