"""Listens for mail: as the hospital's own mail server (SMTP) or behind one (LMTP)."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self

from core.ground.limit import Limit
from core.ground.refusals import Refusals
from core.ground.spool import Spool
from intake.channels.email.raw_mail import Accept, Knows
from intake.channels.email.smtp.bodies import Bodies
from intake.channels.email.smtp.limits import DEFAULT_LIMITS, DoorLimits
from intake.channels.email.smtp.peers import Peers
from intake.channels.email.smtp.session import IntakeLmtpSession, IntakeSession
from intake.channels.email.smtp.tls_first import Handshake
from intake.listening_fault import CannotListenError, cannot_listen

_BACKLOG = 128
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where and how one listener takes mail."""

    host: str = "127.0.0.1"
    port: int = 2525
    setting: str = "KISS_MAIL_SMTP_LISTEN"
    """What names host and port, for whoever cannot listen there."""
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
class House:
    """What all listeners of one process share: who is in, and what is arriving."""

    peers: Peers
    bodies: Bodies
    refusals: Refusals

    @classmethod
    def of(cls, door: Door, refusals: Refusals | None = None, spool: Spool | None = None) -> Self:
        """Make one with the limits of a door; mails that arrive lie in the spool."""
        noted = refusals or Refusals()
        bodies = Bodies(door.limits, spool, noted.note)
        return cls(peers=Peers(door.limits, door.trusted), bodies=bodies, refusals=noted)


@dataclass(slots=True, kw_only=True)
class ListenerState:
    """What all sessions of one listener share."""

    hostname: str
    limits: DoorLimits
    accept: Accept
    knows: Knows
    house: House
    closing: bool = False
    lmtp: bool = False
    tls: ssl.SSLContext | None = None
    require_tls: bool = False
    sessions: set[IntakeSession] = field(default_factory=set)
    prototype: dict[str, Any] = field(default_factory=dict)
    """What the first session learned of aiosmtpd's methods and settings."""

    def note(self, *limits: Limit) -> None:
        """Count what limits refused, or put out."""
        for limit in limits:
            self.house.refusals.note(limit)


@contextlib.asynccontextmanager
async def listening(
    door: Door, accept: Accept, knows: Knows, house: House | None = None
) -> AsyncIterator[int]:
    """Take mail within the block; the port comes in handy where it was given as 0.

    Several doors may share a `house`; none: this one has its own.

    At its end new mail is refused with 421, and mail under way may end. Raises CannotListenError.
    """
    state = ListenerState(
        hostname=door.hostname,
        limits=door.limits,
        accept=accept,
        knows=knows,
        house=house or House.of(door),
        lmtp=door.lmtp,
        tls=None if door.implicit_tls else door.tls,
        require_tls=door.require_tls and not door.implicit_tls,
    )
    handshakes: set[asyncio.Task[None]] = set()
    try:
        server = await asyncio.get_running_loop().create_server(
            _made_by(door, state, handshakes), door.host, door.port, backlog=_BACKLOG
        )
    except OSError as error:
        raise cannot_listen(door.setting, f"{door.host}:{door.port}", error) from error
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in handshakes:
            task.cancel()
        await asyncio.gather(*handshakes, return_exceptions=True)
        await _close(state)


def _made_by(
    door: Door, state: ListenerState, handshakes: set[asyncio.Task[None]]
) -> Callable[[], asyncio.Protocol]:
    """Return what makes the protocol of each connection."""
    kind = IntakeLmtpSession if door.lmtp else IntakeSession

    def session() -> IntakeSession:
        return kind(state)

    if door.tls is None or not door.implicit_tls:
        return session
    return partial(Handshake, state.house.peers, state.note, session, door.tls, handshakes)


async def _close(state: ListenerState) -> None:
    """Hang up on who is idle; wait for who is in the middle of a mail, then on them too."""
    state.closing = True
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
    """Read a certificate chain and its key; TLS 1.2 and later. Raises CannotListenError."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
    except OSError as error:  # ssl.SSLError is one
        raise CannotListenError(
            f"No TLS with {certificate} and {key} ({error.strerror or 'they do not fit'}): "
            "KISS_MAIL_TLS_CERTIFICATE is a chain in PEM, KISS_MAIL_TLS_KEY its key."
        ) from error
    return context
