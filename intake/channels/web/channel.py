"""Puts the web channel into an application: every page of it, and the hospital's name."""

import asyncio
import contextlib
import time
from dataclasses import dataclass
from functools import partial
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.ground.database import DatabaseAwayError
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channel_facts import ChannelFacts
from intake.channels.web import FACTS
from intake.channels.web.context import WebContext
from intake.channels.web.event_stream import TrackingStream
from intake.channels.web.forgetting import Forgetting
from intake.channels.web.kiosk_pages import KioskPages
from intake.channels.web.posters import PosterPages
from intake.channels.web.receipt import ReceiptPages
from intake.channels.web.reopening import Reopening
from intake.channels.web.report_form import CHANNEL
from intake.channels.web.report_page import ReportPage
from intake.channels.web.static_pages import StaticPages
from intake.channels.web.ticket_actions import TicketActions
from intake.channels.web.ticket_page import TicketPage
from intake.language import marked as _
from intake.pages import HOUSE, OFFERS, Offer, ShownHospital

NAME_SECONDS: Final = 0.5
"""How long a page waits to hear whether the hospital has a new name."""
_NAMELESS: Final = frozenset({"/livez", "/readyz"})
"""What programs ask, which read no name."""


class WebSettings(BaseSettings):
    """What the web door can be told."""

    model_config = SettingsConfigDict(
        env_prefix="KISS_WEB_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    chat_url: str | None = Field(
        None, description="the Telegram bot's link, e.g. https://t.me/BOT; none: not offered"
    )


@dataclass(slots=True)
class WebChannel:
    """The public pages."""

    runtime: Runtime
    settings: WebSettings
    name: str = CHANNEL
    facts: ChannelFacts = FACTS

    def mount(self, app: web.Application, desk: Desk) -> None:
        """Add the routes, and let every page of the application know the hospital's name."""
        context = WebContext.of(self.runtime, desk)
        ticket_page = TicketPage(context)
        for part in (
            ReportPage(context),
            ReceiptPages(context),
            PosterPages(context),
            ticket_page,
            TicketActions(ticket_page),
            Reopening(ticket_page),
            TrackingStream(ticket_page),
            Forgetting(),
            KioskPages(context),
            StaticPages(),
        ):
            app.router.add_routes(part.routes())
        app.middlewares.append(_hospital_kept_fresh(context, app))
        if chat_url := self.settings.chat_url:
            link = partial(telegram_start, chat_url)
            app[OFFERS].append(Offer(name=_("Chat on Telegram"), link=link))


def telegram_start(chat_url: str, token: str) -> str:
    """Link to the bot so that it knows the place (Bot API, deep linking)."""
    return f"{chat_url}?start=u_{token}"


def _hospital_kept_fresh(context: WebContext, app: web.Application) -> Middleware:
    """Let every page show the hospital as the directory has it, or as it was last known.

    No page waits long for that, and none waits again for an answer that did not come: a database
    that hangs would hold whatever needs nothing else of it.
    """
    public_url = context.runtime.settings.public_url
    now = time.monotonic
    asking: asyncio.Task[None] | None = None
    until = 0.0

    async def ask() -> None:
        with contextlib.suppress(DatabaseAwayError):  # pages go on with the name they know
            hospital = (await context.directory()).hospital
            app[HOUSE].now = ShownHospital.of(hospital, public_url=public_url)

    @web.middleware
    async def keep(request: web.Request, handler: Handler) -> web.StreamResponse:
        nonlocal asking, until
        if request.path in _NAMELESS:
            return await handler(request)
        if asking is None or asking.done():
            asking, until = asyncio.create_task(ask(), name="hospital"), now() + NAME_SECONDS
        done, _ = await asyncio.wait([asking], timeout=max(until - now(), 0))
        for task in done:
            task.result()
        return await handler(request)

    async def end(_app: web.Application) -> None:
        if asking is not None:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    app.on_cleanup.append(end)
    return keep
