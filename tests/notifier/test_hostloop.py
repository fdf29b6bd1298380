import asyncio
import threading
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
