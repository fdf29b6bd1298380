"""One SMTP or LMTP session: aiosmtpd's state machine with everything it leaves open closed.

Whatever goes wrong on our side is 451 (452 for a full disk): the sender keeps the mail.
"""

import asyncio
import contextlib
import logging
import re
import ssl
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from intake.channels.email.raw_mail import Accept, Knows, Letter
from intake.channels.email.smtp.data import DataFault, Memory, TooSlow, receive
from intake.channels.email.smtp.limits import DoorLimits
from intake.channels.email.smtp.peers import Doorkeeper
from intake.channels.email.smtp.replies import (
    BUSY,
    CANNOT_TELL,
    CLOSING,
    NO_AUTH,
    NO_LISTS,
    OK,
    TOO_FAST,
    TOO_MANY,
    UNKNOWN,
    status_of,
)

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd writes addresses into it

NULL_SENDER = "<>"
"""How aiosmtpd names the null reverse path; to us it is the empty string."""

_PATH = re.compile(
    r'<((?:"[^"\x00-\x1f]*"|[^<>"\s\x00-\x1f\x7f])*)>(.*)'
    r'|((?:"[^"\x00-\x1f]*"|[^<>"\s\x00-\x1f\x7f])+)(.*)',
    re.DOTALL,
)
_PATH_CHARACTERS = 254
_READ_BUFFER = 64 * 1024
_COMMAND_BYTES = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What all sessions of one listener share."""

    hostname: str
    limits: DoorLimits
    accept: Accept
    knows: Knows
    doorkeeper: Doorkeeper
    memory: Memory
    lmtp: bool = False
    tls: ssl.SSLContext | None = None
    require_tls: bool = False
    sessions: "set[IntakeSession]" = field(default_factory=set)
    mold: dict[str, Any] = field(default_factory=dict)
    """What the first session learned of aiosmtpd's methods and settings."""


