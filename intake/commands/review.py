"""Commands of `kiss inbound` that decide about what was set aside."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import click

from core.ground.errors import NotFoundError
from core.hospital.directory import TRUSTED_KINDS
from core.review.deciding import DecidedError, Review
from core.review.trusting import TrustedRow, TrustedSources
from core.runtime import Runtime
from intake.commands.failures import Failed
from intake.commands.opening import work
from intake.commands.printing import as_json, print_json, print_table

_NO_SOURCE = (
    f"One of {', '.join(TRUSTED_KINDS)}; then an address, a @domain of your own or a List-Id."
)


@click.command()
@click.argument("messages", nargs=-1, required=True, type=click.UUID)
def release(messages: tuple[UUID, ...]) -> None:
    """Let messages that were set aside become reports; their deadlines count from now."""

    async def job(runtime: Runtime) -> list[Failed]:
        verb = Review(runtime).make_ticket
        return await _each(messages, lambda one: verb(one, by=None, again=True))

    _tell(work(job), messages, one="1 becomes a report.", more="become reports.")


@click.command()
@click.argument("message", type=click.UUID)
@click.argument("number")
def join(message: UUID, number: str) -> None:
    """Add a message that was set aside to the ticket of a number."""

    async def job(runtime: Runtime) -> None:
        await _decided(Review(runtime).join(message, number, by=None, again=True))

    work(job)
    click.echo(f"It is added to {number.upper()}.")


@click.command()
@click.argument("messages", nargs=-1, required=True, type=click.UUID)
def drop(messages: tuple[UUID, ...]) -> None:
    """Say that messages which were set aside are no reports; they are kept for a week."""

    async def job(runtime: Runtime) -> list[Failed]:
        verb = Review(runtime).no_report
        return await _each(messages, lambda one: verb(one, by=None))

    _tell(work(job), messages, one="1 is no report.", more="are no reports.")


@click.command()
@click.argument("message", type=click.UUID)
@click.argument("kind", type=click.Choice(TRUSTED_KINDS))
@click.argument("address")
def trust(message: UUID, kind: str, address: str) -> None:
    """Trust where a message came from, from now on, and let it become a report."""

    async def job(runtime: Runtime) -> None:
        try:
            await _decided(Review(runtime).trust(message, kind, address, by=None))
        except ValueError as error:
            raise Failed(_NO_SOURCE) from error

    work(job)
    click.echo(f"{address} is trusted, and the message becomes a report.")


@click.command()
@click.option("--add", nargs=2, metavar="KIND ADDRESS", help="Trust one more.")
@click.option("--remove", metavar="ADDRESS", help="Trust it no more, as whatever kind.")
@as_json
def trusted(add: tuple[str, str] | None, remove: str | None, *, as_json: bool) -> None:
    """List the sources of mail that are never set aside for being a machine's."""

    async def job(runtime: Runtime) -> tuple[TrustedRow, ...]:
        sources = TrustedSources(runtime)
        if add is not None:
            await _add(sources, *add)
        if remove is not None:
            await _remove(sources, remove.strip().lower())
        return await sources.all()

    rows = work(job)
    if as_json:
        print_json(rows)
        return
    print_table(
        ("kind", "address", "added by"),
        ((row.kind, row.address, row.added_by or "an operator") for row in rows),
        "No source is trusted.",
    )


async def _add(sources: TrustedSources, kind: str, address: str) -> None:
    try:
        await sources.add(kind, address, by=None)
    except ValueError as error:
        raise Failed(_NO_SOURCE) from error


async def _remove(sources: TrustedSources, address: str) -> None:
    gone = [one for one in await sources.all() if one.address == address]
    if not gone:
        raise Failed(f"{address} is not trusted.")
    for one in gone:
        await sources.remove(one.id, by=None)


async def _each(
    messages: tuple[UUID, ...], verb: Callable[[UUID], Awaitable[None]]
) -> list[Failed]:
    """Decide about each of them, whatever became of the others; return what could not be done."""
    failed = []
    for one in messages:
        try:
            await _decided(verb(one))
        except Failed as error:
            failed.append(Failed(f"{one}: {error.message}" if len(messages) > 1 else error.message))
    return failed


def _tell(failed: list[Failed], messages: tuple[UUID, ...], *, one: str, more: str) -> None:
    """Say how many were decided, and of each of the others why not."""
    done = len(messages) - len(failed)
    if done:
        click.echo(one if done == 1 else f"{done} {more}")
    if failed:
        raise Failed("\n".join(error.message for error in failed))


async def _decided(verdict: Awaitable[None]) -> None:
    """Wait for a decision, and say in a sentence why there is none."""
    try:
        await verdict
    except NotFoundError as error:
        raise Failed("There is no such message, or no such ticket.") from error
    except DecidedError as error:
        who = error.by or "an operator"
        what = f": {who} said {error.verdict}" if error.verdict else ""
        raise Failed(f"It does not wait any more{what}. It is as it was.") from error


COMMANDS = (release, join, drop, trust, trusted)
"""What `kiss inbound` does beside looking."""
