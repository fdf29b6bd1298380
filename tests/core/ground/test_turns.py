"""Nobody waits for another's queue: who had least goes next."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.ground.turns import Turns

Begin = Callable[[str], Awaitable[asyncio.Event]]


class Crowd:
    """Works that begin in the order of their turns and end when told."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.began: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._ends: dict[str, asyncio.Event] = {}

    async def wants(self, share: str, *names: str) -> None:
        for name in names:
            self._ends[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._work(share, name))
        await asyncio.sleep(0)

    async def ends(self, name: str) -> None:
        self._ends[name].set()
        await self.tasks[name]
        await asyncio.sleep(0)

    async def _work(self, share: str, name: str) -> None:
        async with self.turns.turn(share):
            self.began.append(name)
            await self._ends[name].wait()


@pytest.fixture
async def crowd() -> Crowd:
    now = iter(range(1000))
    return Crowd(Turns(2, seconds=lambda: float(next(now))))


async def test_a_newcomer_waits_for_what_is_under_way_and_for_no_queue(crowd: Crowd) -> None:
    await crowd.wants("one", *(f"one {number}" for number in range(50)))
    await crowd.wants("other", "other 0", "other 1")
    assert crowd.began == ["one 0", "other 0"]

    await crowd.ends("one 0")
    await crowd.wants("new", "new 0")
    await crowd.ends("other 0")
    assert crowd.began == ["one 0", "other 0", "one 1", "new 0"]


async def test_of_two_who_wait_the_one_who_had_less_goes_next(crowd: Crowd) -> None:
    await crowd.wants("long", "long 0")
    await crowd.wants("short", "short 0")
    await crowd.wants("long", "long 1")
    await crowd.ends("short 0")
    await crowd.ends("long 0")  # more time has passed for it
    await crowd.wants("a", "a 0")
    await crowd.wants("b", "b 0")
    assert crowd.began == ["long 0", "short 0", "long 1", "a 0"]
    await crowd.wants("short", "short 1")
    await crowd.wants("long", "long 2")
    await crowd.ends("a 0")
    await crowd.ends("b 0")
    await crowd.ends("long 1")
    assert crowd.began[4:] == ["b 0", "short 1", "long 2"]


async def test_who_gives_up_waiting_or_working_leaves_the_place_to_others(crowd: Crowd) -> None:
    await crowd.wants("a", "a 0", "a 1")
    await crowd.wants("b", "b 0")
    await crowd.wants("c", "c 0", "c 1")
    crowd.tasks["c 0"].cancel()
    crowd.tasks["b 0"].cancel()
    await asyncio.wait([crowd.tasks["b 0"], crowd.tasks["c 0"]])
    await asyncio.sleep(0)
    assert crowd.began == ["a 0", "b 0", "c 1"]


async def test_a_turn_given_to_somebody_who_gives_up_at_that_moment_is_not_lost() -> None:
    crowd = Crowd(Turns(1))
    await crowd.wants("a", "a 0")
    await crowd.wants("b", "b 0")
    await crowd.wants("c", "c 0")
    crowd._ends["a 0"].set()
    await asyncio.sleep(0)
    crowd.tasks["b 0"].cancel()
    await asyncio.wait([crowd.tasks["b 0"]])
    await asyncio.sleep(0)
    assert "c 0" in crowd.began


async def test_all_begin_anew_once_nobody_waits(crowd: Crowd) -> None:
    await crowd.wants("a", "a 0")
    await crowd.ends("a 0")
    assert not crowd.turns._had
