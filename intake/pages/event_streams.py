"""Lines that stay open to pages (WHATWG server-sent events): how many, how long, and their end.

Whoever is new always gets one (`core/ground/shares.py`): the page that gives up its line for that
is told `full`, says so to its reader and looks again by itself now and then.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Self

from aiohttp import web

from core.ground.bell import Bell
from core.ground.ip_address import network_of
from core.ground.limit import Cap
from core.ground.refusals import Refusals
from core.ground.shares import Shares
from core.runtime import Runtime
from intake.pages.caller import caller

LOOK_SECONDS: Final = 20.0
"""A ring may be lost, so the page is told this often how things stand; it keeps the line warm."""
GONE_SECONDS: Final = 1.0
"""How often a waiting line looks whether its reader has left: aiohttp tells a handler nothing."""
END_SECONDS: Final = 2.0
"""What a line that is just telling something gets to finish when the application stops."""
RETRY: Final = b"retry: 5000\n\n"
"""Milliseconds after which a browser connects anew."""
STILL_HERE: Final = b": still here\n\n"
FULL: Final = b"event: full\ndata:\n\n"
"""The last that a page hears whose line is wanted by somebody else."""


@dataclass(slots=True)
class _Open:
    """Every open line of an application, by the task that keeps it."""

    tasks: set[asyncio.Task[object]] = field(default_factory=set)
    waiting: set[asyncio.Task[object]] = field(default_factory=set)
    """Those that may be ended at once: they ask the database nothing."""
    stopping: bool = False


OPEN = web.AppKey("open lines", _Open)


def mount(app: web.Application) -> None:
    """Let the application end its open lines when it stops; none would end by itself in time."""
    app[OPEN] = _Open()
    app.on_shutdown.append(_end_all)


@dataclass(slots=True, eq=False)
class _Line:
    """One open line, and whether somebody else is to have its place."""

    task: asyncio.Task[object]
    rung: asyncio.Event
    is_put_out: bool = False
    is_over: bool = False

    def put_out(self) -> None:
        """End it: told so at once, and cut where its reader takes nothing."""
        self.is_put_out = True
        self.rung.set()
        asyncio.get_running_loop().call_later(END_SECONDS, self._cut)

    def _cut(self) -> None:
        if not self.is_over:
            self.task.cancel()


@dataclass(slots=True, kw_only=True)
class EventStreams:
    """The open lines of one kind of page in this process."""

    bell: Bell
    refusals: Refusals
    most: Cap
    most_of_one: Cap
    """How many one network has at most, or one account."""
    share_of: Callable[[web.Request], str]
    """Says whose share a line is."""
    longest_seconds: float
    """Then the browser connects anew, perhaps to another process."""
    look_seconds: float = LOOK_SECONDS
    pause_seconds: float = 0.0
    """Many rings within it become one look."""
    _shares: Shares[_Line] = field(init=False)

    def __post_init__(self) -> None:
        """Have places of one's own."""
        self._shares = Shares(cap=self.most.most, per_network=self.most_of_one.most)

    @classmethod
    def by_network(
        cls, runtime: Runtime, most: Cap, most_of_network: Cap, *, longest_seconds: float
    ) -> Self:
        """Keep lines to pages that anybody may open, shared by the networks they come from."""
        proxies = runtime.settings.trusted_proxies
        return cls(
            bell=runtime.bell,
            refusals=runtime.refusals,
            most=most,
            most_of_one=most_of_network,
            share_of=lambda request: network_of(caller(request, proxies)),
            longest_seconds=longest_seconds,
        )

    async def keep(
        self, request: web.Request, topic: str, look: Callable[[], Awaitable[bytes | None]]
    ) -> web.StreamResponse:
        """Keep a line open and send what `look` finds, at once and whenever the topic rings.

        It ends when `look` finds None, when the reader has left, when somebody else is to have its
        place or when the application stops (204 to whoever comes then, at which by the standard a
        browser does not try again).
        """
        everywhere = request.config_dict[OPEN]
        if everywhere.stopping:
            return web.Response(status=204)
        response = web.StreamResponse(
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        response.content_type = "text/event-stream"
        with self.bell.waiting(topic) as rung:
            line = _Line(task=_task(), rung=rung)
            async with self._counted(everywhere, line, self.share_of(request)):
                await response.prepare(request)
                await response.write(RETRY)
                while (found := await look()) is not None and not everywhere.stopping:
                    if line.is_put_out:
                        await response.write(FULL)
                        break
                    await response.write(found or STILL_HERE)
                    if found:
                        self._shares.touch(line, busy=False)
                    with _waiting(everywhere):
                        await asyncio.sleep(self.pause_seconds)
                        await self._ring(request, rung)
        return response

    async def keep_news(
        self, request: web.Request, topic: str, version: Callable[[], Awaitable[str]]
    ) -> web.StreamResponse:
        """Keep a line open that says when `version` has changed, never how; "" says nothing.

        The page tells which one it has seen: `?seen=` at first, later the standard's Last-Event-ID.
        """
        seen = request.headers.get("Last-Event-ID") or request.query.get("seen", "")

        async def look() -> bytes:
            nonlocal seen
            now = await version()
            if not now or now == seen:
                return b""
            seen = now
            return f"event: news\nid: {now}\ndata: {now}\n\n".encode()

        return await self.keep(request, topic, look)

    async def _ring(self, request: web.Request, rung: asyncio.Event) -> None:
        """Wait for a ring, at most `look_seconds`. Raises ConnectionError if the reader left."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.look_seconds
        while not rung.is_set() and (left := end - loop.time()) > 0:
            if request.transport is None or request.transport.is_closing():
                raise ConnectionResetError
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(GONE_SECONDS, left)):
                    await rung.wait()
        rung.clear()  # before the next look, so that no ring falls between

    @contextlib.asynccontextmanager
    async def _counted(self, everywhere: _Open, line: _Line, share: str) -> AsyncIterator[None]:
        entry = self._shares.enter(line, share)  # nothing is busy here: whoever comes gets a place
        if entry.full:
            self.refusals.note(self.most if entry.full == "all" else self.most_of_one)
        if entry.evicted:
            entry.evicted.put_out()
        everywhere.tasks.add(line.task)
        try:
            async with asyncio.timeout(self.longest_seconds):
                yield
        except (TimeoutError, ConnectionError):
            pass  # long enough, or the reader went away
        finally:
            line.is_over = True
            self._shares.leave(line)
            everywhere.tasks.discard(line.task)


@contextlib.contextmanager
def _waiting(everywhere: _Open) -> Iterator[None]:
    task = _task()
    everywhere.waiting.add(task)
    try:
        yield
    finally:
        everywhere.waiting.discard(task)


def _task() -> asyncio.Task[object]:
    """Return the task of this request; aiohttp gives every request one."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - said to mypy
    return task


async def _end_all(app: web.Application) -> None:
    everywhere = app[OPEN]
    everywhere.stopping = True
    for line in list(everywhere.waiting):
        line.cancel()
    if everywhere.tasks:
        _, late = await asyncio.wait(list(everywhere.tasks), timeout=END_SECONDS)
        for line in late:  # its reader takes nothing any more
            line.cancel()
        await asyncio.gather(*late, return_exceptions=True)
