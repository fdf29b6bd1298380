"""A channel that sends as it is told, reports with addresses, and a look at the rows."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping
from uuid import UUID, uuid4

from aiohttp import web
from sqlalchemy import text

from core.ground.database import transaction
from core.jobs.leasing import Jobs
from core.notices.delivery import DELIVERIES
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.submission import Address, Receipt, Submitter
from intake.channel import Channel, Outgoing, Sender
from intake.channel_folders import facts_of
from intake.registry import Registry
from notifier import periodic
from notifier.deliver import deliver
from notifier.periodic import JOBS, Job
from tests.builders import OFFICER, submission

CHAT = "skeleton"
"""A channel of the invented hospital that can send and is not mail."""

Answer = Exception | str | Callable[[Outgoing], Awaitable[str]]


class Provider:
    """A channel's way out. It gives the answers it was told, then accepts everything."""

    facts = facts_of("_skeleton")

    def __init__(self, name: str = CHAT, *answers: Answer) -> None:
        self.name = name
        self.answers = list(answers)
        self.asked: list[Outgoing] = []
        self.accepted: list[Outgoing] = []
        self.at_once: dict[str, int] = defaultdict(int)
        self.most_at_once = 0

    def mount(self, app: web.Application, desk: Desk) -> None:
        """Nothing comes in here."""

    async def send(self, outgoing: Outgoing) -> str:
        self.asked.append(outgoing)
        lane = f"{outgoing.recipient}:{outgoing.ticket_id}"
        self.at_once[lane] += 1
        self.most_at_once = max(self.most_at_once, self.at_once[lane])
        try:
            return await self._answer(outgoing)
        finally:
            self.at_once[lane] -= 1

    async def _answer(self, outgoing: Outgoing) -> str:
        answer = self.answers.pop(0) if self.answers else f"id-{len(self.accepted)}"
        if isinstance(answer, Exception):
            raise answer
        given = answer if isinstance(answer, str) else await answer(outgoing)
        self.accepted.append(outgoing)
        return given


def registry(*channels: Channel) -> Registry:
    return Registry({channel.name: channel for channel in channels})


def senders(*channels: Channel) -> Callable[[str], Sender | None]:
    return registry(*channels).sender


async def rows(runtime: Runtime, query: str, **values: object) -> list[Mapping[str, object]]:
    async with transaction(runtime.database) as session:
        return [dict(row) for row in (await session.execute(text(query), values)).mappings()]


async def report(
    runtime: Runtime, *addresses: tuple[str, str], confirmed: bool = True, **changes: object
) -> Receipt:
    """File a report of somebody known whose news goes to these addresses, in this order."""
    facts: dict[str, object] = {
        "submitter": Submitter(name="Ibu Contoh"),
        "addresses": tuple(
            Address(channel=channel, address=address, confirmed=confirmed)
            for channel, address in addresses or ((CHAT, "chat-1"),)
        ),
        "unit_code": "FARMASI",  # which has no mailbox, so that staff's notices stay out of the way
        "qr_token": None,
    }
    return await Desk(runtime).submit(submission(**(facts | changes)))


async def reply(runtime: Runtime, ticket_id: UUID, words: str = "Sudah kami perbaiki.") -> None:
    await Casework(runtime).reply(ticket_id, words, by=OFFICER)


async def queue(runtime: Runtime) -> list[UUID]:
    return await Jobs(runtime, DELIVERIES).hand_out(1000)


async def run_once(runtime: Runtime, *channels: Channel) -> int:
    """Lease what is due now and deliver it, one after the other."""
    ids = await queue(runtime)
    for delivery_id in ids:
        await deliver(runtime, senders(*channels), delivery_id)
    return len(ids)


async def run_due(runtime: Runtime, jobs: Collection[Job] = JOBS) -> list[str]:
    """Run the recurring jobs that are due, one after the other; return their names."""
    due = await periodic.take_due(runtime, jobs)
    for job in due:
        await periodic.run(runtime, job)
    return [job.name for job in due]


async def statuses(runtime: Runtime) -> list[str]:
    found = await rows(runtime, "SELECT status FROM deliveries ORDER BY seq")
    return [str(row["status"]) for row in found]


async def until(is_true: Callable[[], Awaitable[bool]], seconds: float = 20.0) -> None:
    """Wait until something is so; TimeoutError where it is not in time."""
    async with asyncio.timeout(seconds):
        while not await is_true():  # noqa: ASYNC110 - other processes ring no bell here
            await asyncio.sleep(0.03)


async def many(runtime: Runtime, recipients: int, each: int) -> None:
    """Put chat messages without a ticket into the outbox, the recipients taking turns."""
    async with transaction(runtime.database) as session:
        for turn in range(each):
            for recipient in range(recipients):
                await session.execute(
                    text(
                        "INSERT INTO deliveries (id, channel, recipient_ref, template, language,"
                        " payload, next_attempt_at, created_at, updated_at)"
                        " VALUES (:id, :channel, :to, 'chat', 'id',"
                        " jsonb_build_object('n', cast(:n AS int)), :now, :now, :now)"
                    ),
                    {
                        "id": uuid4(),
                        "channel": CHAT,
                        "to": f"chat-{recipient}",
                        "n": turn,
                        "now": runtime.clock(),
                    },
                )
