"""The mail channel: letters come in through the listener, notices leave through the sender."""

from aiohttp import web

from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channel import Outgoing, Processed, Raw
from intake.channels.email.incoming import Incoming
from intake.channels.email.receiving import ReceivingSettings
from intake.channels.email.sender import MailSender
from intake.channels.email.settings import MailSettings


class EmailChannel:
    """Mail, both ways."""

    name = "email"
    reporting = "tulisan"

    def __init__(
        self, runtime: Runtime, settings: MailSettings, receiving: ReceivingSettings | None = None
    ) -> None:
        self.runtime = runtime
        self.settings = settings
        self.sender = MailSender(runtime, settings)
        self.incoming = Incoming(
            runtime, settings, self.sender.tokens, receiving or ReceivingSettings()
        )

    def mount(self, app: web.Application, desk: Desk) -> None:  # noqa: ARG002 - mail is filed later
        """Add the listeners that the settings name; without one mail only leaves."""
        app.cleanup_ctx.append(self.incoming.listen)

    async def send(self, outgoing: Outgoing) -> str:
        """Send a notice; return its Message-ID. Raises DeliveryError."""
        return await self.sender.send(outgoing)

    async def process(self, raw: Raw, desk: Desk) -> Processed:
        """Understand one stored mail."""
        return await self.incoming.reception.process(raw, desk)

    async def give_up(self, raw: Raw, desk: Desk) -> Processed:
        """Make a mail that nobody could read into a ticket with the original attached."""
        return await self.incoming.reception.give_up(raw, desk)
