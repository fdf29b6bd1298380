"""Long polling, by one process at a time. The offset moves only past what is committed."""

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError

from core.ground.database import DatabaseAwayError
from core.runtime import Runtime
from intake.channels.telegram.alone import alone
from intake.channels.telegram.faults import failure
from intake.channels.telegram.profile import Profile
from intake.channels.telegram.receiving import Receiving
from intake.channels.telegram.understand import chat_of

logger = logging.getLogger(__name__)

KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]
"""The kinds of update that we ask for."""
_METHOD = "get_Updates"
"""Bot API's getUpdates. The library's own method parses, and one bad update spoils the batch."""
_AT_ONCE = 8
_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_TAKEN_PAUSE = 5.0
"""Seconds until we look again whether the process that polls is gone."""
_MARGIN = 10.0


@dataclass(slots=True)
class Poller:
    """Asks Telegram for updates."""

    bot: Bot
    runtime: Runtime
    bot_id: str
    receiving: Receiving
    profile: Profile
    poll_seconds: int = 25
    taken_pause: float = _TAKEN_PAUSE

    async def run(self) -> None:
        """Poll whenever no other process does, until cancelled."""
        while True:
            try:
                async with alone(self.runtime, self.bot_id) as lost:
                    if lost is not None:
                        await self._with_lock(lost)
            except DatabaseAwayError as error:
                logger.info("telegram: no lock (%s)", type(error.__cause__).__name__)
            await asyncio.sleep(self.taken_pause)

    async def _with_lock(self, lost: asyncio.Event) -> None:
        """Poll until the lock is lost; a poll under way then is broken off."""
        polling = asyncio.create_task(self._poll(), name="telegram poll")
        losing = asyncio.create_task(lost.wait(), name="telegram lock")
        try:
            await asyncio.wait({polling, losing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            polling.cancel()
            losing.cancel()
            await asyncio.gather(polling, losing, return_exceptions=True)

    async def _poll(self) -> None:
        await self.profile.for_polling()
        offset, pause = 0, _PAUSE
        while True:
            try:
                updates = await self._get(offset)
                offset = await self.take(updates) or offset
            except TelegramError as error:
                wait = _wait(error, pause)
                logger.warning("telegram: no updates (%s)", failure(error))
                await asyncio.sleep(wait)
                pause = min(pause * 2, _LONGEST_PAUSE)
            except DatabaseAwayError:
                await asyncio.sleep(_PAUSE)  # the offset has not moved: they come again
            else:
                pause = _PAUSE

    async def _get(self, offset: int) -> list[Any]:
        asked = {"offset": offset, "timeout": self.poll_seconds, "allowed_updates": KINDS}
        got: object = await self.bot.do_api_request(
            _METHOD, api_kwargs=asked, read_timeout=self.poll_seconds + _MARGIN
        )
        return got if isinstance(got, list) else []

    async def take(self, updates: list[Any]) -> int | None:
        """Take a batch, each chat's updates in their order; return the next offset.

        Raises DatabaseAwayError if any of them could not be taken: all come again.
        """
        chats: dict[str | None, list[Any]] = defaultdict(list)
        for raw in updates:
            chats[chat_of(raw)].append(raw)
        limit = asyncio.Semaphore(_AT_ONCE)
        taken = (self._in_order(batch, limit) for batch in chats.values())
        for done in await asyncio.gather(*taken, return_exceptions=True):
            if isinstance(done, BaseException):
                raise done
        numbers = [raw["update_id"] for raw in updates if _is_numbered(raw)]
        return max(numbers) + 1 if numbers else None

    async def _in_order(self, batch: list[Any], limit: asyncio.Semaphore) -> None:
        async with limit:
            for raw in batch:
                await self.receiving.take(raw)


def _is_numbered(raw: object) -> bool:
    return isinstance(raw, dict) and isinstance(raw.get("update_id"), int)


def _wait(error: TelegramError, pause: float) -> float:
    if isinstance(error, InvalidToken):
        return _LONGEST_PAUSE
    told = failure(error).retry_after if isinstance(error, RetryAfter) else None
    return told.total_seconds() if told else pause
