"""The broker that BROKER_URL names. It wakes workers up and may lose everything: rows are truth.

Without a URL it is a queue in this process; `redis://` and `amqp://` reach every machine.
"""

import logging
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pika.exceptions
import redis.exceptions
from dramatiq import Broker, MessageProxy, Middleware
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.errors import BrokerError
from dramatiq.middleware import Retries, TimeLimit

DEAD_LETTERS = 1000
"""Messages that a queue in this process keeps after an actor died of them."""

BROKER_FAULTS = (BrokerError, redis.exceptions.RedisError, pika.exceptions.AMQPError, OSError)
"""What a broker raises when it is away."""

_REDIS_OPTIONS = {"socket_timeout": "10", "socket_connect_timeout": "5"}
_AMQP_OPTIONS = {
    "heartbeat": "30",  # seconds; a dead connection is noticed within twice that
    "blocked_connection_timeout": "30",
    "socket_timeout": "5",
    "stack_timeout": "10",
    "connection_attempts": "1",
}
_TIME_LIMIT_CHECK = 200  # milliseconds
_REDIS_HEARTBEAT = 60_000  # milliseconds until a silent worker's messages go to others
_REDIS_MAINTENANCE = 10_000  # of a million commands look for silent workers


class InProcessBroker(StubBroker):
    """Dramatiq's in-memory broker, fit to run for months: its dead letters are bounded."""

    def __init__(self, middleware: list[Middleware]) -> None:
        super().__init__(middleware)
        self.dead_letters_by_queue = cast("_DeadLetters", defaultdict(_few))


_DeadLetters = defaultdict[str, list[MessageProxy]]


def _few() -> deque[MessageProxy]:
    """Return what forgets its oldest: dramatiq appends to it, lists it and clears it."""
    return deque(maxlen=DEAD_LETTERS)


def open_broker(url: str | None, *, namespace: str = "kiss") -> Broker:
    """Return the broker of a URL; nothing is connected before the first message.

    Actors of one `namespace` meet on shared brokers. ValueError for a scheme that is not ours.
    The guard of time limits is started here, which otherwise only dramatiq's own CLI does.
    """
    middleware: list[Middleware] = [TimeLimit(interval=_TIME_LIMIT_CHECK), Retries()]
    broker = _broker(url, namespace, middleware)
    broker.emit_after("process_boot")
    return broker


def waiting(broker: Broker, queue_name: str) -> int:
    """Count the messages that a queue holds. Raises one of BROKER_FAULTS."""
    if isinstance(broker, RedisBroker):
        return int(broker.do_qsize(queue_name))
    if not isinstance(broker, RabbitmqBroker):
        return int(broker.queues[queue_name].qsize())
    try:
        broker.declare_queue(queue_name, ensure=True)
        return int(broker.channel.queue_declare(queue_name, passive=True).method.message_count)
    except pika.exceptions.AMQPError:
        broker.queues_pending.add(queue_name)  # it may have been deleted
        del broker.connection  # the next call makes a new one
        raise


def is_shared(url: str | None) -> bool:
    """Say whether workers may live in other processes."""
    return bool(url)


def _broker(url: str | None, namespace: str, middleware: list[Middleware]) -> Broker:
    match urlsplit(url or "").scheme:
        case "":
            return InProcessBroker(middleware)
        case "redis" | "rediss":
            return RedisBroker(  # type: ignore[no-untyped-call]  # dramatiq left it untyped
                url=_with_options(str(url), _REDIS_OPTIONS),
                namespace=f"dramatiq-{namespace}",
                middleware=middleware,
                heartbeat_timeout=_REDIS_HEARTBEAT,
                maintenance_chance=_REDIS_MAINTENANCE,
            )
        case "amqp" | "amqps":
            logging.getLogger("pika").setLevel(logging.CRITICAL)  # a page per lost connection
            return RabbitmqBroker(
                url=_with_options(str(url), _AMQP_OPTIONS),
                confirm_delivery=True,  # without it a message can vanish and nobody says so
                middleware=middleware,
            )
        case scheme:
            raise ValueError(f"BROKER_URL must begin with redis:// or amqp://, not {scheme}://")


def _with_options(url: str, options: Mapping[str, Any]) -> str:
    """Add options to a URL's query; what the operator wrote there wins."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode(dict(options) | dict(parse_qsl(parts.query)))))
