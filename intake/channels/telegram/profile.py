"""What Telegram knows of our bot: its commands, its webhook, its name. Set only if different."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Bot, BotCommand
from telegram.error import TelegramError

from intake.channels.telegram.faults import failure
from intake.chat.conversation import Conversation

logger = logging.getLogger(__name__)

SHOWN: tuple[tuple[str, str, str, str], ...] = (
    # Indonesian, English, and what it does in both
    ("lapor", "report", "Sampaikan laporan", "Send a report"),
    ("status", "status", "Cek status laporan", "Check your reports"),
    ("bantuan", "help", "Bantuan dan nomor telepon", "Help and phone numbers"),
    ("privasi", "privacy", "Bagaimana data Anda dipakai", "How your data is used"),
    ("bahasa", "language", "English / Indonesia", "Bahasa Indonesia / English"),
    ("batal", "cancel", "Batalkan", "Stop"),
)
"""The commands of the menu; the dialogue understands both names in either language."""

_TRIES = 3
_PAUSE = 2.0


def commands(language: str | None) -> list[BotCommand]:
    """Return the menu of a language; None is Indonesian, which everybody else sees."""
    if language == "en":
        return [BotCommand(name, does) for _, name, _, does in SHOWN]
    return [BotCommand(name, does) for name, _, does, _ in SHOWN]


@dataclass(slots=True)
class Profile:
    """Keeps Telegram informed; nothing of it stops updates from being taken."""

    bot: Bot
    conversation: Conversation
    webhook_url: str = ""
    secret: str = ""
    kinds: tuple[str, ...] = ()
    """Of updates that we ask for."""

    async def for_polling(self) -> None:
        """Make ready for polling: no webhook, commands, name."""
        await self._insist(self._without_webhook)
        await self._insist(self._introduced)

    async def for_webhook(self) -> None:
        """Make ready for the webhook: its address if it is another one, commands, name."""
        await self._insist(self._with_webhook)
        await self._insist(self._introduced)

    async def _insist(self, step: Callable[[], Awaitable[None]]) -> None:
        for _ in range(_TRIES):
            try:
                await step()
            except TelegramError as error:
                logger.warning("telegram: the bot's profile is not set (%s)", failure(error))
                await asyncio.sleep(_PAUSE)
            else:
                return

    async def _without_webhook(self) -> None:
        if (await self.bot.get_webhook_info()).url:
            await self.bot.delete_webhook(drop_pending_updates=False)

    async def _with_webhook(self) -> None:
        info = await self.bot.get_webhook_info()
        if info.url != self.webhook_url or set(info.allowed_updates) != set(self.kinds):
            await self.bot.set_webhook(
                self.webhook_url, secret_token=self.secret, allowed_updates=self.kinds
            )

    async def named(self) -> None:
        """Learn the bot's name: every process needs it, to be mentioned in groups."""
        await self._insist(self._named)

    async def _named(self) -> None:
        me = await self.bot.get_me()
        self.conversation.bot = f"@{me.username}" if me.username else me.first_name

    async def _introduced(self) -> None:
        await self._named()
        for language in (None, "en"):
            wanted = commands(language)
            if list(await self.bot.get_my_commands(language_code=language)) != wanted:
                await self.bot.set_my_commands(wanted, language_code=language)
