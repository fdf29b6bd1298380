import asyncio
from typing import Any

import aiohttp

from core.runtime import Runtime
from core.tickets.casework import Casework
from tests.builders import OFFICER
from tests.intake.channels.web.forms import get
from tests.intake.channels.web.tickets import filed


async def line_of(answer: aiohttp.ClientResponse, prefix: str) -> str:
    async with asyncio.timeout(10):
        while True:
            line = (await answer.content.readline()).decode().strip()
            if line.startswith(prefix):
                return line


async def test_news_comes_by_itself_and_says_nothing_itself(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    page = await get(visitor, f"/t/{receipt.tracking_code}")
    seen = page.attribute("[data-version]", "data-version")

    async with visitor.get("/tracking/events", params={"seen": seen or ""}) as answer:
        await line_of(answer, ": still here")
        await Casework(runtime).reply(receipt.ticket_id, "Teknisi datang.", by=OFFICER)
        news = [await line_of(answer, "event:"), await line_of(answer, "data:")]

    assert answer.content_type == "text/event-stream"
    assert news == ["event: news", "data: 2"]


async def test_what_happened_while_nobody_listened_is_told_at_once(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    await get(visitor, f"/t/{receipt.tracking_code}")
    await Casework(runtime).start(receipt.ticket_id, by=OFFICER)
    options: dict[str, Any] = {"params": {"seen": "1"}}

    async with visitor.get("/tracking/events", **options) as answer:
        news = await line_of(answer, "data:")
    options["headers"] = {"Last-Event-ID": "2"}
    async with visitor.get("/tracking/events", **options) as answer:
        nothing = await line_of(answer, ":")

    assert (news, nothing) == ("data: 2", ": still here")


async def test_a_stranger_gets_no_line(visitor: aiohttp.ClientSession) -> None:
    async with visitor.get("/tracking/events") as answer:
        assert answer.status == 204
