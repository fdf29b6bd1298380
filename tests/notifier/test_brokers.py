import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import dramatiq
import pytest
from dramatiq import Worker

from core.ground.settings import Settings
from core.runtime import Runtime
from intake.channel import Channel, Outgoing
from notifier.broker import DEAD_LETTERS, InProcessBroker, open_broker
from notifier.hostloop import HostLoop
from notifier.relay import AT_ONCE, Publisher, Work, declare, relay_once
from notifier.worker import background, working
from tests.builders import Hands
from tests.notifier import brokers
from tests.notifier.posting import (
    Provider,
    many,
    queue,
    registry,
    report,
    rows,
    statuses,
    until,
)
from tests.serving import WAKES

pytestmark = pytest.mark.broker

NAMES = tuple(brokers.URLS)
SHARED = ("redis", "rabbitmq")


@pytest.fixture
def namespace() -> str:
    return f"test{uuid4().hex[:10]}"


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest, namespace: str) -> Iterator[str]:
    brokers.demand(request.param)
    with brokers.tidied(request.param, namespace):
        yield request.param


@pytest.fixture(params=SHARED)
def shared(request: pytest.FixtureRequest, namespace: str) -> Iterator[str]:
    brokers.demand(request.param)
    with brokers.tidied(request.param, namespace):
        yield request.param


@contextlib.asynccontextmanager
async def way_back(
    runtime: Runtime, url: str | None, namespace: str, *channels: Channel, works: bool = True
) -> AsyncIterator[None]:
    settings = Settings(data=runtime.settings.data, BROKER_URL=url)
    async with background(
        runtime,
        registry(*channels),
        settings,
        works=works,
        namespace=namespace,
        wakes=WAKES,
    ):
        yield


async def test_news_goes_out_by_every_broker(runtime: Runtime, name: str, namespace: str) -> None:
    provider = Provider()
    async with way_back(runtime, brokers.URLS[name], namespace, provider):
        await report(runtime)
        await until(lambda: _all_are(runtime, "sent"))

    assert [outgoing.template for outgoing in provider.accepted] == ["received"]


async def test_two_processes_beside_each_other_send_everything_once(
    runtime: Runtime, name: str, namespace: str
) -> None:
    first, second = Provider(), Provider()
    url = brokers.URLS[name]
    async with (
        way_back(runtime, url, namespace, first),
        way_back(runtime, url, namespace, second),
    ):
        await many(runtime, recipients=10, each=6)
        runtime.bell.ring("deliveries")
        await until(lambda: _all_are(runtime, "sent"), seconds=40)

    sent = [outgoing.delivery_id for outgoing in first.accepted + second.accepted]
    assert len(sent) == len(set(sent)) == 60


async def test_a_broker_that_loses_everything_costs_only_time(
    runtime: Runtime, hands: Hands, shared: str, namespace: str
) -> None:
    provider = Provider()
    url = brokers.URLS[shared]
    async with way_back(runtime, url, namespace, works=False):
        await many(runtime, recipients=5, each=1)
        runtime.bell.ring("deliveries")
        await until(lambda: _all_are(runtime, "queued"))
        await until(lambda: _wait_there(shared, namespace, 5))

    brokers.empty(shared, namespace)
    hands.move(minutes=6)
    async with way_back(runtime, url, namespace, provider):
        await until(lambda: _all_are(runtime, "sent"), seconds=40)

    assert len(provider.accepted) == 5


async def test_a_message_carries_one_id_and_nothing_else(runtime: Runtime, namespace: str) -> None:
    await report(runtime)
    [delivery_id] = await queue(runtime)
    broker = open_broker(None, namespace=namespace)
    source, *_ = declare(
        broker, HostLoop(asyncio.get_running_loop()), _work(runtime), namespace=namespace
    )

    message = source.actor.send(str(delivery_id))

    assert (message.args, dict(message.kwargs)) == ((str(delivery_id),), {})
    assert source.actor.options["max_retries"] == 0
    assert b"chat-1" not in message.encode()


