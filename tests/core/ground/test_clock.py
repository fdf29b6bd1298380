"""The database's time, told by a machine's steady steps, whatever hangs on the machine's wall."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground.clock import DatabaseClock, Machine, shifted, system_clock
from core.ground.database import plain_url, transaction
from core.ground.following import follow, look
from core.ground.settings import Settings
from core.opening import open_runtime
from core.tickets.desk import Desk
from core.tickets.ticket import Ticket
from tests.builders import MONDAY, Hands, submission
from tests.hosts import SECOND, Host

AN_HOUR = timedelta(hours=1)
NEAR = timedelta(seconds=2)
"""How far a busy machine may be from the truth; what tests do is far beyond."""


@dataclass
class Steps:
    """Steady steps taken by hand, in seconds."""

    at: float = 1000.0

    def __call__(self) -> int:
        return round(self.at * SECOND)


def made(steps: Steps) -> DatabaseClock:
    return DatabaseClock(Machine(wall=Hands(), steady=steps))


def measured(clock: DatabaseClock, steps: Steps, told: datetime, seconds: float = 0.0) -> None:
    """Let the database say its time in the middle of a question that takes so long."""
    heard = clock.asking()
    steps.at += seconds
    heard(told)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    async with asyncpg.create_pool(plain_url(database_url), min_size=1) as opened:
        yield opened


def test_until_the_first_answer_the_wall_serves_and_is_asked_once() -> None:
    steps, wall = Steps(), Hands()
    clock = DatabaseClock(Machine(wall=wall, steady=steps))

    wall.move(days=1)
    steps.at += 60

    assert clock() == MONDAY + timedelta(minutes=1)
    assert not clock.was_told


def test_the_first_answer_counts_however_long_it_took() -> None:
    steps = Steps()
    clock = made(steps)

    measured(clock, steps, MONDAY + AN_HOUR, seconds=10)

    assert clock.was_told
    assert clock() == MONDAY + AN_HOUR + timedelta(seconds=5)


def test_an_answer_that_took_long_moves_the_clock_no_further_than_it_proves() -> None:
    steps = Steps()
    clock = made(steps)
    measured(clock, steps, MONDAY)

    measured(clock, steps, MONDAY + timedelta(seconds=4), seconds=10)
    unmoved = clock()
    measured(clock, steps, MONDAY + AN_HOUR, seconds=10)

    assert unmoved == MONDAY + timedelta(seconds=10)
    assert clock() == MONDAY + AN_HOUR  # at least that


def test_a_database_whose_clock_was_set_is_followed_forth_and_back() -> None:
    steps = Steps()
    clock = made(steps)
    measured(clock, steps, MONDAY)

    measured(clock, steps, MONDAY + AN_HOUR)
    ahead = clock()
    measured(clock, steps, MONDAY)

    assert (ahead, clock()) == (MONDAY + AN_HOUR, MONDAY)


@given(st.lists(st.tuples(st.floats(0, 3), st.floats(0, 1)), min_size=1, max_size=20))
def test_after_every_answer_the_clock_stands_within_what_it_proves(
    answers: list[tuple[float, float]],
) -> None:
    steps = Steps()
    clock = made(steps)
    for seconds, share in answers:  # the database's time is read somewhere on the way
        truth = MONDAY + timedelta(days=3, seconds=steps.at + seconds * share)
        measured(clock, steps, truth, seconds)

        off = abs(clock() - (MONDAY + timedelta(days=3, seconds=steps.at)))

        assert off <= timedelta(seconds=seconds, milliseconds=1)


def test_a_file_moves_any_clock(tmp_path: Path) -> None:
    file = tmp_path / "ahead"
    clock = shifted(Hands(), file)

    without = clock()
    file.write_text("3600")
    moved = clock()
    file.write_text("soon")

    assert (without, moved, clock()) == (MONDAY, MONDAY + AN_HOUR, MONDAY)


@pytest.mark.parametrize("wrong_by", [AN_HOUR, -AN_HOUR, timedelta(days=-20000)])
async def test_a_host_with_a_wrong_clock_files_at_the_databases_time(
    database_url: str, tmp_path: Path, wrong_by: timedelta
) -> None:
    host = Host(wrong_by)
    settings = Settings(data=tmp_path, secret_key="a secret for tests, and long enough")
    async with open_runtime(settings, database_url, machine=host.machine) as runtime:
        host.wrong_by += timedelta(days=1)  # and jumps while it works
        receipt = await Desk(runtime).submit(submission())
        async with transaction(runtime.database) as session:
            ticket = await session.get_one(Ticket, receipt.ticket_id)
        there = await runtime.database.pool.fetchval("SELECT clock_timestamp()")

    assert abs(there - receipt.received_at) < timedelta(seconds=30)
    assert abs(there - ticket.created_at) < timedelta(seconds=30)
    assert host.asked == 1


async def test_the_clock_file_moves_the_database_clock(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "ahead"
    settings = Settings(
        data=tmp_path,
        secret_key="a secret for tests, and long enough",
        test=True,
        clock_file=file,
    )
    async with open_runtime(settings, database_url, machine=Host(AN_HOUR).machine) as runtime:
        there = await runtime.database.pool.fetchval("SELECT clock_timestamp()")
        file.write_text("-86400")

        assert abs(there - timedelta(days=1) - runtime.clock()) < NEAR


async def test_a_database_whose_clock_was_set_is_followed_by_looking_and_by_connecting(
    pool: "asyncpg.Pool[asyncpg.Record]", database_url: str, tmp_path: Path
) -> None:
    host = Host()
    clock = DatabaseClock(host.machine)
    settings = Settings(data=tmp_path, secret_key="a secret for tests, and long enough")
    await look(clock, pool)

    host.steps_ahead += 3600 * SECOND  # to us it is as if the database's clock went back
    await look(clock, pool)
    looked = abs(clock() - await pool.fetchval("SELECT clock_timestamp()"))
    async with open_runtime(settings, database_url, machine=host.machine) as runtime:
        host.steps_ahead += 3600 * SECOND
        async with runtime.database.engine.connect():  # the first one of the ORM's
            connected = abs(runtime.clock() - await pool.fetchval("SELECT clock_timestamp()"))

    assert max(looked, connected) < NEAR


async def test_the_clock_goes_on_looking(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    host = Host(AN_HOUR)
    clock = DatabaseClock(host.machine)
    task = asyncio.create_task(follow(clock, pool, 0.01))

    async def is_right() -> None:
        there = await pool.fetchval("SELECT clock_timestamp()")
        while abs(clock() - there) > AN_HOUR / 2:  # noqa: ASYNC110 - a clock rings no bell
            await asyncio.sleep(0.01)

    async with asyncio.timeout(10):
        await is_right()
        host.steps_ahead += 3600 * SECOND
        await is_right()

    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_where_the_database_is_away_opening_does_not_wait_and_the_wall_serves(
    tmp_path: Path,
) -> None:
    settings = Settings(data=tmp_path, secret_key="a secret for tests, and long enough")
    nowhere = f"postgresql://kiss@/kiss?host={tmp_path}"
    async with asyncio.timeout(1.5):
        async with open_runtime(settings, nowhere, machine=Host(AN_HOUR).machine) as runtime:
            assert abs(runtime.clock() - system_clock() - AN_HOUR) < NEAR


async def test_a_database_that_does_not_even_refuse_is_waited_for_a_second(tmp_path: Path) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    settings = Settings(data=tmp_path, secret_key="a secret for tests, and long enough")
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with open_runtime(settings, f"postgresql://kiss@{host}:{port}/kiss"):
        waited = loop.time() - began
    server.close()

    assert waited < 3
