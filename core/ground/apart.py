"""A blocking call in a thread of its own, which whoever waits may leave behind.

A folder that is mounted from elsewhere may hold a call for ever. A pool of threads would be full
of such calls soon, and the end of the process would wait for them; these threads it leaves.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


async def apart(call: Callable[[], T]) -> T:
    """Make the call and return its result. Cancelled, the call goes on and nobody hears of it."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def give(result: T | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(result)  # type: ignore[arg-type]  # without an error it is a T
        else:
            answer.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = call()
        except BaseException as raised:  # noqa: BLE001 - handed to whoever waits
            error = raised
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(give, result, error)

    Thread(target=run, name="apart", daemon=True).start()
    return await answer
