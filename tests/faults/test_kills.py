"""Processes are killed at random and at every named step: nothing answered is lost or doubled."""

import asyncio
import contextlib
import os
import random
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from core.ground.database import plain_url
from tests.faults.ledger import Ledger, Mailbox, mailbox
from tests.faults.nodes import Node

pytestmark = [pytest.mark.fault, pytest.mark.timeout(280)]

BROKERS = {"none": None, "redis": "redis://127.0.0.1:6379/9", "rabbitmq": "amqp://127.0.0.1:5672"}
KILLS = 17
"""For each broker: 51 in all."""
STEPS = ("submit.before", "submit.committed", "relay.leased", "deliver.claimed", "deliver.sent")


def need(broker: str) -> str | None:
    """Return the broker's URL; without the service fail where CI demands it, else skip aloud."""
    url = BROKERS[broker]
    if url is None:
        return None
    where = urlsplit(url)
    with contextlib.suppress(OSError), socket.create_connection((where.hostname, where.port), 1):
        return url
    if os.environ.get("CI") == "true":
        pytest.fail(f"{broker} must run for these tests")
    pytest.skip(f"{broker} does not run here: kills with it are NOT tested")


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as served:
        yield served


class System:
    """Two nodes (and a worker, where a broker is shared) on one database."""

    def __init__(self, url: str, box: Mailbox, folder: Path, broker: str | None) -> None:
        environment = {
            "DATABASE_URL": url,
            "KISS_DATA": str(folder / "data"),
            "KISS_CLOCK_FILE": str(folder / "clock"),
            "KISS_MAIL_URL": f"smtp://127.0.0.1:{box.port}",
            "KISS_MAIL_FROM_ADDRESS": "halo@rs.example.org",
        }
        if broker is not None:
            environment["BROKER_URL"] = broker
        self._clock = folder / "clock"
        commands = [("web",), ("web",)] + ([("worker",)] if broker else [])
        self.nodes = [
            Node(command, environment, folder / f"{place}.log")
            for place, command in enumerate(commands)
        ]

    def move_clock(self, seconds: int) -> None:
        """Move every process's clock, so that leases of killed ones run out now."""
        self._clock.write_text(str(seconds))

    def door(self) -> str:
        """Return the address of one of the web nodes, up or not."""
        return random.choice(self.nodes[:2]).url  # noqa: S311 - no secret

    async def start(self) -> None:
        await asyncio.gather(*[node.start() for node in self.nodes])

    async def stop(self) -> None:
        await asyncio.gather(*[node.stop() for node in self.nodes])


@contextlib.asynccontextmanager
async def load(
    ledger: Ledger, system: System, people: int = 4, patience: int = 1000
) -> AsyncIterator[None]:
    """Let people report while the block lasts; each report is tried so often."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for _ in range(people):
            group.create_task(ledger.report(system.door, stop, patience))
        try:
            yield
        finally:
            stop.set()


async def assault(node: Node, kills: int) -> None:
    """Kill a node its share of times, at random moments, and start it again each time."""
    for _ in range(-(-kills // 2)):
        await asyncio.sleep(random.uniform(0.1, 0.8))  # noqa: S311 - no secret
        await node.kill()
        await node.start()


async def settled(url: str, ledger: Ledger, box: Mailbox, system: System) -> dict[str, int]:
    """Wait until every accepted report's confirmation has arrived; return what the rows say."""
    connection = await asyncpg.connect(plain_url(url))
    end = time.monotonic() + 60
    system.move_clock(600)  # longer than any lease
    try:
        while time.monotonic() < end:
            under_way = await connection.fetchval(
                "SELECT count(*) FROM deliveries WHERE status IN ('pending', 'queued', 'sending')"
            )
            if not under_way and not (set(ledger.accepted.values()) - set(box.received)):
                break
            await asyncio.sleep(0.2)
        return dict(
            await connection.fetchrow(
                "SELECT (SELECT count(*) FROM tickets) AS tickets,"
                " (SELECT count(DISTINCT idempotency_key) FROM messages) AS keys,"
                " (SELECT count(*) FROM deliveries WHERE status <> 'sent') AS unsent"
            )
        )
    finally:
        await connection.close()


def check(ledger: Ledger, box: Mailbox, rows: dict[str, int], kills: int) -> None:
    """Hold what was promised against what happened."""
    lost = set(ledger.accepted.values()) - set(box.received)
    repeats = [n for address, n in box.received.items() if n > 1 and address.endswith(".example")]
    changed = [
        ids for address, ids in box.identifiers.items() if "rs." not in address and len(ids) > 1
    ]

    assert ledger.wrong == []
    assert lost == set()
    assert rows["tickets"] == rows["keys"] >= len(ledger.accepted) > 0
    assert rows["unsent"] == 0
    assert changed == []  # a repeat keeps its Message-ID
    assert sum(repeats) <= kills * 16  # only what was in flight when a process was killed


@pytest.mark.slow
@pytest.mark.broker
@pytest.mark.parametrize("broker", BROKERS)
async def test_killed_at_random_under_load_nothing_is_lost(
    broker: str, database_url: str, box: Mailbox, tmp_path: Path
) -> None:
    system = System(database_url, box, tmp_path, need(broker))
    ledger = Ledger()
    await system.start()
    try:
        async with load(ledger, system):
            await asyncio.gather(*[assault(node, KILLS) for node in system.nodes])
        rows = await settled(database_url, ledger, box, system)
    finally:
        await system.stop()

    kills = sum(node.kills for node in system.nodes)
    assert kills >= KILLS
    check(ledger, box, rows, kills)


@pytest.mark.slow
async def test_killed_at_every_named_step_nothing_is_lost(
    database_url: str, box: Mailbox, tmp_path: Path
) -> None:
    system = System(database_url, box, tmp_path, None)
    ledger = Ledger()
    victim, other = system.nodes
    system.nodes = [victim]
    for step in STEPS:
        await victim.start(FAULT_AT=f"{step}:3")
        async with load(ledger, system, people=2, patience=1):
            ended = await asyncio.wait_for(victim.ended(), 60)
        assert ended == -9, step
    system.nodes = [other]
    await other.start()
    try:
        await ledger.finish(other.url)
        rows = await settled(database_url, ledger, box, system)
    finally:
        await other.stop()

    check(ledger, box, rows, kills=len(STEPS))
