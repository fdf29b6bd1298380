"""Lines that stay open: told at a ring, given up when the reader leaves, ended when we stop."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from core.ground.bell import Bell
from core.ground.limit import Cap
from core.ground.refusals import Refusals
from intake.pages import ShownHospital, mount
from intake.pages.event_streams import EventStreams
from tests.serving import serve

PATIENCE = 10


def cap(name: str, most: int) -> Cap:
    return Cap(name=name, most=most, per="-", beyond="-", applied_in="-")


@dataclass
class Desk:
    """An application with lines in it, and what its handlers have come to."""

    bell: Bell = field(default_factory=Bell)
    refusals: Refusals = field(default_factory=Refusals)
    version: str = "1"
    ends: bool = False
    running: int = 0
    url: str = ""
    app: web.Application = field(default_factory=web.Application)

    async def read(self) -> str:
        return self.version

    async def until(self, running: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                if self.running == running:
                    return
                await asyncio.sleep(0.01)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    made = Desk()
    lines = EventStreams(
        bell=made.bell,
        refusals=made.refusals,
        most=cap("all", 3),
        most_of_one=cap("one", 2),
        share_of=lambda request: request.query.get("from", "somewhere"),
        longest_seconds=600,
        look_seconds=300,
    )

    async def counted(request: web.Request) -> web.StreamResponse:
        made.running += 1
        try:
            return await lines.keep_news(request, "topic", made.read)
        finally:
            made.running -= 1

    async def until_told(request: web.Request) -> web.StreamResponse:
        async def look() -> bytes | None:
            return None if made.ends else b"data: on\n\n"

        return await lines.keep(request, "topic", look)

    mount(made.app, ShownHospital(name="RS Contoh", public_url="https://rs.example.org"))
    made.app.router.add_get("/news", counted)
    made.app.router.add_get("/until", until_told)
    async with serve(made.app) as made.url:
        yield made


async def hear(line: aiohttp.ClientResponse, words: str) -> str:
    told = ""
    async with asyncio.timeout(PATIENCE):
        while words not in told:
            chunk = await line.content.readany()
            assert chunk, f"it ended: {told}"
            told += chunk.decode()
    return told


async def test_a_change_is_told_once_and_only_at_a_ring(desk: Desk) -> None:
    async with (
        aiohttp.ClientSession() as reader,
        reader.get(f"{desk.url}/news", params={"seen": "1"}) as line,
    ):
        at_first = await hear(line, ": still here")
        desk.version = "2"
        desk.bell.ring("topic")
        then = await hear(line, "data: 2\n\n")
        desk.bell.ring("topic")
        again = await hear(line, ": still here")

    assert line.headers["Content-Type"] == "text/event-stream"
    assert "news" not in at_first
    assert then == "event: news\nid: 2\ndata: 2\n\n"
    assert "news" not in again


async def test_a_reader_who_left_makes_room_though_nobody_rings(desk: Desk) -> None:
    async with aiohttp.ClientSession() as reader:
        one = await reader.get(f"{desk.url}/news")
        other = await reader.get(f"{desk.url}/news")
        one.close()
        await desk.until(running=1)
        async with reader.get(f"{desk.url}/news") as welcome:
            assert (await hear(welcome, "data: 1")).startswith("retry: 5000")
        other.close()
    assert not desk.refusals.take()


async def test_who_is_new_gets_the_line_of_the_greediest_that_lay_idle_longest(desk: Desk) -> None:
    async with aiohttp.ClientSession() as reader:
        greedy = [await reader.get(f"{desk.url}/news?from=one") for _ in range(2)]
        other = await reader.get(f"{desk.url}/news?from=two")
        for line in (*greedy, other):
            await hear(line, "data: 1")

        async with reader.get(f"{desk.url}/news?from=three") as new:
            await hear(new, "data: 1")
            assert (await hear(greedy[0], "full")) == "event: full\ndata:\n\n"
            async with asyncio.timeout(PATIENCE):
                assert await greedy[0].content.read() == b""
            desk.version = "2"
            desk.bell.ring("topic")
            for line in (greedy[1], other, new):
                await hear(line, "data: 2")
        for line in (*greedy, other):
            line.close()
    assert desk.refusals.take() == {"all": 1}


async def test_one_network_takes_no_more_than_its_share(desk: Desk) -> None:
    async with aiohttp.ClientSession() as reader:
        lines = [await reader.get(f"{desk.url}/news?from=one") for _ in range(30)]
        await desk.until(running=2)
        async with reader.get(f"{desk.url}/news?from=two") as new:
            await hear(new, "data: 1")
            await desk.until(running=3)
        for line in lines:
            line.close()
    assert desk.refusals.take() == {"one": 28}


async def test_a_line_whose_reader_takes_nothing_is_cut_for_another(desk: Desk) -> None:
    desk.version = "x" * 8_000_000  # more than any buffer between us takes
    async with aiohttp.ClientSession(read_bufsize=1024) as reader:
        stuck = [await reader.get(f"{desk.url}/news?from=one") for _ in range(2)]
        await desk.until(running=2)
        desk.version = "1"
        async with reader.get(f"{desk.url}/news?from=one") as new:
            await hear(new, "data: 1")
            await desk.until(running=2)
        for line in stuck:
            line.close()


async def test_a_line_with_nothing_more_to_tell_ends(desk: Desk) -> None:
    async with aiohttp.ClientSession() as reader, reader.get(f"{desk.url}/until") as line:
        await hear(line, "on")
        desk.ends = True
        desk.bell.ring("topic")

        async with asyncio.timeout(PATIENCE):
            assert await line.content.read() == b""


async def test_when_we_stop_no_line_outlives_us_not_even_one_without_a_reader(desk: Desk) -> None:
    async with aiohttp.ClientSession() as reader:
        kept = await reader.get(f"{desk.url}/news")
        left = await reader.get(f"{desk.url}/news")
        left.close()

        async with asyncio.timeout(PATIENCE):
            await desk.app.shutdown()

        assert desk.running == 0
        async with reader.get(f"{desk.url}/news") as late:
            assert late.status == 204
        kept.close()
