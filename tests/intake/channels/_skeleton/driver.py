"""Drives the skeleton: a client that posts JSON, and a provider that takes it."""

import contextlib
from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from core.ground.errors import Reason
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channels._skeleton.channel import REASONS, SkeletonChannel
from intake.channels._skeleton.settings import SkeletonSettings
from tests.intake.channels.contract import Answer, Traits
from tests.serving import serve

TRAITS = Traits(names_a_pause=True)
TOKEN = "skeleton-token-for-tests"
STATUS = {reason: status for status, reason in REASONS.items()} | {
    Reason.UNREACHABLE: 502,
    Reason.REFUSED: 400,
}


class Provider:
    """Accepts notices, or refuses them as told."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.refusal: Reason | None = None

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/send", self._take)
        return app

    async def _take(self, request: web.Request) -> web.Response:
        if self.refusal is not None:
            headers = {"Retry-After": "7"} if self.refusal is Reason.THROTTLED else {}
            return web.Response(status=STATUS[self.refusal], headers=headers)
        self.texts.append((await request.json())["text"])
        return web.json_response({"id": f"provider-{len(self.texts)}"})


class SkeletonDriver:
    """Posts reports and replies, and watches the provider."""

    traits = TRAITS
    recipient = "sender-1"
    secrets = (TOKEN,)

    def __init__(self, channel: SkeletonChannel, provider: Provider, door: str) -> None:
        self.channel = channel
        self._provider = provider
        self._door = door
        self._code: str | None = None

    async def report(self, key: str, words: str) -> Answer:
        return await self._post({"key": key, "sender": self.recipient, "words": words})

    async def reply(self, key: str, words: str) -> Answer:
        told = {"key": key, "sender": self.recipient, "words": words, "ticket": self._code}
        return await self._post(told)

    async def settle(self) -> None:
        return

    def provider_says(self, reason: Reason | None) -> None:
        self._provider.refusal = reason

    def received(self) -> list[str]:
        return self._provider.texts

    async def _post(self, told: dict[str, str | None]) -> Answer:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self._door, json=told, headers=headers) as answer,
        ):
            body = await answer.json()
            if answer.status == 201:
                self._code = body.get("code", self._code)
                return Answer(verdict="accepted", text=str(body))
            if answer.status == 503:
                return Answer(verdict="later", text=str(body))
            return Answer(verdict="refused", text=str(body))


@contextlib.asynccontextmanager
async def open_driver(runtime: Runtime) -> AsyncIterator[SkeletonDriver]:
    provider = Provider()
    async with serve(provider.app()) as provider_url:
        settings = SkeletonSettings(url=f"{provider_url}/send", token=SecretStr(TOKEN))
        channel = SkeletonChannel(settings)
        app = web.Application()
        channel.mount(app, Desk(runtime))
        async with serve(app) as door:
            yield SkeletonDriver(channel, provider, f"{door}/channels/skeleton")
