"""`kiss doctor`: what is configured, what answers, what is missing, in plain words."""

import asyncio

import click

from core.ground.database import DatabaseAwayError
from core.ground.key_file import KeyFileError
from core.ground.secret import WeakKeyError
from core.ground.settings import Settings
from core.ground.storage import StorageUnavailable
from core.opening import open_runtime
from core.runtime import Runtime
from intake.commands.checks import around, database, hospital, machine, running
from intake.commands.demanded_settings import demanded
from intake.commands.opening import database as opened
from intake.commands.printing import as_json, print_json
from intake.commands.running import running_now
from intake.finding import Finding, State
from intake.registry import open_channels

BROKEN, NOT_RUNNING = 1, 3
"""How it ends, beside 0."""

SIGNS: dict[State, tuple[str, str]] = {
    "ok": ("ok", "green"),
    "off": ("--", "bright_black"),
    "warn": ("look", "yellow"),
    "down": ("DOWN", "yellow"),
    "fail": ("BAD", "red"),
}


@click.command(short_help="Say what works, and what is missing.")
@as_json
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Say what is configured, what answers and what is missing; change nothing.

    Ends with 0 if everything works, with 1 if something does not, and with 3 if all is set up and
    something does not run, so that a monitor can call it.

    \b
    kiss doctor
    kiss doctor --json | jq -r '.[] | select(.state != "ok") | .sentence'
    """  # noqa: D301 - \b keeps click from joining the lines
    settings = demanded()
    found = list(machine.look(settings))
    runs = settings.database_url is not None
    if not runs:
        finding, runs = database.bundled(settings)
        found.append(finding)
    if runs:
        with opened(settings) as url:
            found += asyncio.run(_ask(settings, url))
    else:
        found.append(asyncio.run(around.broker(settings)))
        found += asyncio.run(around.of_channels())
    if as_json:
        print_json(found)
    else:
        _print(found)
    states = {finding.state for finding in found}
    ctx.exit(BROKEN if "fail" in states else NOT_RUNNING if "down" in states else 0)


async def _ask(settings: Settings, url: str) -> list[Finding]:
    found = await database.server(url, settings.database_timeout)
    found += [await around.broker(settings), *await around.of_channels()]
    if any(finding.state == "fail" for finding in found if finding.what == "database"):
        return found
    try:
        async with open_runtime(settings, url) as runtime:
            found += await _inside(runtime)
    except (WeakKeyError, KeyFileError):
        return found  # told already, of the machine
    except StorageUnavailable as error:
        found.append(Finding(what="files", state="fail", sentence=str(error)))
    except DatabaseAwayError:
        found.append(Finding(what="database", state="fail", sentence="It went away."))
    return found


async def _inside(runtime: Runtime) -> list[Finding]:
    found = [await around.storage(runtime)]
    tables = await database.tables(runtime)
    found += tables
    if tables[0].state == "fail":
        return found
    found += await around.waiting(runtime)
    found.append(await database.shape(runtime.database))
    found.append(await database.roles(runtime.database))
    registry, directory = open_channels(runtime), await runtime.directory.fresh()
    there = await running_now(runtime, runtime.secret)
    found += running.look(runtime.settings, registry, there)
    found += hospital.numbers(directory)
    found += await hospital.mailboxes(registry, directory)
    found += await hospital.undelivered(runtime)
    found += await hospital.refused(runtime)
    return found


def _print(found: list[Finding]) -> None:
    width = max(len(finding.what) for finding in found)
    for finding in found:
        sign, colour = SIGNS[finding.state]
        click.echo(
            f"  {click.style(sign.ljust(4), fg=colour)}  {finding.what.ljust(width)}  "
            f"{finding.sentence}"
        )
    bad = sum(finding.state == "fail" for finding in found)
    looks = sum(finding.state == "warn" for finding in found)
    idle = sum(finding.state == "down" for finding in found)
    if bad:
        click.secho(f"\n{bad} of these must be mended before reports are safe.", fg="red")
    elif idle:
        click.secho(f"\nNothing is broken, but {idle} of these do not run.", fg="yellow")
    elif looks:
        click.echo(f"\nEverything works; {looks} of these deserve a look.")
    else:
        click.echo("\nEverything is well.")
