"""Ten thousand notices through a fake API at its real limits, on a simulated clock."""

import asyncio
import heapq
import itertools
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from aiohttp import web

from core.chats.chats import Chats
from core.ground.database import borrowed
from core.ground.errors import DeliveryError
from core.ground.rate_limits import TELEGRAM
from core.ground.stored_buckets import Bucket
from core.runtime import Runtime
from intake.channel import Outgoing
from intake.channels.telegram.bot import close, open_bot
from intake.channels.telegram.pacing import LONGEST_REST, Pacing
from intake.channels.telegram.sender import Sender
from intake.chat.conversation import Conversation
from intake.chat.outbox import Deliveries
from tests.builders import MONDAY
from tests.intake.channels.telegram.house import settings
from tests.serving import serve

NOTICES = 10_000
WORKERS = 8
A_SECOND = 30
"""What Telegram takes in any second."""


@dataclass
class Simulated:
    """A clock that moves only when every worker sleeps."""

    now: datetime = MONDAY
    awake: int = 0
    sleepers: list[tuple[datetime, int, asyncio.Event]] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Sleep in simulated time; whoever is the last to fall asleep moves the clock."""
        wake = asyncio.Event()
        until = self.now + timedelta(seconds=seconds)
        heapq.heappush(self.sleepers, (until, next(self.numbers), wake))
        self.awake -= 1
        self.move()
        await wake.wait()

    def move(self) -> None:
        """Go to the next moment at which somebody wakes, if all sleep."""
        if self.awake or not self.sleepers:
            return
        self.now = max(self.now, self.sleepers[0][0])
        while self.sleepers and self.sleepers[0][0] <= self.now:
            heapq.heappop(self.sleepers)[2].set()
            self.awake += 1


@dataclass
class StrictTelegram:
    """Takes 30 messages a second over all and one a second in a chat; else answers 429."""

    clock: Simulated
    recent: deque[datetime] = field(default_factory=deque)
    last: dict[str, datetime] = field(default_factory=dict)
    refused: int = 0
    taken: Counter[str] = field(default_factory=Counter)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/bot{token}/sendMessage", self.take)
        return app

    async def take(self, request: web.Request) -> web.Response:
        chat, now = str((await request.post())["chat_id"]), self.clock()
        while self.recent and self.recent[0] <= now - timedelta(seconds=1):
            self.recent.popleft()
        too_soon = chat in self.last and now - self.last[chat] < timedelta(seconds=1)
        if too_soon or len(self.recent) >= A_SECOND:
            self.refused += 1
            body = {"ok": False, "error_code": 429, "description": "Too Many Requests",
                    "parameters": {"retry_after": 1}}  # fmt: skip
            return web.json_response(body, status=429)
        self.recent.append(now)
        self.last[chat] = now
        self.taken[chat] += 1
        result = {"message_id": sum(self.taken.values()), "date": 1,
                  "chat": {"id": int(chat), "type": "private"}, "text": "x"}  # fmt: skip
        return web.json_response({"ok": True, "result": result})


def notice(chat: int) -> Outgoing:
    return Outgoing(
        delivery_id=uuid4(),
        recipient=str(chat),
        language="id",
        template="started",
        subject="-",
        text="Laporan Anda sedang ditangani.",
    )


async def send_all(runtime: Runtime, chats: list[int], clock: Simulated) -> StrictTelegram:
    """Send one notice to each, by several workers at once; who is told to wait comes again."""
    telegram = StrictTelegram(clock)
    async with serve(telegram.app()) as url:
        bot = open_bot(settings(url, timeout=20.0))
        conversation = Conversation(chats=Chats(runtime, "telegram"), outbox=Deliveries())
        sender = Sender(bot, conversation, Pacing(runtime, "7000001", clock.sleep))
        left = deque(chats)

        async def work() -> None:
            try:
                while left:
                    chat = left.popleft()
                    try:
                        await sender.send(notice(chat))
                    except DeliveryError as error:
                        left.append(chat)
                        wait = error.retry_after or timedelta(days=1)
                        await clock.sleep(wait.total_seconds())
            finally:
                clock.awake -= 1
                clock.move()

        clock.awake = WORKERS
        await asyncio.gather(*[work() for _ in range(WORKERS)])
        await close(bot)
    return telegram


@pytest.fixture
def hands() -> Simulated:
    return Simulated()


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_ten_thousand_notices_take_what_the_limit_takes_and_no_429_is_ours(
    runtime: Runtime, hands: Simulated
) -> None:
    telegram = await send_all(runtime, list(range(1, NOTICES + 1)), hands)

    took = (hands.now - MONDAY).total_seconds()
    least = NOTICES / A_SECOND
    assert telegram.refused == 0
    assert len(telegram.taken) == NOTICES
    assert took <= 1.1 * least, f"{took:.0f} s, the limit's own minimum is {least:.0f} s"


async def test_one_chat_gets_one_a_second_and_holds_nobody_back(
    runtime: Runtime, hands: Simulated
) -> None:
    telegram = await send_all(runtime, [7] * 10 + list(range(100, 160)), hands)

    assert telegram.refused == 0
    assert telegram.taken["7"] == 10
    assert (hands.now - MONDAY).total_seconds() < 12


async def test_a_group_gets_at_most_twenty_a_minute(runtime: Runtime, hands: Simulated) -> None:
    telegram = await send_all(runtime, [-7] * 21, hands)

    assert telegram.taken["-7"] == 21
    assert (hands.now - MONDAY).total_seconds() >= 60


async def test_the_timetable_is_one_for_all_workers(runtime: Runtime) -> None:
    one, other = (Pacing(runtime, "1", lambda _: asyncio.sleep(0)) for _ in range(2))

    await one.wait("5")
    await one.wait("6")
    await other.wait("7")

    key = Bucket(TELEGRAM, ("1",)).key(runtime.secret)
    async with borrowed(runtime.database) as connection:
        at = await connection.fetchval("SELECT busy_until FROM rate_limits WHERE key = $1", key)
    assert at - runtime.clock() == 3 * TELEGRAM.refill


async def test_a_clock_that_was_ahead_stops_the_bot_for_an_hour_at_most(
    runtime: Runtime, hands: Simulated
) -> None:
    async def slept(_seconds: float) -> None:
        return

    pacing = Pacing(runtime, "1", slept)
    hands.now += timedelta(days=1)
    await pacing.wait("5")
    hands.now = MONDAY

    for chat in ("5", "6"):
        with pytest.raises(DeliveryError) as refused:
            await pacing.wait(chat)
        assert refused.value.retry_after == LONGEST_REST
    hands.now += LONGEST_REST
    await pacing.wait("6")
