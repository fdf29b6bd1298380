"""Asks Telegram how our bot stands, and says in plain words what is wrong and what helps."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TelegramError, TimedOut

from intake.channels.telegram.profile import commands
from intake.channels.telegram.settings import TelegramSettings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Looks at one bot after the other; the token comes first, since nothing works without."""

    bot: Bot
    settings: TelegramSettings
    webhook_url: str
    now: datetime

    async def findings(self) -> AsyncIterator[Finding]:
        """Yield what was found, in the order in which an operator would mend it."""
        token = await self._asked(self._token)
        yield token
        if not token.good:
            return
        yield self._address()
        yield await self._asked(self._webhook)
        yield await self._asked(self._commands)

    async def _asked(self, look: Callable[[], Awaitable[Finding]]) -> Finding:
        try:
            return await look()
        except InvalidToken:
            return Finding(
                False,
                "Telegram does not accept the token. Copy it again from @BotFather (/token) into "
                "KISS_TELEGRAM_TOKEN; a token that was revoked never works again.",
            )
        except (TimedOut, NetworkError):
            return Finding(
                False,
                f"Telegram does not answer at {self.settings.api_url}. Is this machine allowed to "
                "reach it? KISS_TELEGRAM_API_URL names another server.",
            )
        except TelegramError as error:
            return Finding(False, f"Telegram refused: {error.message}")

    async def _token(self) -> Finding:
        me = await self.bot.get_me()
        return Finding(True, f"The token belongs to @{me.username} ({me.first_name}).")

    def _address(self) -> Finding:
        if self.settings.mode == "polling":
            return Finding(True, "Updates are asked for (polling); no public address is needed.")
        if not self.webhook_url.startswith("https://"):
            return Finding(
                False,
                "A webhook needs https: set KISS_PUBLIC_URL to the address people use, or "
                "KISS_TELEGRAM_MODE=polling.",
            )
        return Finding(True, "Updates are posted to our public address (webhook).")

    async def _webhook(self) -> Finding:
        info = await self.bot.get_webhook_info()
        if self.settings.mode == "polling":
            if info.url:
                return Finding(
                    False,
                    "A webhook is set, so polling gets nothing. It is removed when `kiss run` "
                    "starts; if it comes back, another program uses this token.",
                )
            return Finding(True, f"No webhook is in the way. Waiting: {info.pending_update_count}.")
        if info.url != self.webhook_url:
            return Finding(
                False,
                "Telegram posts to another address than ours. It is set when `kiss run` starts; "
                "if it changes back, another program uses this token.",
            )
        failed = info.last_error_date
        if failed is not None and (self.now - failed).total_seconds() < 3600:
            return Finding(
                False,
                f"Telegram could not deliver lately: {info.last_error_message}. Waiting: "
                f"{info.pending_update_count}.",
            )
        return Finding(True, f"The webhook is ours. Waiting: {info.pending_update_count}.")

    async def _commands(self) -> Finding:
        for language in (None, "en"):
            shown = list(await self.bot.get_my_commands(language_code=language))
            if shown != commands(language):
                return Finding(
                    False, "The menu of commands is an old one. It is set when `kiss run` starts."
                )
        return Finding(True, "The menu of commands is set in Indonesian and English.")
