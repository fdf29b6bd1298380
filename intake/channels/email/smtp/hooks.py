"""What a session answers to EHLO, MAIL and RCPT: whose mail is taken, for whom, how often."""

from typing import TYPE_CHECKING

from aiosmtpd.smtp import Envelope, Session

from intake.channels.email.smtp.path import NULL_SENDER
from intake.channels.email.smtp.replies import TOO_FAST, TOO_MANY, UNKNOWN

if TYPE_CHECKING:
    from intake.channels.email.smtp.session import IntakeSession


class Hooks:
    """What aiosmtpd asks at each command. All state is in the session."""

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's spelling
        self,
        _server: "IntakeSession",
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """Greet, and offer no way to sign in."""
        session.host_name = hostname
        offered = (line for line in responses if not line.startswith("250-AUTH"))
        return ["\r\n".join(offered)]  # one packet instead of six

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's spelling
        self,
        server: "IntakeSession",
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Begin a mail, unless its peer sends too fast."""
        listener = server.listener
        if not listener.house.peers.may_send(server.peer, server.loop.time()):
            listener.note(listener.limits.mails)
            return TOO_FAST
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's spelling
        self,
        server: "IntakeSession",
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient whose mailbox is ours."""
        limit = 1 if envelope.mail_from == NULL_SENDER else server.listener.limits.recipients
        if len(envelope.rcpt_tos) >= limit:
            return TOO_MANY
        if address == NULL_SENDER or not await server.listener.knows(address.lower()):
            return UNKNOWN
        envelope.rcpt_tos.append(address.lower())
        return "250 2.1.5 OK"
