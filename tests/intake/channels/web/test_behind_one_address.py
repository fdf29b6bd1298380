"""Five hundred people behind one address, and one among them who guesses: nobody waits for that."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import aiohttp
import pytest

from core.ground.rate_limits import TRACKING_GUESSES
from core.runtime import Runtime
from intake.channels.web.robot_check import RobotCheck
from tests.builders import Hands
from tests.intake.channels.web.forms import Page, filled, get, post
from tests.intake.channels.web.tickets import filed, rows

WRONG = "0000-0000-0000-0000"
WARD = 500


async def guess(visitor: aiohttp.ClientSession, times: int) -> list[int]:
    """Follow links with wrong codes, as somebody does who tries them all."""
    async with stranger(visitor) as other:
        return [
            (await get(other, f"/t/{number:04}-0000-0000-0000")).status for number in range(times)
        ]


async def in_time(ask: Callable[[], Awaitable[Page]]) -> int:
    """Ask, and again where a slow machine says "later", which it says to everybody alike."""
    for _ in range(20):
        status = (await ask()).status
        if status != 503:
            return status
        await asyncio.sleep(0.5)
    return 503


def stranger(visitor: aiohttp.ClientSession) -> aiohttp.ClientSession:
    """Visit the same door from the same address with another browser."""
    jar = aiohttp.CookieJar(unsafe=True)
    return aiohttp.ClientSession(visitor._base_url, cookie_jar=jar)


async def test_a_right_code_opens_although_wrong_ones_wait(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    statuses = await guess(visitor, TRACKING_GUESSES.burst + 5)

    page = await get(visitor, f"/t/{receipt.tracking_code}")
    typed = await post(visitor, "/tracking/code", {"code": receipt.tracking_code.lower()})
    rated = await post(visitor, "/tracking/rating", {"stars": "5"})
    visitor.cookie_jar.clear()
    again = await post(
        visitor, "/tracking/again", {"code": receipt.tracking_code, "story": "Masih rusak."}
    )

    assert statuses == [404] * TRACKING_GUESSES.burst + [429] * 5
    assert [one.status for one in (page, typed, rated, again)] == [200] * 4
    assert page.one("h1") == typed.one("h1") == again.one("h1") == receipt.number
    assert runtime.refusals.take() == {TRACKING_GUESSES.name: 5}


@pytest.mark.parametrize(
    ("method", "path", "usual"),
    [
        ("GET", "/tracking", 404),
        ("GET", "/tracking/events", 204),
        ("GET", "/tracking/files/1", 404),
        ("GET", "/tracking/files/1/picture", 404),
        ("POST", "/tracking/rating", 401),
        ("POST", "/tracking/solved", 401),
        ("POST", "/tracking/message", 401),
        ("POST", "/tracking/again", 404),
    ],
)
async def test_whatever_takes_a_code_counts_the_wrong_ones(
    runtime: Runtime, visitor: aiohttp.ClientSession, method: str, path: str, usual: int
) -> None:
    statuses = []
    for _ in range(TRACKING_GUESSES.burst + 1):
        await get(visitor, f"/t/{WRONG}", allow_redirects=False)
        data = {"code": WRONG, "story": "Halo.", "stars": "1"} if method == "POST" else None
        async with visitor.request(method, path, data=data) as answer:
            statuses.append(answer.status)

    assert set(statuses[:-1]) == {usual}
    assert statuses[-1] == (429 if usual != 204 and "files" not in path else usual)
    assert runtime.refusals.take() == {TRACKING_GUESSES.name: 1}


async def test_a_code_of_a_removed_ticket_and_a_wrong_one_look_alike(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    once = await filed(runtime)
    await rows(runtime, "DELETE FROM tickets RETURNING id")

    for before in (0, TRACKING_GUESSES.burst):
        await guess(visitor, before)
        gone = await get(visitor, f"/t/{once.tracking_code}")
        never = await get(visitor, f"/t/{WRONG}")
        assert (gone.status, gone.text) == (never.status, never.text)


async def test_a_ward_of_five_hundred_reports_and_looks_up_while_one_guesses(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    receipts = [await filed(runtime, key=f"ward-{number}") for number in range(20)]
    form = await filled(visitor, hands)
    await guess(visitor, TRACKING_GUESSES.burst)
    lanes = asyncio.Semaphore(40)

    async def person(number: int) -> tuple[int, int]:
        async with lanes, stranger(visitor) as own:
            code = receipts[number % 20].tracking_code
            looked = await in_time(lambda: get(own, f"/t/{code}"))
            words = {"story": f"Antrean nomor {number}.", "key": f"{number:016}"}
            whole = form | words | {"stamp": stamped(runtime, words["key"])}
            sent = await in_time(lambda: post(own, "/", whole))
            return looked, sent

    attack = asyncio.create_task(guess(visitor, 200))
    answers = await asyncio.gather(*[person(number) for number in range(WARD)])

    assert set(answers) == {(200, 200)}
    assert set(await attack) == {429}
    assert await rows(runtime, "SELECT count(*) FROM tickets") == [{"count": WARD + 20}]


def stamped(runtime: Runtime, key: str) -> str:
    """Make the stamp of a form that was opened a while ago."""
    return RobotCheck(runtime.secret).stamp(key, runtime.clock() - timedelta(seconds=40))
