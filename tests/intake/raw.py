"""A channel that reads raw messages as it is told, and what became of them."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from aiohttp import web

from core.jobs.inbound import INBOUND
from core.jobs.leasing import Jobs
from core.jobs.raw_messages import RawMessages
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake import raw_reading
from intake.channel import Processed, Raw, Receiver
from intake.channel_folders import facts_of
from tests.builders import MONDAY, submission
from tests.notifier.posting import rows

CHANNEL = "skeleton"
Answer = Exception | Processed | Callable[[Raw, Desk], Awaitable[Processed]]


class Reader:
    """A channel that understands as it is told, and otherwise files a ticket."""

    name = CHANNEL
    facts = facts_of("_skeleton")

    def __init__(self, *answers: Answer, giving_up: list[BaseException] | None = None) -> None:
        self.answers = list(answers)
        self.giving_up = giving_up or []
        self.read: list[Raw] = []
        self.given_up: list[Raw] = []

    def mount(self, app: web.Application, desk: Desk) -> None:
        """Nothing to add: the tests store by themselves."""

    async def process(self, raw: Raw, desk: Desk) -> Processed:
        self.read.append(raw)
        answer = self.answers.pop(0) if self.answers else file_it
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Processed) else await answer(raw, desk)

    async def give_up(self, raw: Raw, desk: Desk) -> Processed:
        self.given_up.append(raw)
        if self.giving_up:
            raise self.giving_up.pop(0)
        return await file_it(raw, desk)

    def find(self, name: str) -> Receiver | None:
        return self if name == self.name else None


async def file_it(raw: Raw, desk: Desk) -> Processed:
    words = raw.content[:1000].decode()
    receipt = await desk.submit(submission(channel=CHANNEL, key=raw.external_id, words=words))
    return Processed(ticket_id=receipt.ticket_id)


async def store(
    runtime: Runtime, external_id: str = "m1", content: bytes = b"Halo", **envelope: object
) -> UUID:
    row_id, _ = await RawMessages(runtime).store(CHANNEL, external_id, content, envelope, MONDAY)
    return row_id


async def run_once(runtime: Runtime, reader: Reader) -> int:
    ids = await Jobs(runtime, INBOUND).hand_out(100)
    for row_id in ids:
        await raw_reading.process(runtime, reader.find, row_id)
    return len(ids)


async def states(runtime: Runtime) -> list[tuple[object, object]]:
    found = await rows(runtime, "SELECT status, attempts FROM inbound ORDER BY seq")
    return [(row["status"], row["attempts"]) for row in found]
