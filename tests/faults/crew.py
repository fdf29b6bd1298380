"""A process that works for every queue, through one channel that writes down what it did.

Run as `python -m tests.faults.crew URL FOLDER BROKER NAMESPACE`, BROKER a URL or `none`. What the
channel was given stands in FOLDER/done, one line each: the queue and the row. A row whose name
holds `poison` kills the process that works on it; one that is `slow` takes fifteen seconds.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from aiohttp import web

from core.ground.settings import Settings
from core.opening import open_runtime
from core.tickets.desk import Desk
from intake.channel import Outgoing, Processed, Raw
from intake.channel_folders import facts_of
from intake.registry import Registry
from notifier.worker import background

CHANNEL = "skeleton"
PROMPT = 50
"""Milliseconds after which an idle thread of a worker looks whether it should stop."""


class Everything:
    """A channel with every way in and out."""

    name = CHANNEL
    facts = facts_of("_skeleton")

    def __init__(self, done: Path) -> None:
        self._done = done

    def mount(self, app: web.Application, desk: Desk) -> None:
        """Nothing comes in here: rows are planted."""

    async def send(self, outgoing: Outgoing) -> str:
        await self._do("deliveries", outgoing.recipient)
        return f"sent {outgoing.delivery_id}"

    async def process(self, raw: Raw, desk: Desk) -> Processed:  # noqa: ARG002 - the protocol's
        await self._do("inbound", raw.external_id)
        return Processed()

    async def give_up(self, raw: Raw, desk: Desk) -> Processed:
        return await self.process(raw, desk)

    async def fetch(self, ref: str) -> bytes:
        await self._do("chat-files", ref)
        return b"ok"

    async def _do(self, queue: str, row: str) -> None:
        if "poison" in row:
            os.kill(os.getpid(), signal.SIGKILL)
        if "slow" in row:
            await asyncio.sleep(15)
        with self._done.open("a") as lines:
            lines.write(f"{queue} {row}\n")


async def main(url: str, folder: Path, broker: str, namespace: str) -> None:
    """Work until somebody ends the process."""
    settings = Settings(
        data=folder,
        secret_key="a secret for tests, and long enough",
        BROKER_URL=None if broker == "none" else broker,
    )
    async with open_runtime(settings, url) as runtime:
        registry = Registry({CHANNEL: Everything(folder / "done")})
        async with background(runtime, registry, works=True, namespace=namespace, wakes=PROMPT):
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4]))
