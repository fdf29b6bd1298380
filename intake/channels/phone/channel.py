"""The channel itself: `send` puts a call on the agents' list, `mount` hears the exchange."""

from aiohttp import web

from core.calls.wanting import News, Wanting
from core.ground.database import DatabaseAwayError
from core.ground.errors import DeliveryError, Reason
from core.ground.phone_number import read
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channel import Outgoing
from intake.channels.phone import FACTS
from intake.channels.phone.exchange import Exchange
from intake.channels.phone.settings import PhoneSettings


class PhoneChannel:
    """A door with a person behind it."""

    name = "phone"
    facts = FACTS

    def __init__(self, runtime: Runtime, settings: PhoneSettings) -> None:
        self._runtime, self._settings = runtime, settings

    def mount(self, app: web.Application, _desk: Desk) -> None:
        """Listen to the exchange; the desk's own pages are the console's."""
        app.router.add_routes(Exchange(self._runtime, self._settings).routes())

    async def send(self, outgoing: Outgoing) -> str:
        """Put the news on the call-back list; its id there is the provider's id.

        The words of a ticket's news are read from the ticket when somebody calls.
        """
        number = read(outgoing.recipient, self._runtime.settings.phone_region)
        if number is None:
            raise DeliveryError(Reason.UNKNOWN_RECIPIENT, "this is no telephone number")
        news = News(
            delivery_id=outgoing.delivery_id,
            ticket_id=outgoing.ticket_id,
            number=number,
            language=outgoing.language,
            template=outgoing.template,
            words=None if outgoing.ticket_id else outgoing.text,
        )
        try:
            return str(await Wanting(self._runtime).want(news))
        except DatabaseAwayError:
            raise DeliveryError(Reason.UNREACHABLE, "our database is away") from None
