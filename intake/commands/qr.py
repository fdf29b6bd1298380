"""`kiss qr`: codes on walls, made, printed, pointed elsewhere and retired."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from core.administration.qr_codes import QrCodes, QrRow
from core.ground.errors import NotFoundError
from core.ground.settings import Settings
from core.hospital.directory import HospitalEntry
from core.runtime import Runtime
from intake.commands.failures import Failed
from intake.commands.opening import work
from intake.commands.printing import as_json, print_json, print_table
from intake.qr.poster import Poster
from intake.qr.token import fresh_token

T = TypeVar("T")

output = click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="File to write."
)


@click.group(short_help="Make, print and retire codes on walls.")
def qr() -> None:
    """Make the codes that hang in wards, print their posters, and retire them.

    A code on a wall never needs a reprint: it can be pointed at another unit, or retired, and
    whoever scans a retired one finds the general form.

    \b
    kiss qr list
    kiss qr create MELATI --name "Pintu masuk"
    kiss qr poster MELATI-16 -o melati.pdf
    kiss qr poster --unit MELATI --paper stickers -o stickers.pdf
    kiss qr png MELATI-16 -o melati.png
    kiss qr point MELATI-16 ANGGREK
    kiss qr retire MELATI-16
    """  # noqa: D301 - \b keeps click from joining the lines


@qr.command("list")
@click.option("--unit", help="Only those of the unit with this code.")
@as_json
def list_them(unit: str | None, *, as_json: bool) -> None:
    """List codes, where they lead, and how often they were used."""
    found = work(lambda runtime: QrCodes(runtime).all(unit))
    if as_json:
        print_json([_facts(code) for code in found])
        return
    print_table(
        ("code", "unit", "name", "used", "", "link"),
        (
            (
                code.code,
                code.unit_code,
                code.name,
                code.usage_count,
                "" if code.is_active else "retired",
                _link(code),
            )
            for code in found
        ),
        "There is no code yet. `kiss qr create UNIT` makes one.",
    )


@qr.command()
@click.argument("unit")
@click.option("--name", default="", help="Where it will hang; else the unit's name.")
@as_json
def create(unit: str, name: str, *, as_json: bool) -> None:
    """Make a code for the unit with this code."""
    made = _named(lambda runtime: QrCodes(runtime).create(unit, name, fresh_token), f"unit {unit}")
    if as_json:
        print_json(_facts(made))
        return
    click.echo(f"{made.code} leads to {made.unit}: {_link(made)}")


@qr.command()
@click.argument("code")
def retire(code: str) -> None:
    """Take a code out of use."""
    _named(lambda runtime: QrCodes(runtime).retire(code), f"code {code}")
    click.echo(f"{code.upper()} is retired; whoever scans it finds the general form.")


@qr.command()
@click.argument("code")
@click.argument("unit")
def point(code: str, unit: str) -> None:
    """Let a code lead to another unit."""
    _named(lambda runtime: QrCodes(runtime).point(code, unit), f"code {code} or unit {unit}")
    click.echo(f"{code.upper()} leads to {unit.upper()} now.")


@qr.command()
@click.argument("codes", nargs=-1)
@click.option("--unit", help="Every code in use of this unit.")
@click.option("--all", "everything", is_flag=True, help="Every code in use.")
@click.option("--paper", type=click.Choice(["a4", "a5", "stickers"]), default="a4")
@click.option("--language", type=click.Choice(["id", "en"]), help="Which one stands first.")
@output
def poster(
    codes: tuple[str, ...],
    unit: str | None,
    paper: str,
    language: str | None,
    output: Path | None,
    *,
    everything: bool,
) -> None:
    """Print posters as one PDF, a page for each code."""
    from intake.qr.pdf import Paper, pdf  # only here: drawing libraries load slowly

    if not (codes or unit or everything):
        raise click.UsageError("Name codes, or --unit, or --all.")

    async def job(runtime: Runtime) -> tuple[list[QrRow], HospitalEntry]:
        wanted = [await QrCodes(runtime).find(code) for code in codes]
        if unit or everything:
            wanted += [code for code in await QrCodes(runtime).all(unit) if code.is_active]
        return wanted, (await runtime.directory.fresh()).hospital

    wanted, hospital = _named(job, "code like that")
    if not wanted:
        raise Failed("There is no code in use to print.")
    try:
        printed = pdf([_poster(code, hospital, language) for code in wanted], Paper(paper))
    except ValueError as error:
        raise Failed(f"It cannot be printed: {error}.") from error
    _write(printed, output or Path("posters.pdf"))


@qr.command()
@click.argument("code")
@click.option("--size", default=600, show_default=True, help="Pixels of a side.")
@output
def png(code: str, size: int, output: Path | None) -> None:
    """Draw one code as a PNG picture."""
    from intake.qr import codes

    found = _named(lambda runtime: QrCodes(runtime).find(code), f"code {code}")
    try:
        picture = codes.png(_link(found), size)
    except ValueError as error:
        raise Failed(f"It cannot be drawn: {error}.") from error
    _write(picture, output or Path(f"{found.code.lower()}.png"))


@qr.command()
@click.argument("code")
@output
def svg(code: str, output: Path | None) -> None:
    """Draw one code as an SVG picture."""
    from intake.qr import codes

    found = _named(lambda runtime: QrCodes(runtime).find(code), f"code {code}")
    drawn = codes.svg(_link(found), found.name)
    _write(drawn.encode(), output or Path(f"{found.code.lower()}.svg"))


def _named(job: Callable[[Runtime], Awaitable[T]], what: str) -> T:
    """Do it; say what was named when there is none."""
    try:
        return work(job)
    except NotFoundError:
        raise Failed(f"There is no {what}.") from None


def _poster(code: QrRow, hospital: HospitalEntry, language: str | None) -> Poster:
    from intake.qr.issue import poster_of

    return poster_of(code, hospital, Settings().public_url, language)


def _link(code: QrRow) -> str:
    from intake.qr.codes import landing_url

    return landing_url(Settings().public_url, code.token)


def _facts(code: QrRow) -> dict[str, object]:
    return {
        "code": code.code,
        "token": code.token,
        "url": _link(code),
        "name": code.name,
        "unit": code.unit_code,
        "unit_name": code.unit,
        "is_active": code.is_active,
        "usage_count": code.usage_count,
    }


def _write(content: bytes, file: Path) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Failed(f"{file} cannot be written: {error.strerror}.") from error
    click.echo(f"{file}: {len(content) / 1024:.0f} KB")