async def test_while_the_broker_is_away_reports_come_in_and_news_follows(
    runtime: Runtime,
    hands: Hands,
    shared: str,
    namespace: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    provider = Provider()
    async with brokers.wire(str(brokers.URLS[shared])) as (wire, url):
        await wire.cut()
        async with way_back(runtime, url, namespace, works=False):
            receipt = await report(runtime)
            await until(lambda: _has_tried(caplog))
            assert await statuses(runtime) == ["pending"]
            await wire.mend()
            await until(lambda: _wait_there(shared, namespace, 1))
    async with way_back(runtime, brokers.URLS[shared], namespace, provider):
        hands.move(minutes=6)
        await until(lambda: _all_are(runtime, "sent"), seconds=40)

    assert [outgoing.ticket_number for outgoing in provider.accepted] == [receipt.number]


async def test_stopping_waits_for_what_is_being_sent(runtime: Runtime, namespace: str) -> None:
    began = asyncio.Event()

    async def slowly(_outgoing: Outgoing) -> str:
        began.set()
        await asyncio.sleep(0.5)
        return "finished"

    async with way_back(runtime, None, namespace, Provider("skeleton", slowly)):
        await report(runtime)
        await asyncio.wait_for(began.wait(), 10)

    [row] = await rows(runtime, "SELECT status, provider_id FROM deliveries")
    assert row == {"status": "sent", "provider_id": "finished"}


async def test_a_time_limit_really_cancels(namespace: str) -> None:
    began, ended = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    host = HostLoop(loop)
    broker = open_broker(None, namespace=namespace)

    async def hang() -> None:
        began.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    @dramatiq.actor(broker=broker, max_retries=0, time_limit=300)
    def act() -> None:
        host.run_coroutine(hang())

    async with working(broker, threads=1):
        act.send()
        await asyncio.wait_for(began.wait(), 10)
        await asyncio.wait_for(ended.wait(), 5)
        await until(lambda: _has_dead_letters(broker, 1))


async def test_dead_letters_of_a_long_running_process_are_bounded(
    namespace: str, caplog: pytest.LogCaptureFixture
) -> None:
    broker = open_broker(None, namespace=namespace)

    @dramatiq.actor(broker=broker, max_retries=0)
    def act() -> None:
        raise ValueError

    worker = Worker(broker, worker_threads=8, worker_timeout=50)
    caplog.set_level(logging.CRITICAL + 1, "dramatiq")  # else a thousand traces
    worker.start()
    for _ in range(DEAD_LETTERS + 50):
        act.send()
    await until(lambda: _is_drained(broker, "default"))
    await asyncio.to_thread(worker.stop)

    assert isinstance(broker, InProcessBroker)
    assert len(broker.dead_letters) == DEAD_LETTERS


async def test_an_actor_survives_whatever_a_row_does_to_it(
    runtime: Runtime, namespace: str, caplog: pytest.LogCaptureFixture
) -> None:
    broker = open_broker(None, namespace=namespace)
    host = HostLoop(asyncio.get_running_loop())
    source, inbound, *_ = declare(broker, host, _work(runtime), namespace=namespace)

    async with working(broker, threads=1):
        source.actor.send("no id at all")
        inbound.actor.send(str(uuid4()))
        await until(lambda: _is_drained(broker, f"{namespace}-deliveries"))
        await until(lambda: _is_drained(broker, f"{namespace}-inbound"))

    assert isinstance(broker, InProcessBroker)
    assert broker.dead_letters == []
    assert "deliveries no id at all: ValueError" in caplog.text


async def test_relay_once_takes_what_is_due(runtime: Runtime, namespace: str) -> None:
    await many(runtime, recipients=3, each=1)
    broker = open_broker(None, namespace=namespace)
    host = HostLoop(asyncio.get_running_loop())
    source, *_ = declare(broker, host, _work(runtime), namespace=namespace)
    publisher = Publisher()

    counts = [await relay_once(source, publisher) for _ in range(2)]
    await publisher.close(broker.close)

    assert counts == [3, 0]
    assert isinstance(broker, InProcessBroker)
    assert broker.queues[f"{namespace}-deliveries"].qsize() == 3


async def test_a_broker_that_goes_away_between_two_messages_gets_the_rest_later(
    runtime: Runtime, shared: str, namespace: str, caplog: pytest.LogCaptureFixture
) -> None:
    ids = [uuid4() for _ in range(3)]
    publisher = Publisher()
    async with brokers.wire(str(brokers.URLS[shared])) as (wire, url):
        broker = open_broker(url, namespace=namespace)
        host = HostLoop(asyncio.get_running_loop())
        source, *_ = declare(broker, host, _work(runtime), namespace=namespace)
        await publisher.publish(source.actor, ids[:1])
        await wire.cut()
        rest = asyncio.create_task(publisher.publish(source.actor, ids[1:]))
        await until(lambda: _has_tried(caplog))
        await wire.mend()
        await rest
        await publisher.close(broker.close)

    assert await _wait_there(shared, namespace, 3)


async def test_without_workers_a_broker_does_not_grow_for_ever(
    runtime: Runtime, name: str, namespace: str
) -> None:
    await many(runtime, recipients=3, each=1)
    broker = open_broker(brokers.URLS[name], namespace=namespace)
    host = HostLoop(asyncio.get_running_loop())
    source, *_ = declare(broker, host, _work(runtime), namespace=namespace)
    publisher = Publisher()
    await publisher.publish(source.actor, [uuid4() for _ in range(AT_ONCE)])

    leased = await relay_once(source, publisher)
    await publisher.close(broker.close)

    assert leased == 0
    assert set(await statuses(runtime)) == {"pending"}


def test_a_broker_of_another_kind_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="redis:// or amqp://, not kafka://"):
        open_broker("kafka://127.0.0.1")


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "amqp://127.0.0.1:1"])
def test_opening_a_broker_that_is_away_is_no_error(url: str) -> None:
    before = threading.active_count()

    open_broker(url)

    assert threading.active_count() <= before + 1  # the guard of time limits


def _work(runtime: Runtime) -> Work:
    empty = registry()
    return Work(
        runtime=runtime, sender=empty.sender, receiver=empty.receiver, fetcher=empty.fetcher
    )


async def _all_are(runtime: Runtime, status: str) -> bool:
    found = await statuses(runtime)
    return bool(found) and set(found) == {status}


async def _has_tried(caplog: pytest.LogCaptureFixture) -> bool:
    return caplog.text.count("the broker is away") >= 2


async def _wait_there(name: str, namespace: str, count: int) -> bool:
    return await asyncio.to_thread(brokers.waiting, name, namespace) == count


async def _has_dead_letters(broker: dramatiq.Broker, count: int) -> bool:
    assert isinstance(broker, InProcessBroker)
    return len(broker.dead_letters) == count


async def _is_drained(broker: dramatiq.Broker, queue_name: str) -> bool:
    return bool(broker.queues[queue_name].unfinished_tasks == 0)