class IntakeSession(SMTP):
    """One connection of one peer."""

    envelope: Envelope
    session: Session
    transport: asyncio.Transport | None
    _timeout_handle: asyncio.TimerHandle

    line_length_limit = _READ_BUFFER  # of the reader's buffer: no limit on lines of a mail

    def __init__(self, house: House) -> None:
        self.house = house
        self.busy = False
        """Whether a mail is being received or committed."""
        self._refused = False
        self._peer = ""
        if house.mold:
            self._cast(house.mold)
        else:
            self._begin()
            house.mold.update(self.__dict__)
        self.command_size_limits = defaultdict(lambda: _COMMAND_BYTES)  # the base shares one

    def _begin(self) -> None:
        house = self.house
        super().__init__(
            _HOOKS,
            data_size_limit=house.limits.mail_bytes,
            enable_SMTPUTF8=True,
            hostname=house.hostname,
            ident="KISS Intake",
            tls_context=house.tls,
            require_starttls=house.require_tls,
            timeout=house.limits.command_seconds,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            command_call_limit=house.limits.commands,
            loop=asyncio.get_running_loop(),
        )

    def _cast(self, mold: dict[str, Any]) -> None:
        """Begin like the first session of the house: looking every method up anew costs 0.1 ms."""
        own = self.__dict__.copy()
        self.__dict__.update(mold)
        self.__dict__.update(own)
        asyncio.StreamReaderProtocol.__init__(
            self,
            asyncio.StreamReader(loop=self.loop, limit=_READ_BUFFER),
            client_connected_cb=self._cb_client_connected,
            loop=self.loop,
        )
        self._smtp_methods = {name: getattr(self, f"smtp_{name}") for name in mold["_smtp_methods"]}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the peer in, or say 421 at once."""
        if self._original_transport is not None:  # the same connection, encrypted from here on
            super().connection_made(transport)
            return
        name = transport.get_extra_info("peername")
        self._peer = name[0] if isinstance(name, tuple) else "local"
        self._refused = not self.house.doorkeeper.enter(self._peer)
        if self._refused:
            assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - for mypy
            transport.write(BUSY.encode() + b"\r\n")
            transport.close()
            return
        self.house.sessions.add(self)
        super().connection_made(transport)
        self._reset_timeout(self.house.limits.greeting_seconds)

    def connection_lost(self, error: Exception | None) -> None:
        """Count the peer out."""
        if self._refused:
            return
        if self in self.house.sessions:
            self.house.sessions.discard(self)
            self.house.doorkeeper.leave(self._peer)
        super().connection_lost(error)

    def eof_received(self) -> bool | None:
        """Stop the session of a peer that says no more."""
        return None if self._refused else super().eof_received()

    async def part(self) -> None:
        """Say that we are going down, and hang up; asked again, without ceremony."""
        if self.transport is None or self.transport.is_closing():
            if self.transport is not None:
                # Python 3.11 before 3.11.5: a TLS transport closed twice has nothing left to abort
                with contextlib.suppress(AttributeError):
                    self.transport.abort()
            return
        with contextlib.suppress(OSError):
            await self.push(CLOSING)
        self.transport.close()

    async def handle_exception(self, error: Exception) -> str:
        """Answer any fault of ours; the sender never reads what it was."""
        return status_of(error)

    async def _handle_client(self) -> None:
        with contextlib.suppress(ConnectionError):  # the peer hung up while we spoke
            await super()._handle_client()

    def _getaddr(self, argument: str) -> tuple[str | None, str | None]:
        """Read a path and what follows it; controls and undecodable bytes make it malformed."""
        found = _PATH.fullmatch((argument or "").strip())
        if found is None:
            return None, None
        if found[1] == "":
            return NULL_SENDER, found[2]
        address, rest = (found[1], found[2]) if found[1] is not None else (found[3], found[4])
        return (address, rest) if _is_sane(address) else (None, None)

    @syntax("VRFY <address>")
    async def smtp_VRFY(self, _argument: str) -> None:  # noqa: N802 - aiosmtpd's spelling
        """Answer the same to every question."""
        await self.push(CANNOT_TELL)

    @syntax("EXPN <list>")
    async def smtp_EXPN(self, _argument: str) -> None:  # noqa: N802 - aiosmtpd's spelling
        """There are no lists."""
        await self.push(NO_LISTS)

    @syntax("AUTH")
    async def smtp_AUTH(self, _argument: str) -> None:  # noqa: N802 - aiosmtpd's spelling
        """Nobody signs in here."""
        await self.push(NO_AUTH)

    @syntax("DATA")
    async def smtp_DATA(self, argument: str) -> None:  # noqa: N802 - aiosmtpd's spelling
        """Receive one mail and answer for it, by LMTP once per recipient (RFC 2033 §4.2)."""
        if await self.check_helo_needed():
            return
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Need RCPT first")
            return
        if argument:
            await self.push("501 5.5.4 DATA takes no argument")
            return
        await self.push("354 End with a dot on a line of its own")
        answers = len(self.envelope.rcpt_tos) if self.house.lmtp else 1
        self._timeout_handle.cancel()  # receiving has limits of its own
        self.busy = True
        try:
            status = await self._received()
        finally:
            self.busy = False
            if self.transport is not None:
                self._reset_timeout()
        self.envelope = self._create_envelope()
        await self.push("\r\n".join([status] * answers))
        if status == TooSlow.status and self.transport is not None:
            self.transport.close()

    async def _received(self) -> str:
        with self.house.memory.share() as share:
            try:
                content = await receive(self._reader, self.house.limits, share)
            except DataFault as fault:
                return fault.status
            return await self._accepted(self._letter(content))

    async def _accepted(self, letter: Letter) -> str:
        try:
            async with asyncio.timeout(self.house.limits.store_seconds):
                await self.house.accept(letter)
        except Exception as error:  # noqa: BLE001 - the outer edge: whatever it is, it is ours
            return status_of(error)
        return OK

    def _letter(self, content: bytes) -> Letter:
        sender, way = self.envelope.mail_from or "", self.transport or self._writer.transport
        return Letter(
            sender="" if sender == NULL_SENDER else sender,
            recipients=tuple(self.envelope.rcpt_tos),
            content=content,
            peer=self._peer,
            helo=_printable(self.session.host_name or ""),
            protocol="lmtp" if self.house.lmtp else "smtp",
            tls=way.get_extra_info("sslcontext") is not None,
        )


class IntakeLmtpSession(IntakeSession):
    """The same behind a mail server of ours (RFC 2033): LHLO instead of EHLO."""

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, hostname: str) -> None:  # noqa: N802 - aiosmtpd's spelling
        """Greet by LMTP."""
        await super().smtp_EHLO(hostname)

    async def smtp_EHLO(self, _hostname: str) -> None:  # noqa: N802 - aiosmtpd's spelling
        """Refuse SMTP's greeting."""
        await self.push("500 5.5.1 This is LMTP, say LHLO")

    smtp_HELO = smtp_EHLO  # noqa: N815 - aiosmtpd's spelling


class _Hooks:
    """What aiosmtpd asks at each command. All state is in the session."""

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's spelling
        self,
        _server: IntakeSession,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        offered = (line for line in responses if not line.startswith("250-AUTH"))
        return ["\r\n".join(offered)]  # one packet instead of six

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's spelling
        self,
        server: IntakeSession,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        house = server.house
        if not house.doorkeeper.may_send(server._peer, server.loop.time()):  # noqa: SLF001 - a pair
            return TOO_FAST
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's spelling
        self,
        server: IntakeSession,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        limit = 1 if envelope.mail_from == NULL_SENDER else server.house.limits.recipients
        if len(envelope.rcpt_tos) >= limit:
            return TOO_MANY
        if address == NULL_SENDER or not await server.house.knows(address.lower()):
            return UNKNOWN
        envelope.rcpt_tos.append(address.lower())
        return "250 2.1.5 OK"


_HOOKS = _Hooks()


def _is_sane(address: str) -> bool:
    if not 0 < len(address) <= _PATH_CHARACTERS:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in address)


def _printable(text: str) -> str:
    return "".join(c for c in text[:_PATH_CHARACTERS] if c.isprintable())
