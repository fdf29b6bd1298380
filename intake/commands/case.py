"""`kiss case NUMBER …`: what staff do to one ticket, from the command line."""

import sys
from collections.abc import Awaitable, Callable
from uuid import UUID

import click

from core import casebook
from core.casework import Casework, EmptyAnswerError
from core.desk import NotFoundError
from core.event import Event
from core.runtime import Runtime
from core.staff import Staff
from intake.commands.failures import Failed
from intake.commands.opening import work
from intake.commands.printing import as_json, moment, print_facts, print_json

Verb = Callable[[Casework, UUID, UUID | None], Awaitable[Event]]
"""Does one thing to a ticket as somebody (None: the house itself)."""

words = click.argument("words", type=click.UNPROCESSED)
no_words = click.argument("words", type=click.UNPROCESSED, default="")
reason = click.option("--reason", default="", help="Why; only staff read it.")

STATUS_VERBS = {
    "in_progress": "start",
    "escalated": "escalate",
    "resolved": "resolve",
    "closed": "close",
    "open": "reopen",
}
"""Which verb leads to a status."""


@click.group(subcommand_metavar="[show|status|assign|reply|ask|note|…] [ARGS]...")
@click.argument("number")
@click.option("--as", "actor", envvar="KISS_USER", help="User name of who does it.")
@click.pass_context
def case(ctx: click.Context, number: str, actor: str | None) -> None:
    """Look at one ticket and work on it; whoever reported it hears of it.

    NUMBER is the ticket's, with or without TKT in front. Words may be - to be read from
    standard input. Without --as the house itself acts.

    \b
    kiss case TKT-20261124-0007 show
    kiss case 20261124-0007 --as rina assign rina
    kiss case 20261124-0007 --as rina reply "Teknisi datang pukul 14.00."
    kiss case 20261124-0007 resolve - < answer.txt
    kiss case 20261124-0007 reply --help
    """  # noqa: D301 - \b keeps click from joining the lines
    ctx.obj = (numbered(number), actor)


@case.command()
@as_json
@click.pass_obj
def show(at: tuple[str, str | None], *, as_json: bool) -> None:
    """Show everything on it: words, notes, history and notices."""
    found, zone = work(lambda runtime: _read(runtime, at[0]))
    if as_json:
        print_json(found)
        return
    _print(found, zone)


@case.command()
@click.argument("wanted", required=False, type=click.Choice(list(STATUS_VERBS)))
@as_json
@click.pass_obj
def status(at: tuple[str, str | None], wanted: str | None, *, as_json: bool) -> None:
    """Say where it stands, or bring it to another status."""
    if wanted is None:
        found, _ = work(lambda runtime: _read(runtime, at[0]))
        if as_json:
            print_json({"number": found.number, "status": found.status, "possible": found.possible})
        else:
            click.echo(f"{found.number} is {found.status}. Possible: {', '.join(found.possible)}.")
        return
    verb = STATUS_VERBS[wanted]
    do(at, lambda work, ticket, by: getattr(work, verb)(ticket, by=by), as_json=as_json)


@case.command()
@click.argument("user")
@as_json
@click.pass_obj
def assign(at: tuple[str, str | None], user: str, *, as_json: bool) -> None:
    """Give it to a member of staff, by user name or e-mail address."""

    async def verb(work: Casework, ticket: UUID, by: UUID | None) -> Event:
        return await work.assign(ticket, await person(work.runtime, user), by=by)

    do(at, verb, as_json=as_json)


@case.command()
@click.argument("unit")
@reason
@as_json
@click.pass_obj
def move(at: tuple[str, str | None], unit: str, reason: str, *, as_json: bool) -> None:
    """Hand it to another unit, named by its code. The deadline stays."""

    async def verb(work: Casework, ticket: UUID, by: UUID | None) -> Event:
        found = (await work.runtime.directory.fresh()).unit_by_code(unit)
        if found is None:
            raise Failed(f"There is no unit {unit} in use.")
        return await work.move(ticket, found.id, by=by, reason=reason)

    do(at, verb, as_json=as_json)


@case.command()
@as_json
@click.pass_obj
def start(at: tuple[str, str | None], *, as_json: bool) -> None:
    """Begin to work on it."""
    do(at, lambda work, ticket, by: work.start(ticket, by=by), as_json=as_json)


@case.command()
@words
@as_json
@click.pass_obj
def reply(at: tuple[str, str | None], words: str, *, as_json: bool) -> None:
    """Answer the person who reported it."""
    said = spoken(words)
    do(at, lambda work, ticket, by: work.reply(ticket, said, by=by), as_json=as_json)


@case.command()
@words
@as_json
@click.pass_obj
def ask(at: tuple[str, str | None], words: str, *, as_json: bool) -> None:
    """Ask the person for something that is missing."""
    said = spoken(words)
    do(at, lambda work, ticket, by: work.ask(ticket, said, by=by), as_json=as_json)


