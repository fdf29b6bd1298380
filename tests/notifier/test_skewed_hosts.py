"""Two hosts whose wall clocks are half an hour apart work on one database as if they were not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.ground.settings import Settings
from core.jobs.leasing import Jobs, Settled
from core.opening import open_runtime
from core.runtime import Runtime
from notifier.periodic import Job, write_jobs
from notifier.worker import background
from tests.core.jobs.planting import FIELDS, Field
from tests.hosts import Host
from tests.notifier.posting import Provider, registry, report, run_due, statuses, until
from tests.serving import WAKES

AHEAD, BEHIND = timedelta(minutes=20), timedelta(minutes=-10)


@pytest.fixture
async def hosts(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Runtime, Runtime]]:
    settings = Settings(data=tmp_path, secret_key="a secret for tests, and long enough")
    async with contextlib.AsyncExitStack() as stack:
        fast, slow = [
            await stack.enter_async_context(
                open_runtime(settings, database_url, machine=Host(wrong_by).machine)
            )
            for wrong_by in (AHEAD, BEHIND)
        ]
        yield fast, slow


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.queue.topic)
async def test_a_row_is_no_earlier_free_on_the_other_host(
    hosts: tuple[Runtime, Runtime], field: Field
) -> None:
    for holder, other in (hosts, hosts[::-1]):
        await field.plant(holder)
        [row_id] = await Jobs(holder, field.queue).hand_out(10)
        elsewhere = Jobs(other, field.queue)

        assert await elsewhere.hand_out(10) == []
        assert await elsewhere.hand_out_again(10) == []
        async with Jobs(holder, field.queue).held(row_id) as held:
            assert held is not None
            assert await elsewhere.sweep() == 0
            await Jobs(holder, field.queue).settle(held, Settled(status=field.ends_as))


async def test_a_periodic_job_runs_on_one_host_and_once_a_period(
    hosts: tuple[Runtime, Runtime],
) -> None:
    runs = 0

    async def run(_runtime: Runtime) -> None:
        nonlocal runs
        runs += 1

    job = Job("count", timedelta(minutes=5), run)
    for host in hosts:
        await write_jobs(host, [job])

    for _ in range(3):
        await asyncio.gather(*[run_due(host, [job]) for host in hosts for _ in range(3)])

    assert runs == 1


async def test_every_notice_leaves_once_and_at_once(hosts: tuple[Runtime, Runtime]) -> None:
    fast, slow = hosts
    provider = Provider()

    async def all_sent() -> bool:
        return await statuses(fast) == ["sent"] * 20

    async with (
        background(fast, registry(provider), wakes=WAKES),
        background(slow, registry(provider), wakes=WAKES),
    ):
        for number in range(20):
            await report(hosts[number % 2], ("skeleton", f"chat-{number}"))
        await until(all_sent)

    assert sorted(sent.recipient for sent in provider.accepted) == sorted(
        f"chat-{number}" for number in range(20)
    )
