"""`kiss case NUMBER …`: what staff do to one ticket, from the command line."""

import sys
from collections.abc import Awaitable, Callable
from uuid import UUID

import click

from core.administration.staff import Staff
from core.ground.errors import NotFoundError
from core.reading.command_line.case import WholeCase, case_file
from core.runtime import Runtime
from core.tickets.casework import Casework, EmptyAnswerError, VanishedError
from core.tickets.event import Event
from core.tickets.lifecycle import Status
from intake.commands.failures import Failed
from intake.commands.opening import work
from intake.commands.printed_case import print_case
from intake.commands.printing import as_json, print_json
from intake.commands.unproven import unproven
from intake.language import marked as _
from intake.language import translate
from intake.statuses import STATUSES

Verb = Callable[[Casework, UUID, UUID | None], Awaitable[Event]]
"""Does one thing to a ticket as somebody (None: the house itself)."""

words = click.argument("words", type=click.UNPROCESSED)
no_words = click.argument("words", type=click.UNPROCESSED, default="")
MOVED = _("Moved by staff.")
SAYING = frozenset({"resolve", "close"})
"""Verbs behind a status that say something to the person."""
reason = click.option("--reason", default="", help="Why; only staff read it.")


def acting(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the ticket's number, and the options that every verb has."""
    named = click.option("--as", "actor", envvar="KISS_USER", help="User name of who does it.")
    return named(as_json(click.pass_obj(verb)))


@click.group(
    subcommand_metavar="[show|status|assign|reply|ask|note|…] [ARGS]...",
    short_help="Work on one ticket.",
)
@click.argument("number")
@click.pass_context
def case(ctx: click.Context, number: str) -> None:
    """Look at one ticket and work on it; whoever reported it hears of it.

    NUMBER is the ticket's, as `kiss tickets` prints it, with or without TKT in front. Words may
    be - to be read from standard input. Without --as the house itself acts.

    \b
    kiss case NUMBER show
    kiss case NUMBER assign rina
    kiss case NUMBER reply "Teknisi datang pukul 14.00." --as rina
    kiss case NUMBER resolve - < answer.txt
    kiss case NUMBER reply --help
    """  # noqa: D301 - \b keeps click from joining the lines
    ctx.obj = numbered(number)


@case.command()
@as_json
@click.pass_obj
def show(number: str, *, as_json: bool) -> None:
    """Show everything on it: words, notes, history and notices."""
    found, zone = work(lambda runtime: _read(runtime, number))
    if as_json:
        print_json(found)
        return
    print_case(found, zone)


@case.command()
@click.argument("wanted", required=False, type=click.Choice([status.value for status in STATUSES]))
@no_words
@acting
def status(
    number: str, wanted: str | None, words: str, *, actor: str | None, as_json: bool
) -> None:
    """Say where it stands, or bring it to another status; what is solved or closed takes words."""
    if wanted is None:
        found, _ = work(lambda runtime: _read(runtime, number))
        if as_json:
            print_json({"number": found.number, "status": found.status, "possible": found.possible})
        else:
            click.echo(f"{found.number} is {found.status}. Possible: {', '.join(found.possible)}.")
        return
    verb, said = STATUSES[Status(wanted)].verb, (spoken(words),) if words else ()
    if said and verb not in SAYING:
        raise Failed("Nothing is said with it; answer with `reply`.")
    if verb in SAYING:
        said = said or ("",)
    do(
        number,
        actor,
        lambda work, at, by: getattr(work, verb)(at, *said, by=by),
        as_json=as_json,
        name=verb,
    )


@case.command()
@click.argument("user")
@acting
def assign(number: str, user: str, *, actor: str | None, as_json: bool) -> None:
    """Give it to a member of staff, by user name or e-mail address."""

    async def verb(work: Casework, ticket: UUID, by: UUID | None) -> Event:
        return await work.assign(ticket, await person(work.runtime, user), by=by)

    do(number, actor, verb, as_json=as_json)


@case.command()
@click.argument("unit")
@reason
@acting
def move(number: str, unit: str, reason: str, *, actor: str | None, as_json: bool) -> None:
    """Hand it to another unit, named by its code. The deadline stays."""

    async def verb(work: Casework, ticket: UUID, by: UUID | None) -> Event:
        directory = await work.runtime.directory.fresh()
        found = directory.unit_by_code(unit)
        if found is None:
            raise Failed(f"There is no unit {unit} in use.")
        why = reason.strip() or translate(directory.hospital.language, MOVED)
        return await work.move(ticket, found.id, by=by, reason=why)

    do(number, actor, verb, as_json=as_json)


@case.command()
@acting
def start(number: str, *, actor: str | None, as_json: bool) -> None:
    """Begin to work on it."""
    do(number, actor, lambda work, at, by: work.start(at, by=by), as_json=as_json)


@case.command()
@words
@acting
def reply(number: str, words: str, *, actor: str | None, as_json: bool) -> None:
    """Answer the person who reported it."""
    said = spoken(words)
    do(number, actor, lambda work, at, by: work.reply(at, said, by=by), as_json=as_json)


@case.command()
@words
@acting
def ask(number: str, words: str, *, actor: str | None, as_json: bool) -> None:
    """Ask the person for something that is missing."""
    said = spoken(words)
    do(number, actor, lambda work, at, by: work.ask(at, said, by=by), as_json=as_json)


@case.command()
@words
@acting
def note(number: str, words: str, *, actor: str | None, as_json: bool) -> None:
    """Write something that only staff will read."""
    said = spoken(words)
    do(number, actor, lambda work, at, by: work.note(at, said, by=by), as_json=as_json)


@case.command()
@reason
@acting
def escalate(number: str, reason: str, *, actor: str | None, as_json: bool) -> None:
    """Raise it to those above the unit."""
    do(
        number,
        actor,
        lambda work, at, by: work.escalate(at, by=by, reason=reason),
        as_json=as_json,
    )


@case.command()
@words
@acting
def resolve(number: str, words: str, *, actor: str | None, as_json: bool) -> None:
    """Say that it is solved, and how, in words that go to the person."""
    said = spoken(words)
    do(number, actor, lambda work, at, by: work.resolve(at, said, by=by), as_json=as_json)


@case.command()
@no_words
@acting
def close(number: str, words: str, *, actor: str | None, as_json: bool) -> None:
    """End it; while an answer is still owed, with words that say why."""
    said = spoken(words)
    do(number, actor, lambda work, at, by: work.close(at, said, by=by), as_json=as_json)


@case.command()
@reason
@acting
def reopen(number: str, reason: str, *, actor: str | None, as_json: bool) -> None:
    """Take it up again."""
    do(
        number,
        actor,
        lambda work, at, by: work.reopen(at, by=by, reason=reason),
        as_json=as_json,
    )


def do(
    number: str, actor: str | None, verb: Verb, *, as_json: bool, name: str | None = None
) -> None:
    """Do one verb to a ticket and say what follows from it; its name is the command's."""
    asked = name or click.get_current_context().info_name or ""

    async def job(runtime: Runtime) -> tuple[Event, WholeCase]:
        found, _ = await _read(runtime, number)
        by = await person(runtime, actor) if actor else None
        try:
            mark = await unproven(runtime, asked, found.id, by) if by else ""
            event = await verb(Casework(runtime, mark), found.id, by)
        except EmptyAnswerError:
            raise Failed("There are no words in it, and whoever reported it reads them.") from None
        except VanishedError:
            raise Failed("The unit or the person you named is not there any more.") from None
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


async def _read(runtime: Runtime, number: str) -> tuple[WholeCase, str]:
    found = await case_file(runtime, number)
    if found is None:
        raise Failed(f"There is no ticket {number}. `kiss tickets` lists them.")
    return found, (await runtime.directory.fresh()).hospital.zone