@case.command()
@words
@as_json
@click.pass_obj
def note(at: tuple[str, str | None], words: str, *, as_json: bool) -> None:
    """Write something that only staff will read."""
    said = spoken(words)
    do(at, lambda work, ticket, by: work.note(ticket, said, by=by), as_json=as_json)


@case.command()
@reason
@as_json
@click.pass_obj
def escalate(at: tuple[str, str | None], reason: str, *, as_json: bool) -> None:
    """Raise it to those above the unit."""
    do(at, lambda work, ticket, by: work.escalate(ticket, by=by, reason=reason), as_json=as_json)


@case.command()
@no_words
@as_json
@click.pass_obj
def resolve(at: tuple[str, str | None], words: str, *, as_json: bool) -> None:
    """Say that it is solved, and how."""
    said = spoken(words)
    do(at, lambda work, ticket, by: work.resolve(ticket, said, by=by), as_json=as_json)


@case.command()
@no_words
@as_json
@click.pass_obj
def close(at: tuple[str, str | None], words: str, *, as_json: bool) -> None:
    """End it; if it was never resolved, say why."""
    said = spoken(words)
    do(at, lambda work, ticket, by: work.close(ticket, said, by=by), as_json=as_json)


@case.command()
@reason
@as_json
@click.pass_obj
def reopen(at: tuple[str, str | None], reason: str, *, as_json: bool) -> None:
    """Take it up again."""
    do(at, lambda work, ticket, by: work.reopen(ticket, by=by, reason=reason), as_json=as_json)


def do(at: tuple[str, str | None], verb: Verb, *, as_json: bool) -> None:
    """Do one verb to a ticket and say what follows from it."""
    number, actor = at

    async def job(runtime: Runtime) -> tuple[Event, casebook.CaseFile]:
        found, _ = await _read(runtime, number)
        by = await person(runtime, actor) if actor else None
        try:
            event = await verb(Casework(runtime), found.id, by)
        except EmptyAnswerError:
            raise Failed("There are no words in it.") from None
        return event, (await _read(runtime, number))[0]

    event, found = work(job)
    notices = [notice for notice in found.deliveries if notice.event_id == event.id]
    if as_json:
        print_json(
            {"number": number, "event": event.kind, "status": found.status, "notices": notices}
        )
        return
    click.echo(f"{number}: {event.kind}; it is {found.status} now.")
    for notice in notices:
        click.echo(f"  {notice.template} goes to the {notice.audience} by {notice.channel}.")


def numbered(text: str) -> str:
    """Read a ticket's number as somebody typed it."""
    number = text.strip().upper()
    return number if number.startswith("TKT-") else f"TKT-{number}"


def spoken(words: str) -> str:
    """Return the words given, or those on standard input for a dash."""
    return sys.stdin.read() if words == "-" else words


async def person(runtime: Runtime, name: str) -> UUID:
    """Find a member of staff by user name or e-mail address."""
    try:
        return await Staff(runtime).find(name)
    except NotFoundError:
        raise Failed(f"There is nobody called {name}. `kiss user list` names everybody.") from None


async def _read(runtime: Runtime, number: str) -> tuple[casebook.CaseFile, str]:
    found = await casebook.case_file(runtime.database, number)
    if found is None:
        raise Failed(f"There is no ticket {number}. `kiss tickets` lists them.")
    return found, (await runtime.directory.fresh()).hospital.zone


def _print(found: casebook.CaseFile, zone: str) -> None:
    click.secho(f"{found.number}  {found.title}", bold=True)
    print_facts(
        (
            ("status", f"{found.status}, {found.priority}"),
            ("unit", f"{found.unit} ({found.unit_code}): {found.routing_reason}"),
            ("assigned to", found.assignee),
            ("reported", f"{moment(found.received_at, zone)} by {found.source}"),
            ("answer due", f"{moment(found.due_at, zone)}: {found.sla_reason}"),
            ("from", ", ".join(found.submitter.values()) or "nobody named"),
            ("rating", found.rating),
            ("possible", ", ".join(found.possible)),
        )
    )
    for message in found.messages:
        who = f"{message.author} {message.name or ''}".strip()
        label = " (note)" if message.is_internal else ""
        click.secho(f"\n{moment(message.at, zone)}  {who}{label}", bold=True)
        click.echo("\n".join(f"  {line}" for line in message.words.splitlines()))
        for file in message.files:
            click.echo(f"  [{file}]")
    click.secho("\nHistory", bold=True)
    for event in found.events:
        click.echo(f"  {moment(event.at, zone)}  {event.kind}  {event.name or event.actor}")
    click.secho("\nNotices", bold=True)
    for notice in found.deliveries:
        click.echo(f"  {notice.template}  {notice.channel}  {notice.audience}  {notice.status}")
    if not found.deliveries:
        click.echo("  none: nobody left an address that we can write to")
