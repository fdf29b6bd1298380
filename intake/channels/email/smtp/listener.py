"""Listens for mail: as the hospital's own mail server (SMTP) or behind one (LMTP)."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from intake.channels.email.raw_mail import Accept, Knows
from intake.channels.email.smtp.data import Memory
from intake.channels.email.smtp.limits import DEFAULT_LIMITS, DoorLimits
from intake.channels.email.smtp.peers import Peers
from intake.channels.email.smtp.session import IntakeLmtpSession, IntakeSession

_BACKLOG = 128
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where and how one listener takes mail."""

    host: str = "127.0.0.1"
    port: int = 2525
    lmtp: bool = False
    hostname: str = "localhost"
    """How we name ourselves; never asked of DNS."""
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    require_tls: bool = False
    trusted: frozenset[str] = frozenset()
    """Addresses of mail servers of ours, which are not slowed down."""
    limits: DoorLimits = field(default=DEFAULT_LIMITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerState:
    """What all sessions of one listener share."""

    hostname: str
    limits: DoorLimits
    accept: Accept
    knows: Knows
    peers: Peers
    memory: Memory
    lmtp: bool = False
    tls: ssl.SSLContext | None = None
    require_tls: bool = False
    sessions: set[IntakeSession] = field(default_factory=set)
    prototype: dict[str, Any] = field(default_factory=dict)
    """What the first session learned of aiosmtpd's methods and settings."""


@contextlib.asynccontextmanager
async def listening(door: Door, accept: Accept, knows: Knows) -> AsyncIterator[int]:
    """Take mail within the block; the port comes in handy where it was given as 0.

    At its end new mail is refused with 421, and mail under way may end.
    """
    state = ListenerState(
        hostname=door.hostname,
        limits=door.limits,
        accept=accept,
        knows=knows,
        peers=Peers(door.limits, door.trusted),
        memory=Memory(door.limits.memory_bytes),
        lmtp=door.lmtp,
        tls=None if door.implicit_tls else door.tls,
        require_tls=door.require_tls and not door.implicit_tls,
    )
    kind = IntakeLmtpSession if door.lmtp else IntakeSession
    server = await asyncio.get_running_loop().create_server(
        lambda: kind(state),
        door.host,
        door.port,
        ssl=door.tls if door.implicit_tls else None,
        backlog=_BACKLOG,
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await _close(state)


async def _close(state: ListenerState) -> None:
    """Hang up on who is idle; wait for who is in the middle of a mail, then on them too."""
    state.peers.closing = True
    loop = asyncio.get_running_loop()
    end = loop.time() + state.limits.closing_seconds
    while state.sessions:
        patient = loop.time() < end
        for session in [s for s in state.sessions if not (patient and s.busy)]:
            await session.hang_up()
        if not patient and loop.time() > end + 1:
            break
        await asyncio.sleep(_POLL_SECONDS)


def tls_context(certificate: str, key: str) -> ssl.SSLContext:
    """Read a certificate chain and its key; TLS 1.2 and later."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context
