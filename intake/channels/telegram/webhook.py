"""The webhook: 200 after the commit, 503 while we are ill, and nothing for strangers."""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.ground.same_secret import same_secret
from core.runtime import Runtime
from intake.channels.telegram.alone import alone
from intake.channels.telegram.profile import Profile
from intake.channels.telegram.receiving import Receiving

logger = logging.getLogger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
BODY_LIMIT = 1 << 20
"""Bytes of one update; Telegram's largest have some tens of thousands."""
RETRY_AFTER = "5"
"""Seconds; Telegram honours it up to an hour."""
_PAUSE = 5.0


@dataclass(slots=True)
class Webhook:
    """Takes updates that Telegram posts. Any number of processes may."""

    runtime: Runtime
    bot_id: str
    ways_in: Mapping[str, str]
    """The header that belongs to each path."""
    receiving: Receiving
    profile: Profile

    async def take(self, request: web.Request) -> web.Response:
        """Answer one update."""
        given = request.headers.get(HEADER, "")
        if not same_secret(given, self.ways_in[request.path]):
            return web.Response(status=403)
        body = await _body(request)
        try:
            await self._take(body)
        except DatabaseAwayError:
            return web.Response(status=503, headers={"Retry-After": RETRY_AFTER})
        return web.Response()

    async def introduce(self) -> None:
        """Tell Telegram our address: one process does, the others only learn the bot's name."""
        while True:
            try:
                async with alone(self.runtime, self.bot_id) as lost:
                    ready = self.profile.named if lost is None else self.profile.for_webhook
                    await ready()
                    return
            except DatabaseAwayError as error:
                logger.info("telegram: no lock (%s)", type(error.__cause__).__name__)
                await asyncio.sleep(_PAUSE)

    async def _take(self, body: bytes) -> None:
        if len(body) > BODY_LIMIT:
            await self.receiving.set_aside(body[:1024], "larger than any update")
            return
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            await self.receiving.set_aside(body, "no JSON")
            return
        await self.receiving.take(raw)


async def _body(request: web.Request) -> bytes:
    """Read the body, at most one byte more than the limit."""
    body = bytearray()
    async for chunk in request.content.iter_chunked(1 << 16):
        body += chunk
        if len(body) > BODY_LIMIT:
            break
    return bytes(body[: BODY_LIMIT + 1])
