"""`kiss tickets`: which tickets there are."""

import click

from core.reading.command_line.tickets import TicketRow, TicketsWanted
from core.reading.command_line.tickets import tickets as read
from core.runtime import Runtime
from core.tickets.lifecycle import Status
from intake.commands.opening import work
from intake.commands.printing import as_json, moment, print_json, print_table


@click.command(short_help="List and search tickets.")
@click.argument("words", required=False)
@click.option(
    "--status",
    type=click.Choice([status.value for status in Status]),
    help="Only those in this status.",
)
@click.option("--open", "open_only", is_flag=True, help="Only those somebody still works on.")
@click.option("--overdue", is_flag=True, help="Only those whose answer is late.")
@click.option("--unit", help="Only those of the unit with this code.")
@click.option("--source", help="Only those that came by this channel.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@as_json
def tickets(
    words: str | None,
    status: str | None,
    unit: str | None,
    source: str | None,
    limit: int,
    *,
    open_only: bool,
    overdue: bool,
    as_json: bool,
) -> None:
    """List tickets, the newest first; WORDS are part of the number or the text.

    \b
    kiss tickets --open --unit IGD
    kiss tickets NUMBER
    kiss tickets "kursi roda" --json | jq -r '.[].number'
    """  # noqa: D301 - \b keeps click from joining the lines

    async def job(runtime: Runtime) -> tuple[tuple[TicketRow, ...], str]:
        wanted = TicketsWanted(
            words=words,
            status=status,
            unit=unit,
            source=source,
            open_only=open_only,
            overdue_at=runtime.clock() if overdue else None,
            limit=limit,
        )
        zone = (await runtime.directory.fresh()).hospital.zone
        return await read(runtime.database, wanted), zone

    found, zone = work(job)
    if as_json:
        print_json(found)
        return
    print_table(
        ("number", "status", "priority", "unit", "by", "received", "due", "title"),
        (
            (
                row.number,
                row.status,
                row.priority,
                row.unit,
                row.source,
                moment(row.received_at, zone),
                moment(row.due_at, zone),
                row.title,
            )
            for row in found
        ),
        "No ticket is like that.",
    )
