"""Telegram: the chat bot by long polling or webhook, and news to the same chats.

Of python-telegram-bot only `Bot`, `Update` and the types are used: its own receivers confirm an
update before it is handled, docs/adr/0012-a-chat-update-is-one-transaction.md.
"""

from core.runtime import Runtime
from intake.channel import Channel
from intake.channels.telegram.settings import TelegramSettings

HOW_TO_OPEN = "write to @BotFather, send /newbot, and set KISS_TELEGRAM_TOKEN to what it says"
"""What `kiss run` and `kiss telegram check` tell an operator while the channel is off."""


def open_channel(runtime: Runtime) -> Channel | None:
    """Open the bot; None while no token is set."""
    settings = TelegramSettings()
    if settings.token is None:
        return None
    from intake.channels.telegram.channel import TelegramChannel  # loads httpx: only if it is used

    return TelegramChannel(runtime, settings)
