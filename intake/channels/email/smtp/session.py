"""One SMTP or LMTP session: aiosmtpd's state machine with everything it leaves open closed.

Whatever goes wrong on our side is 451 (452 for a full disk): the sender keeps the mail.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from core.ground.ip_address import plain
from core.ground.storage_faults import StorageUnavailable
from intake.channels.email.raw_mail import RawMail
from intake.channels.email.smtp.bodies import Body
from intake.channels.email.smtp.data import DataFault, NoRoom, Stalled, TooSlow, content_of, receive
from intake.channels.email.smtp.hooks import Hooks
from intake.channels.email.smtp.path import NULL_SENDER, printable, read_path
from intake.channels.email.smtp.replies import (
    BUSY,
    CANNOT_TELL,
    CLOSING,
    NO_AUTH,
    NO_LISTS,
    OK,
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
        self.peer = ""
        """The address of who is connected."""
        if listener.prototype:
            self._begin_like(listener.prototype)
        else:
            self._begin()
            listener.prototype.update(self.__dict__)
        self.command_size_limits = defaultdict(lambda: _COMMAND_BYTES)  # the base shares one

    def _begin(self) -> None:
        listener = self.listener
        super().__init__(
            Hooks(),
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
        self.peer = (plain(name[0]) if isinstance(name, tuple) else None) or "local"
        self._refused = not self._let_in()
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
            self.listener.house.peers.leave(self)
        super().connection_lost(error)

    def _let_in(self) -> bool:
        if self.listener.closing:
            return False
        admission = self.listener.house.peers.enter(self, self.peer)
        self.listener.note(*admission.limits)
        for session in admission.put_out:
            cast("IntakeSession", session).put_out()
        return admission.entered

    def put_out(self) -> None:
        """Say that others want the place, and hang up; the peer comes again."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(BUSY.encode() + b"\r\n")
            self.transport.close()

    def judged(self, *, is_steady: bool) -> None:
        """Hear how fast the mail comes: a slow one can be put out for others."""
        self.listener.house.peers.touch(self, busy=is_steady)

    def _reset_timeout(self, duration: float | None = None) -> None:
        peers, limits = self.listener.house.peers, self.listener.limits
        peers.touch(self, busy=self.busy)
        if duration is None and peers.are_many and self.peer not in peers.trusted:
            duration = limits.crowded_seconds
        super()._reset_timeout(duration)

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
        self.listener.house.peers.touch(self, busy=True)
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
        house = self.listener.house
        exempt = self.peer in house.peers.trusted
        with house.bodies.receiving(self.peer, self, exempt=exempt) as body:
            try:
                await receive(self._reader, self.listener.limits, body)
            except DataFault as fault:
                if isinstance(fault, Stalled):
                    self.listener.note(self.listener.limits.pace)
                return fault.status
            if not body.is_large:
                return await self._committed(body)
            try:
                async with asyncio.timeout(self.listener.limits.large_seconds):
                    await house.bodies.large.acquire()
            except TimeoutError:
                return NoRoom.status
            try:
                return await self._committed(body)
            finally:
                house.bodies.large.release()

    async def _committed(self, body: Body) -> str:
        try:
            content = await content_of(body)
        except StorageUnavailable as error:
            return status_of(error)
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
            peer=self.peer,
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
