"""The library's `Bot`, kept from telling the token: it stands in every address it calls."""

import logging
import os

from telegram import Bot
from telegram.request import HTTPXRequest

from intake.channels.telegram import FACTS
from intake.channels.telegram.settings import TelegramSettings

os.environ.setdefault("PTB_TIMEDELTA", "1")  # the library then speaks of spans as timedelta

_CONNECTIONS = 16


class _WithoutToken(logging.Filter):
    """Drops every line that holds the token, whatever the level is set to."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def filter(self, record: logging.LogRecord) -> bool:
        return self._token not in record.getMessage()


def open_bot(settings: TelegramSettings) -> Bot:
    """Return a bot that needs no answer from Telegram to be made."""
    token = settings.secret_token()
    for name in FACTS.quiet_loggers:
        talkative = logging.getLogger(name)
        talkative.setLevel(max(talkative.getEffectiveLevel(), logging.WARNING))
        talkative.addFilter(_WithoutToken(token))
    base = settings.api_url.rstrip("/")
    span = settings.timeout
    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=_request(span),
        get_updates_request=_request(span),
    )


def _request(span: float) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=_CONNECTIONS,
        read_timeout=span,
        write_timeout=span,
        connect_timeout=min(span, 5.0),
        pool_timeout=min(span, 5.0),
    )


async def close(bot: Bot) -> None:
    """Close the bot's connections."""
    for request in (bot.request, bot._request[0]):  # noqa: SLF001 - the poll's own has no name
        await request.shutdown()
