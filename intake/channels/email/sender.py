"""Sends a notice by one SMTP conversation (RFC 5321) and tells faults apart by where they came."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import aiosmtplib
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPResponseException,
)

from core.ground.database import DatabaseAwayError
from core.ground.errors import DeliveryError, Reason
from core.ground.secret import Secret
from core.reading import correspondence
from core.runtime import Runtime
from intake.channel import Outgoing
from intake.channels.email.notice_mail import (
    POLICY,
    Stamp,
    UnusableAddressError,
    checked_address,
    compose,
    is_plain_header_set,
)
from intake.channels.email.relay_answers import SmtpStep, error_of
from intake.channels.email.settings import CHANNEL, MailSettings
from intake.channels.email.tokens import Tokens


@dataclass(frozen=True)
class MailSender:
    """The way out. One conversation per notice; nothing is kept open in between."""

    runtime: Runtime
    settings: MailSettings

    @cached_property
    def tokens(self) -> Tokens:
        """What signs reply addresses, bounce addresses and Message-IDs."""
        old = (
            Secret.of(secret.get_secret_value().encode()) for secret in self.settings.old_secrets
        )
        return Tokens((self.runtime.secret, *old), self.settings.own_domain)

    async def send(self, outgoing: Outgoing) -> str:
        """Hand a notice to the relay; return its Message-ID. Raises DeliveryError alone.

        The Message-ID depends on the delivery alone, so that a repeat shows as one message.
        """
        try:
            recipient = checked_address(outgoing.recipient)
            message = compose(outgoing, await self._stamp(outgoing))
        except UnusableAddressError:
            raise DeliveryError(Reason.UNKNOWN_RECIPIENT, "not a mail address") from None
        except DatabaseAwayError as error:
            raise DeliveryError(Reason.UNREACHABLE, "our database is away") from error
        content = message.as_bytes(policy=POLICY.clone(utf8=not recipient.isascii()))
        if not is_plain_header_set(content):
            raise DeliveryError(Reason.REFUSED, "the mail would carry a header that is not ours")
        async with self._connected() as smtp:
            await self._converse(smtp, content, recipient, outgoing)
        return str(message["Message-ID"])

    async def _stamp(self, outgoing: Outgoing) -> Stamp:
        hospital = (await self.runtime.directory.get()).hospital
        replies = outgoing.ticket_id is not None and outgoing.audience == "submitter"
        return Stamp(
            from_name=self.settings.from_name or hospital.name,
            from_address=self.settings.from_address,
            reply_to=self.tokens.reply_address(outgoing.ticket_id)
            if outgoing.ticket_id is not None and replies
            else None,
            message_id=self.tokens.message_id(outgoing.delivery_id),
            earlier=await self._earlier(outgoing),
            date=self.runtime.clock(),
        )

    async def _earlier(self, outgoing: Outgoing) -> tuple[str, ...]:
        """Name the mails that this one follows, so that mail programs show them together."""
        if outgoing.ticket_id is None:
            return ()
        earlier = await correspondence.said_earlier(
            self.runtime, outgoing.ticket_id, CHANNEL, outgoing.recipient
        )
        theirs = _as_message_id(earlier.heard) if outgoing.audience == "submitter" else None
        return (
            *filter(None, (theirs,)),
            *chain.from_iterable(map(self.tokens.message_ids, earlier.told)),
        )

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[aiosmtplib.SMTP]:
        relay = self.settings.relay
        smtp = aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            use_tls=relay.tls,
            start_tls=False,
            timeout=self.settings.timeout,
            tls_context=self._trust,
            local_hostname=self.settings.own_domain,
        )
        try:
            async with _faults(SmtpStep.GREETING):
                await smtp.connect()
                await smtp.ehlo()
                await self._encrypt(smtp)
            if relay.user is not None:
                async with _faults(SmtpStep.LOGIN):
                    await smtp.login(relay.user, relay.password or "")
            yield smtp
        finally:
            smtp.close()

    async def _encrypt(self, smtp: aiosmtplib.SMTP) -> None:
        relay = self.settings.relay
        wish = self.settings.starttls or ("if-offered" if relay.is_local else "always")
        if relay.tls or wish == "never":
            return
        if smtp.supports_extension("starttls"):
            await smtp.starttls(tls_context=self._trust)
            await smtp.ehlo()
        elif wish == "always":
            raise DeliveryError(Reason.MISCONFIGURED, "the relay offers no STARTTLS")

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.settings.ca_file)

    async def _converse(
        self, smtp: aiosmtplib.SMTP, content: bytes, recipient: str, outgoing: Outgoing
    ) -> None:
        """Say MAIL, RCPT and DATA. Without an answer after DATA the mail may have been taken."""
        options = []
        if not recipient.isascii():
            if not smtp.supports_extension("smtputf8"):
                raise DeliveryError(Reason.REFUSED, "the relay takes no such address")
            options = ["SMTPUTF8"]
        async with _faults(SmtpStep.SENDER):
            await smtp.mail(
                self.tokens.bounce_address(outgoing.delivery_id),
                options=options,
                encoding="utf-8" if options else "ascii",
            )
        async with _faults(SmtpStep.RECIPIENT):
            await smtp.rcpt(recipient, encoding="utf-8" if options else "ascii")
        async with _faults(SmtpStep.CONTENT):
            await smtp.data(content)
        with contextlib.suppress(SMTPException, OSError):
            async with asyncio.timeout(1):
                await smtp.quit()


@contextlib.asynccontextmanager
async def _faults(step: SmtpStep) -> AsyncIterator[None]:
    """Turn what aiosmtplib raises at a step into a DeliveryError."""
    try:
        yield
    except SMTPAuthenticationError as error:
        raise error_of(SmtpStep.LOGIN, error.code, error.message) from error
    except SMTPConnectError as error:
        raise DeliveryError(Reason.UNREACHABLE, "no connection") from error
    except SMTPResponseException as error:
        if error.code > 0:
            raise error_of(step, error.code, error.message) from error
        raise _unanswered(step, error) from error
    except (SMTPException, OSError) as error:
        raise _unanswered(step, error) from error


def _unanswered(step: SmtpStep, error: Exception) -> DeliveryError:
    if step is SmtpStep.LOGIN and type(error) is SMTPException:  # the library's, before it asks
        return DeliveryError(Reason.MISCONFIGURED, "the relay offers no way to sign in")
    reason = Reason.UNCLEAR if step is SmtpStep.CONTENT else Reason.UNREACHABLE
    return DeliveryError(reason, f"{step.value}: {type(error).__name__}")


def _as_message_id(text: str | None) -> str | None:
    """Return somebody's Message-ID fit for a header, or None where it is not one."""
    bare = (text or "").strip().strip("<>")
    usable = "@" in bare and bare.isascii() and bare.isprintable() and len(bare) < 200
    return f"<{bare}>" if usable and not set(bare) & set(" <>") else None
