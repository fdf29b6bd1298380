"""One SMTP or LMTP session: aiosmtpd's state machine with everything it leaves open closed.

Whatever goes wrong on our side is 451 (452 for a full disk): the sender keeps the mail.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from core.ground.ip_address import plain
from intake.channels.email.raw_mail import RawMail
from intake.channels.email.smtp.data import DataFault, TooSlow, receive
from intake.channels.email.smtp.path import NULL_SENDER, printable, read_path
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

if TYPE_CHECKING:
    from intake.channels.email.smtp.listener import ListenerState

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd writes addresses into it

_READ_BUFFER = 64 * 1024
_COMMAND_BYTES = 2048


class IntakeSession(SMTP):
    """One connection of one peer."""

    envelope: Envelope
    session: Session
    transport: asyncio.Transport | None
    _timeout_handle: asyncio.TimerHandle

    line_length_limit = _READ_BUFFER  # of the reader's buffer: no limit on lines of a mail

    def __init__(self, listener: "ListenerState") -> None:
        self.listener = listener
        self.busy = False
        """Whether a mail is being received or committed."""
        self._refused = False
        self._peer = ""
        if listener.prototype:
            self._begin_like(listener.prototype)
        else:
            self._begin()
            listener.prototype.update(self.__dict__)
        self.command_size_limits = defaultdict(lambda: _COMMAND_BYTES)  # the base shares one

    def _begin(self) -> None:
        listener = self.listener
        super().__init__(
            _HOOKS,
            data_size_limit=listener.limits.mail_bytes,
            enable_SMTPUTF8=True,
            hostname=listener.hostname,
            ident="KISS Intake",
            tls_context=listener.tls,
            require_starttls=listener.require_tls,
            timeout=listener.limits.command_seconds,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            command_call_limit=listener.limits.commands,
            loop=asyncio.get_running_loop(),
        )

    def _begin_like(self, prototype: dict[str, Any]) -> None:
        """Begin like the listener's first session: looking every method up anew costs 0.1 ms."""
        own = self.__dict__.copy()
        self.__dict__.update(prototype)
        self.__dict__.update(own)
        asyncio.StreamReaderProtocol.__init__(
            self,
            asyncio.StreamReader(loop=self.loop, limit=_READ_BUFFER),
            client_connected_cb=self._cb_client_connected,
            loop=self.loop,
        )
        self._smtp_methods = {
            name: getattr(self, f"smtp_{name}") for name in prototype["_smtp_methods"]
        }

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the peer in, or say 421 at once."""
        if self._original_transport is not None:  # the same connection, encrypted from here on
            super().connection_made(transport)
            return
        name = transport.get_extra_info("peername")
        self._peer = (plain(name[0]) if isinstance(name, tuple) else None) or "local"
        self._refused = not self.listener.peers.enter(self._peer)
        if self._refused:
            assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - for mypy
            transport.write(BUSY.encode() + b"\r\n")
            transport.close()
            return
        self.listener.sessions.add(self)
        super().connection_made(transport)
        self._reset_timeout(self.listener.limits.greeting_seconds)

    def connection_lost(self, error: Exception | None) -> None:
        """Count the peer out."""
        if self._refused:
            return
        if self in self.listener.sessions:
            self.listener.sessions.discard(self)
            self.listener.peers.leave(self._peer)
        super().connection_lost(error)

    def eof_received(self) -> bool | None:
        """Stop the session of a peer that says no more."""
        return None if self._refused else super().eof_received()

    async def hang_up(self) -> None:
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
        return read_path(argument)

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
        answers = len(self.envelope.rcpt_tos) if self.listener.lmtp else 1
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
        with self.listener.memory.share() as share:
            try:
                content = await receive(self._reader, self.listener.limits, share)
            except DataFault as fault:
                return fault.status
            return await self._accepted(self._raw_mail(content))

    async def _accepted(self, mail: RawMail) -> str:
        try:
            async with asyncio.timeout(self.listener.limits.store_seconds):
                await self.listener.accept(mail)
        except Exception as error:  # noqa: BLE001 - the outer edge: whatever it is, it is ours
            return status_of(error)
        return OK

    def _raw_mail(self, content: bytes) -> RawMail:
        sender, way = self.envelope.mail_from or "", self.transport or self._writer.transport
        return RawMail(
            sender="" if sender == NULL_SENDER else sender,
            recipients=tuple(self.envelope.rcpt_tos),
            content=content,
            peer=self._peer,
            helo=printable(self.session.host_name or ""),
            protocol="lmtp" if self.listener.lmtp else "smtp",
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
        listener = server.listener
        if not listener.peers.may_send(server._peer, server.loop.time()):  # noqa: SLF001 - a pair
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
        limit = 1 if envelope.mail_from == NULL_SENDER else server.listener.limits.recipients
        if len(envelope.rcpt_tos) >= limit:
            return TOO_MANY
        if address == NULL_SENDER or not await server.listener.knows(address.lower()):
            return UNKNOWN
        envelope.rcpt_tos.append(address.lower())
        return "250 2.1.5 OK"


_HOOKS = _Hooks()
