"""`kiss inbound`: raw messages as they came in, and what became of them."""

import sys
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import click
from sqlalchemy import select

from core.ground.database import transaction
from core.jobs.inbound import STATUSES, Inbound
from core.jobs.raw_messages import RawMessages
from core.runtime import Runtime
from core.tickets.ticket import Ticket
from intake.commands.failures import Failed
from intake.commands.opening import work
from intake.commands.printing import as_json, moment, print_facts, print_json, print_table


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundRow:
    """A raw message in a list; what is in it is not shown."""

    id: UUID
    channel: str
    external_id: str
    received_at: datetime
    status: str
    attempts: int
    error: str | None
    ticket: str | None


@click.group(short_help="See raw messages; read them again.")
def inbound() -> None:
    """See raw messages (e-mail, chat) that could not be read, and let them be read again.

    Nothing that was accepted is ever deleted: quarantined means that even the last resort, a
    ticket with the original attached, did not work.

    \b
    kiss inbound list --status quarantined
    kiss inbound show ID
    kiss inbound show ID --raw > message.eml
    kiss inbound retry ID
    """  # noqa: D301 - \b keeps click from joining the lines


@inbound.command("list")
@click.option("--status", multiple=True, type=click.Choice(STATUSES))
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@as_json
def list_them(status: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """List raw messages, the newest first; without --status those not done."""
    wanted = status or tuple(one for one in STATUSES if one != "done")

    async def job(runtime: Runtime) -> tuple[list[InboundRow], str]:
        query = (
            select(Inbound, Ticket.ticket_number)
            .outerjoin(Ticket, Ticket.id == Inbound.ticket_id)
            .where(Inbound.status.in_(wanted))
            .order_by(Inbound.seq.desc())
            .limit(limit)
        )
        async with transaction(runtime.database) as session:
            rows = [_row(*found) for found in await session.execute(query)]
        return rows, (await runtime.directory.fresh()).hospital.zone

    rows, zone = work(job)
    if as_json:
        print_json(rows)
        return
    print_table(
        ("id", "by", "received", "status", "tried", "ticket", "error"),
        (
            (
                row.id,
                row.channel,
                moment(row.received_at, zone),
                row.status,
                row.attempts,
                row.ticket,
                row.error,
            )
            for row in rows
        ),
        "No raw message is like that.",
    )


@inbound.command()
@click.argument("message", type=click.UUID)
@click.option("--raw", is_flag=True, help="Write the message itself, as it came in.")
def show(message: UUID, *, raw: bool) -> None:
    """Show one raw message: what is known of it, or the thing itself."""

    async def job(runtime: Runtime) -> tuple[Inbound, bytes]:
        async with transaction(runtime.database) as session:
            found = await session.get(Inbound, message)
        if found is None:
            raise Failed(f"There is no raw message {message}.")
        content = found.raw
        if content is None and raw:
            parts = [part async for part in runtime.storage.read(found.raw_path or "")]
            content = b"".join(parts)
        return found, content or b""

    found, content = work(job)
    if raw:
        sys.stdout.buffer.write(content)
        return
    print_facts(
        (
            ("id", found.id),
            ("by", found.channel),
            ("their id", found.external_id),
            ("received", found.received_at.isoformat()),
            ("status", found.status),
            ("tried", found.attempts),
            ("error", found.last_error),
            ("stored", found.raw_path or f"in its row, {len(content)} bytes"),
        )
    )


@inbound.command()
@click.argument("messages", nargs=-1, required=True, type=click.UUID)
def retry(messages: tuple[UUID, ...]) -> None:
    """Let quarantined or dropped messages be read again."""

    async def job(runtime: Runtime) -> list[UUID]:
        return [one for one in messages if await RawMessages(runtime).retry(one)]

    done = work(job)
    click.echo(f"{len(done)} messages will be read again.")
    if len(done) < len(messages):
        raise Failed("The others are neither quarantined nor dropped, or there are none such.")


def _row(message: Inbound, ticket: str | None) -> InboundRow:
    return InboundRow(
        id=message.id,
        channel=message.channel,
        external_id=message.external_id,
        received_at=message.received_at,
        status=message.status,
        attempts=message.attempts,
        error=message.last_error,
        ticket=ticket,
    )
