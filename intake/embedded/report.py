"""What `kiss doctor` tells about the bundled database, without starting or changing anything."""

from dataclasses import dataclass
from pathlib import Path

from intake.embedded import alive
from intake.embedded.binaries import Binaries, find_binaries
from intake.embedded.cluster_folder import STATE, ClusterFolder, locate
from intake.embedded.errors import EmbeddedError, reason
from intake.embedded.server import psql


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterReport:
    """The state of one data folder's database; `problem` is a sentence, or None if all is well."""

    binaries: Binaries | None
    pgdata: Path | None = None
    data_version: str | None = None
    account: str | None = None
    log: Path | None = None
    running: bool = False
    server_version: str | None = None
    problem: str | None = None


def describe(data: Path, *, state: Path = STATE) -> ClusterReport:
    """Report the programs found, what the data folder holds and whether its server answers."""
    try:
        binaries = find_binaries()
    except EmbeddedError as error:
        return ClusterReport(binaries=None, problem=str(error))
    try:
        place = locate(data, state)
        return ClusterReport(binaries=binaries) if place is None else _look(place, binaries)
    except EmbeddedError as error:
        return ClusterReport(binaries=binaries, problem=str(error))
    except OSError as error:
        return ClusterReport(binaries=binaries, problem=f"{reason(error)}.")


def _look(place: ClusterFolder, binaries: Binaries) -> ClusterReport:
    told = psql(place, binaries, "SHOW server_version")
    version = place.version
    problem = None
    if version is not None and version != str(binaries.major):
        problem = f"PostgreSQL {version} wrote the database, the programs are {binaries.version}."
    elif told.returncode != 0 and alive.is_alive(place):
        problem = "The server is being started or stopped, or it does not answer."
    return ClusterReport(
        binaries=binaries,
        pgdata=place.pgdata,
        data_version=version,
        account=place.account.name,
        log=place.log,
        running=told.returncode == 0,
        server_version=told.stdout.strip() or None,
        problem=problem,
    )
