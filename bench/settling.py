"""How long until everything due moves again, after each fault, on each queue and broker.

Run `python -m bench.settling`; a broker that does not answer is left out. The promise is 15 s
(`tests/faults/test_queues.py` holds it); what is measured is from the death of the process, or the
loss in the broker, until five rows are at rest, the start of the next process included.
"""

import asyncio
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from sqlalchemy.ext.asyncio import create_async_engine

from core.ground.database import alchemy_url, plain_url
from core.ground.settings import Settings
from core.opening import open_runtime
from core.runtime import Runtime
from intake import embedded
from migrations.roles import application_of
from migrations.upgrade import upgrade
from tests.builders import seed
from tests.core.jobs.planting import FIELDS, Field
from tests.faults.crews import Crew, plant, settled
from tests.notifier import brokers

ROWS = 5
FAULTS = {
    # what happens to the worker of a queue: the step at which it kills itself
    "deliveries": {"handed out": "relay.leased", "held": "deliver.claimed", "sent": "deliver.sent"},
    "inbound": {"handed out": "relay.leased", "held": "inbound.claimed"},
    "chat-files": {"handed out": "relay.leased", "held": "fetch.claimed"},
    "cleanings": {"handed out": "relay.leased", "held": "clean.claimed"},
}


def cases() -> Iterator[tuple[str, Field, str, str]]:
    """Yield broker, queue, what happens and at which step."""
    for broker in brokers.URLS:
        for field in FIELDS:
            for what, step in FAULTS[field.queue.topic].items():
                yield broker, field, f"worker killed: {what}", step
            if broker != "in-process":
                yield broker, field, "broker emptied", "relay.leased"


async def measured(
    runtime: Runtime, url: str, folder: Path, case: tuple[str, Field, str, str]
) -> float:
    """Return the seconds until all is at rest."""
    broker, field, what, step = case
    namespace = f"bench{uuid4().hex[:8]}"
    with brokers.tidied(broker, namespace):
        crew = Crew(url, folder, broker, namespace)
        try:
            planted = [await plant(runtime, field) for _ in range(ROWS)]
            victim = await crew.start(step)
            assert await victim.wait() == -signal.SIGKILL
            began = time.monotonic()
            if what == "broker emptied":
                brokers.empty(broker, namespace)
            await crew.start()
            await settled(runtime, field, *planted)
            return time.monotonic() - began
        finally:
            await crew.end()


async def main(owner: str, url: str, folder: Path) -> None:
    """Measure everything on a fresh database and print a table."""
    engine = create_async_engine(alchemy_url(owner))
    await upgrade(engine, application_of(url))
    await engine.dispose()
    await seed(plain_url(owner))
    settings = Settings(data=folder / "data", secret_key="a secret to measure, and long enough")
    print("| broker | queue | fault | seconds |")
    print("|---|---|---|---|")
    async with open_runtime(settings, url) as runtime:
        for case in cases():
            seconds = await measured(runtime, url, folder, case)
            broker, field, what, _ = case
            print(f"| {broker} | {field.queue.topic} | {what} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        place.chmod(0o755)
        with embedded.running(place / "pg", state=place / "state") as server:
            server.create_database("bench")
            asyncio.run(main(server.owner_dsn("bench"), server.dsn("bench"), place))
