"""Two hosts whose wall clocks are half an hour apart work on one database as if they were not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.ground.settings import Settings
from core.opening import open_runtime
from core.runtime import Runtime
from intake import raw_messages
from notifier import delivery_rows
from notifier.periodic import Job, run_due, write_jobs
from notifier.worker import background
from tests.hosts import Host
from tests.notifier.posting import Provider, many, queue, registry, report, rows, statuses, until
from tests.serving import WAKES

AHEAD, BEHIND = timedelta(minutes=20), timedelta(minutes=-10)


@pytest.fixture
async def hosts(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Runtime, Runtime]]:
    settings = Settings(data=tmp_path, secret_key="a secret for tests")
    async with contextlib.AsyncExitStack() as stack:
        fast, slow = [
            await stack.enter_async_context(
                open_runtime(settings, database_url, machine=Host(wrong_by).machine)
            )
            for wrong_by in (AHEAD, BEHIND)
        ]
        yield fast, slow


async def test_a_lease_is_no_earlier_over_on_the_other_host(
    hosts: tuple[Runtime, Runtime],
) -> None:
    for holder, other in (hosts, hosts[::-1]):
        await many(holder, recipients=5, each=1)
        held = await queue(holder, timedelta(minutes=5))
        [first, *_] = held
        claimed = await delivery_rows.claim(holder, first)

        swept = await delivery_rows.sweep(other)
        again = await queue(other, timedelta(minutes=5))

        assert len(held) == 5
        assert claimed is not None
        assert (swept, again) == (0, [])
        await rows(holder, "DELETE FROM deliveries RETURNING id")


async def test_a_raw_message_is_leased_on_one_host(hosts: tuple[Runtime, Runtime]) -> None:
    fast, slow = hosts
    await raw_messages.store(slow, "email", "<a@b>", b"Selamat pagi.", {}, slow.clock())

    leased = [await raw_messages.lease(host, timedelta(minutes=5), 10) for host in (fast, slow)]
    swept = [await raw_messages.sweep(host) for host in (fast, slow)]

    assert [len(ids) for ids in leased] == [1, 0]
    assert swept == [0, 0]


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
