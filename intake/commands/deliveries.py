"""`kiss deliveries`: notices that are on their way, or that never arrived."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import click

from core.deliveries.resending import NotPossibleError, Resending
from core.notices.delivery import STATUSES, UNDER_WAY
from core.reading.command_line.notices import DeliveryRow
from core.reading.command_line.notices import deliveries as read
from core.runtime import Runtime
from intake.commands.case import numbered
from intake.commands.failures import Failed
from intake.commands.opening import work
from intake.commands.printing import as_json, moment, print_json, print_table

TROUBLE = ("failed", "dead")
Job = Callable[[Runtime], Awaitable[int]]


@click.group(invoke_without_command=True, short_help="See notices that failed; send them again.")
@click.pass_context
def deliveries(ctx: click.Context) -> None:
    """See which notices are on their way or failed; send them again or call them off.

    failed: refused for good. dead: attempts used up. Both wait here until somebody decides.

    \b
    kiss deliveries                      what failed
    kiss deliveries list --status sent --ticket NUMBER
    kiss deliveries resend ID            once more, with all attempts
    kiss deliveries resend --all         everything that failed
    kiss deliveries cancel ID
    """  # noqa: D301 - \b keeps click from joining the lines
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_them, status=TROUBLE, ticket=None, limit=50, as_json=False)


@deliveries.command("list")
@click.option("--status", multiple=True, type=click.Choice([*STATUSES, "trouble", "under-way"]))
@click.option("--ticket", help="Only those of one ticket.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@as_json
def list_them(status: tuple[str, ...], ticket: str | None, limit: int, *, as_json: bool) -> None:
    """List notices, the newest first."""
    groups = {"trouble": TROUBLE, "under-way": UNDER_WAY}
    statuses = tuple(one for word in status for one in groups.get(word, (word,)))
    number = numbered(ticket) if ticket else None

    async def job(runtime: Runtime) -> tuple[tuple[DeliveryRow, ...], str]:
        zone = (await runtime.directory.fresh()).hospital.zone
        found = await read(runtime.database, statuses=statuses, number=number, limit=limit)
        return found, zone

    found, zone = work(job)
    if as_json:
        print_json(found)
        return
    print_table(
        ("id", "ticket", "notice", "by", "to the", "status", "tried", "next or sent", "error"),
        (
            (
                row.id,
                row.number,
                row.template,
                row.channel,
                row.audience,
                row.status,
                row.attempts,
                moment(row.sent_at or row.next_attempt_at, zone),
                row.error,
            )
            for row in found
        ),
        "No notice is like that.",
    )


@deliveries.command()
@click.argument("ids", nargs=-1, type=click.UUID)
@click.option("--all", "everything", is_flag=True, help="Everything that failed or is dead.")
def resend(ids: tuple[UUID, ...], *, everything: bool) -> None:
    """Send notices again that were given up."""

    async def job(runtime: Runtime) -> int:
        chosen = list(ids)
        if everything:
            found = await read(runtime.database, statuses=TROUBLE, limit=10_000)
            chosen += [row.id for row in found]
        for one in chosen:
            await Resending(runtime).resend(one)
        return len(chosen)

    click.echo(f"{_done(job)} notices will be sent again.")


@deliveries.command()
@click.argument("ids", nargs=-1, required=True, type=click.UUID)
def cancel(ids: tuple[UUID, ...]) -> None:
    """Call notices off."""

    async def job(runtime: Runtime) -> int:
        for one in ids:
            await Resending(runtime).cancel(one)
        return len(ids)

    click.echo(f"{_done(job)} notices are called off.")


def _done(job: Job) -> int:
    try:
        return work(job)
    except NotPossibleError as error:
        raise Failed(f"{str(error).capitalize()}.") from error
