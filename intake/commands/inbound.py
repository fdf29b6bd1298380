"""`kiss inbound`: raw messages as they came in, and what became of them."""

import sys
from uuid import UUID

import click

from core.jobs.inbound import STATUSES
from core.jobs.raw_messages import RawMessages
from core.reading.command_line.inbound import InboundRow, RawMessage, raw_message, raw_messages
from core.runtime import Runtime
from intake.commands.failures import Failed
from intake.commands.opening import work
from intake.commands.printing import as_json, moment, print_facts, print_json, print_table
from intake.commands.review import COMMANDS
from intake.set_aside import reason_words

_CONCEALED = "It names its writer, who reported without a name; its words are on ticket {}."


@click.group(short_help="See raw messages; decide about what was set aside.")
def inbound() -> None:
    """See raw messages (e-mail, chat), and decide about those that were set aside.

    Quarantined means set aside: a rule took it for a machine's, or nobody could read it. It waits
    until a person decides, here or on the review desk of the console; none is deleted before.

    \b
    kiss inbound list --status quarantined
    kiss inbound show ID
    kiss inbound show ID --raw > message.eml
    kiss inbound release ID
    kiss inbound join ID NUMBER
    kiss inbound drop ID
    kiss inbound trust ID portal lapor@example.go.id
    kiss inbound trusted
    kiss inbound retry ID
    """  # noqa: D301 - \b keeps click from joining the lines


for command in COMMANDS:
    inbound.add_command(command)


@inbound.command("list")
@click.option("--status", multiple=True, type=click.Choice(STATUSES))
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@as_json
def list_them(status: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """List raw messages, the newest first; without --status those not done."""
    wanted = status or tuple(one for one in STATUSES if one != "done")

    async def job(runtime: Runtime) -> tuple[tuple[InboundRow, ...], str]:
        rows = await raw_messages(runtime.database, wanted, limit=limit)
        return rows, (await runtime.directory.fresh()).hospital.zone

    rows, zone = work(job)
    if as_json:
        print_json(rows)
        return
    print_table(
        ("id", "by", "received", "status", "tried", "ticket", "why"),
        (
            (
                row.id,
                row.channel,
                moment(row.received_at, zone),
                row.status,
                row.attempts,
                row.ticket,
                _why(row),
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

    async def job(runtime: Runtime) -> tuple[RawMessage, bytes]:
        found = await raw_message(runtime.database, message)
        if found is None:
            raise Failed(f"There is no raw message {message}.")
        if found.row.conceals:
            if raw:
                raise Failed(_CONCEALED.format(found.row.ticket))
            return found, b""
        content = found.content
        if content is None and raw:
            parts = [part async for part in runtime.storage.read(found.key or "")]
            content = b"".join(parts)
        return found, content or b""

    found, content = work(job)
    if raw:
        sys.stdout.buffer.write(content)
        return
    print_facts(
        (
            ("id", found.row.id),
            ("by", found.row.channel),
            ("their id", found.row.external_id),
            ("received", found.row.received_at.isoformat()),
            ("status", found.row.status),
            ("tried", found.row.attempts),
            ("why", _waits(found.row)),
            ("noted", found.row.error),
            ("ticket", found.row.ticket),
            ("stored", _stored(found, len(content))),
        )
    )


@inbound.command()
@click.argument("messages", nargs=-1, required=True, type=click.UUID)
def retry(messages: tuple[UUID, ...]) -> None:
    """Let quarantined or dropped messages be read again, by the same rules.

    What a rule set aside it sets aside again, unless its source is trusted by now: `release`
    files it. What was decided about it is forgotten.
    """

    async def job(runtime: Runtime) -> list[UUID]:
        return [one for one in messages if await RawMessages(runtime).retry(one)]

    done = work(job)
    click.echo(f"{len(done)} messages will be read again.")
    if len(done) < len(messages):
        raise Failed("The others are neither quarantined nor dropped, or there are none such.")


def _stored(found: RawMessage, size: int) -> str:
    if found.row.conceals:
        return "hidden: it names its writer, who reported without a name"
    return found.key or f"in its row, {size} bytes"


def _why(row: InboundRow) -> str | None:
    """Say why a message waits; of any other, what was noted last."""
    return _waits(row) or row.error


def _waits(row: InboundRow) -> str | None:
    """Say why a message waits; None of one that does not."""
    return reason_words(row.reason) if row.status == "quarantined" else None
