import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from notifier.hostloop import CHECK_SECONDS, HostLoop


async def answer() -> str:
    await asyncio.sleep(0)
    return "sent"


def test_a_loop_that_pauses_finishes_the_work_when_it_goes_on() -> None:
    with asyncio.Runner() as runner, ThreadPoolExecutor(1) as worker:
        host = HostLoop(runner.get_loop())
        begun = threading.Event()

        def act() -> str:
            begun.set()
            return host.run_coroutine(answer())

        work = worker.submit(act)
        assert begun.wait(5)

        async def wait_for_work() -> str:
            return await asyncio.wrap_future(work)

        threading.Event().wait(2 * CHECK_SECONDS)
        assert not work.done()
        assert runner.run(wait_for_work()) == "sent"


def test_a_loop_that_has_ended_refuses_and_leaves_nothing_behind() -> None:
    loop = asyncio.new_event_loop()
    loop.close()

    with pytest.raises(RuntimeError):  # a coroutine nobody awaited would fail this test, too
        HostLoop(loop).run_coroutine(answer())


class Blinking(asyncio.SelectorEventLoop):
    """A loop that pauses for a moment whenever it is told to."""

    looks: Iterator[bool] = iter(())

    def is_running(self) -> bool:
        return next(self.looks, super().is_running())


def test_a_loop_that_pauses_between_two_looks_gets_the_work_all_the_same() -> None:
    with asyncio.Runner(loop_factory=Blinking) as runner, ThreadPoolExecutor(1) as worker:
        loop = runner.get_loop()
        assert isinstance(loop, Blinking)

        async def work() -> str:
            loop.looks = iter([True, False])
            run = asyncio.get_running_loop().run_in_executor
            return await run(worker, HostLoop(loop).run_coroutine, answer())

        assert runner.run(work()) == "sent"


async def fail() -> None:
    raise RuntimeError("the work's own")


async def test_a_fault_of_the_work_itself_is_passed_on_once() -> None:
    host = HostLoop(asyncio.get_running_loop())

    with pytest.raises(RuntimeError, match="the work's own"):
        await asyncio.to_thread(host.run_coroutine, fail())
