"""An agent at the telephone desk, and what they type."""

from uuid import uuid4

from sqlalchemy import text, update

from core.ground.database import transaction
from core.hospital.channel import Channel
from core.runtime import Runtime
from intake.channels.phone import open_channel
from notifier.deliver import deliver
from tests.intake.console.staff import Browser, Page


async def open_desk(runtime: Runtime) -> None:
    """Let the house have a telephone desk, as its start would."""
    async with transaction(runtime.database) as session:
        await session.execute(update(Channel).where(Channel.name == "phone").values(can_send=True))
    await runtime.directory.reload()


def call(**changes: str) -> dict[str, str]:
    """Type a complete call of a named caller."""
    facts = {
        "id": str(uuid4()),
        "way": "phone",
        "language": "id",
        "number": "0812 0000 0001",
        "name": "Sari Contoh",
        "story": "Obat untuk ayah belum datang sejak pagi.",
        "place": "Ruang Melati",
        "consent": "yes",
        "call": "any",
    }
    return facts | changes


async def take_down(browser: Browser, **changes: str) -> Page:
    """File a call, and return the page to read out."""
    return await browser.post("/console/phone", call(**changes))


async def carry_out(runtime: Runtime) -> None:
    """Deliver what waits for the telephone, as the worker would."""
    channel = open_channel(runtime)
    async with transaction(runtime.database) as session:
        waiting = list(
            await session.scalars(
                text(
                    "UPDATE deliveries SET status = 'queued' WHERE status = 'pending'"
                    " AND channel = 'phone' RETURNING id"
                )
            )
        )
    for delivery_id in waiting:
        await deliver(runtime, lambda _: channel, delivery_id)


async def rows(runtime: Runtime, query: str) -> list[tuple[object, ...]]:
    """Ask the database."""
    async with transaction(runtime.database) as session:
        return [tuple(row) for row in await session.execute(text(query))]
