"""Telegram: the chat bot by long polling or webhook, and news to the same chats.

Of python-telegram-bot only `Bot`, `Update` and the types are used: its own receivers confirm an
update before it is handled, docs/adr/0012-a-chat-update-is-one-transaction.md.
"""

from typing import TYPE_CHECKING

from intake.channel_facts import ChannelFacts

if TYPE_CHECKING:
    from core.runtime import Runtime
    from intake.channels.telegram.channel import TelegramChannel

FACTS = ChannelFacts(
    label={"id": "Telegram", "en": "Telegram"},
    sign="plane",
    how_to_open="write to @BotFather, send /newbot, and set KISS_TELEGRAM_TOKEN to what it says",
    commands={"telegram": "intake.channels.telegram.commands:telegram"},
    quiet_loggers=("telegram", "httpx", "httpcore"),
    settings=("intake.channels.telegram.settings:TelegramSettings",),
)


def open_channel(runtime: "Runtime") -> "TelegramChannel | None":
    """Open the bot; None while no token is set."""
    from intake.channels.telegram.settings import TelegramSettings

    settings = TelegramSettings()
    if settings.token is None:
        return None
    from intake.channels.telegram.channel import TelegramChannel  # loads httpx: only if it is used

    return TelegramChannel(runtime, settings)
