"""Chats that begin are counted by network; a chat that has begun goes on whatever the others do."""

from uuid import uuid4

import aiohttp
from aiohttp import web

from core.chats.chats import Chats
from core.ground.network_buckets import NetworkBuckets
from core.ground.rate_limits import CHATS_BEGUN
from core.runtime import Runtime
from intake.channels.webchat import open_channel
from intake.channels.webchat.keys import key_of
from intake.channels.webchat.log import Log
from intake.channels.webchat.page import ChatPage
from intake.chat.conversation import Conversation
from intake.pages import ShownHospital, mount
from intake.registry import Registry, write_channels
from tests.serving import serve


async def test_a_chat_too_many_waits_and_those_that_began_go_on(runtime: Runtime) -> None:
    channel = open_channel(runtime)
    assert channel is not None
    await write_channels(runtime, Registry({"webchat": channel}))
    begun = NetworkBuckets(CHATS_BEGUN)
    begun.spend("127.0.0.1", runtime.clock().timestamp(), CHATS_BEGUN.burst - 1)
    talk = Conversation(chats=Chats(runtime, "webchat"), outbox=Log())
    app = web.Application()
    mount(app, ShownHospital(name="RS Contoh", public_url="https://rs.example.org"))
    app.router.add_routes(ChatPage(runtime, talk, begun).routes())
    first, second = (key_of(runtime.secret, uuid4()) for _ in range(2))

    async with serve(app) as url:

        async def say(key: str, words: str) -> tuple[int, str | None]:
            fields = {"chat": key, "id": uuid4().hex, "start": "", "say": words}
            async with (
                aiohttp.ClientSession() as visitor,
                visitor.post(f"{url}/chat", data=fields, allow_redirects=False) as answer,
            ):
                return answer.status, answer.headers.get("Retry-After")

        told = [await say(key, "Halo, lampu mati.") for key in (first, second, first)]

    assert told == [(303, None), (429, "15"), (303, None)]
    assert runtime.refusals.take() == {CHATS_BEGUN.name: 1}
