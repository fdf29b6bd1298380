"""The mail channel: letters come in through the listener, notices leave through the sender."""

from aiohttp import web

from core.desk import Desk
from core.runtime import Runtime
from intake.channel import Outgoing
from intake.channels.email.sender import MailSender
from intake.channels.email.settings import MailSettings


class EmailChannel:
    """Mail, both ways."""

    name = "email"
    reporting = "tulisan"

    def __init__(self, runtime: Runtime, settings: MailSettings) -> None:
        self.runtime = runtime
        self.settings = settings
        self.sender = MailSender(runtime, settings)

    def mount(self, app: web.Application, desk: Desk) -> None:
        """Add nothing: without a listener mail only leaves."""

    async def send(self, outgoing: Outgoing) -> str:
        """Send a notice; return its Message-ID. Raises DeliveryError."""
        return await self.sender.send(outgoing)
