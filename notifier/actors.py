"""The two actors, bound to one broker. A message carries one id and nothing else."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import dramatiq
from dramatiq import Actor, Broker

from core.runtime import Runtime
from intake import raw_messages
from intake.channel import Receiver, Sender
from notifier.deliver import deliver
from notifier.hostloop import HostLoop

logger = logging.getLogger(__name__)

SEND_LIMIT = 60_000
"""Milliseconds for one delivery, rendering and sending."""
READ_LIMIT = 120_000
"""Milliseconds for one raw message, its files stored and its ticket committed."""

Step = Callable[[UUID], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What actors work with: the core, and the channels by name, as senders and receivers."""

    runtime: Runtime
    sender: Callable[[str], Sender | None]
    receiver: Callable[[str], Receiver | None]


@dataclass(frozen=True, slots=True)
class Actors:
    """The actors of one broker."""

    deliver: Actor[[str], None]
    process_inbound: Actor[[str], None]


def declare(broker: Broker, loop: HostLoop, work: Work, *, namespace: str = "kiss") -> Actors:
    """Declare both actors on a broker; their coroutines run on the host's loop.

    Nothing is retried by the broker: rows know when to try again, and their leases bring back
    whatever a broker loses.
    """

    async def send(delivery_id: UUID) -> None:
        await deliver(work.runtime, work.sender, delivery_id)

    async def read(inbound_id: UUID) -> None:
        await raw_messages.process(work.runtime, work.receiver, inbound_id)

    return Actors(
        _actor(broker, loop, send, "deliver", namespace=namespace, limit=SEND_LIMIT),
        _actor(broker, loop, read, "process_inbound", namespace=namespace, limit=READ_LIMIT),
    )


def _actor(
    broker: Broker, loop: HostLoop, step: Step, name: str, *, namespace: str, limit: int
) -> Actor[[str], None]:
    def act(row_id: str) -> None:
        try:
            loop.run_coroutine(step(UUID(row_id)))
        except Exception as error:  # noqa: BLE001 - the worker's edge: the row's lease decides
            logger.error("%s %s: %s", name, row_id, type(error).__name__)  # noqa: TRY400 - a trace may quote words

    declared = dramatiq.actor(
        broker=broker,
        actor_name=name,
        queue_name=f"{namespace}-{name.replace('_', '-')}",
        max_retries=0,
        time_limit=limit,
    )
    return declared(act)
