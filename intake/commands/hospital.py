"""`kiss hospital load FILE`: the hospital as one file."""

from pathlib import Path

import click

from core.administration.house import MovedIn
from intake.commands.failures import Failed
from intake.commands.opening import work
from intake.hospital.check import check_file
from intake.hospital.load import load as load_house
from intake.hospital.yaml_lines import HospitalFileError


@click.group(short_help="Load the hospital from a file.")
def hospital() -> None:
    """Describe the hospital in a file: units, codes, categories, staff, numbers.

    \b
    kiss hospital load demo/hospital.yaml --check
    kiss hospital load rs.yaml
    """  # noqa: D301 - \b keeps click from joining the lines


@hospital.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--check", is_flag=True, help="Only say what is wrong with it.")
def load(file: Path, *, check: bool) -> None:
    """Load a hospital's file; see demo/hospital.yaml for all that can stand in it.

    Everything the file names becomes as the file says, in one transaction. What it does not
    name stays; units and codes are retired with "active: false", never deleted. A password in
    the file counts only for somebody who had no account. Load it as often as you like.
    """
    try:
        house, source = check_file(file)
        if check:
            click.echo(f"{file}: {len(house.units)} units, {len(house.staff)} staff, no mistake.")
            return
        loaded = work(lambda runtime: load_house(runtime.database, house, source))
    except HospitalFileError as error:
        raise Failed(str(error)) from error
    except OSError as error:
        raise Failed(f"{file} cannot be read: {error.strerror}.") from error
    click.echo(told(loaded))


def told(loaded: MovedIn) -> str:
    """Say what a load did."""
    if loaded.nothing:
        return "The hospital is as the file says already."
    kinds = [*loaded.new, *(kind for kind in loaded.changed if kind not in loaded.new)]
    parts = [
        f"{kind}: {loaded.new[kind]} new, {loaded.changed[kind]} changed"
        for kind in kinds
        if loaded.new[kind] or loaded.changed[kind]
    ]
    return "\n".join(parts)
