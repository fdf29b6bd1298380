"""The data on disk: made whole or not at all, and only opened by the version that wrote it."""

import logging
import os
import shutil
import subprocess
from pathlib import Path

from intake.embedded import disk_space
from intake.embedded.account import OsAccount
from intake.embedded.binaries import Binaries
from intake.embedded.cluster_folder import ClusterFolder
from intake.embedded.errors import EmbeddedError

log = logging.getLogger(__name__)

BUILTIN_LOCALE_SINCE = 17
INIT_SECONDS = 120


def prepare(place: ClusterFolder, programs: Binaries, lock: int) -> None:
    """Make the cluster ready to start: created if missing, right version and owner, room left.

    `lock` is the held lock's descriptor; initdb inherits it, so nobody interferes if we die.
    Raises EmbeddedError.
    """
    written_by = place.version
    disk_space.require(
        place.home, disk_space.TO_START_MB if written_by else disk_space.TO_CREATE_MB
    )
    if written_by is None:
        _create(place, programs, lock)
        return
    _require_major(place, written_by, programs)
    if place.account.borrowed and place.pgdata.stat().st_uid != place.account.uid:
        _hand_over(place.pgdata, place.account)
    place.pgdata.chmod(0o700)


def _require_major(place: ClusterFolder, written_by: str, programs: Binaries) -> None:
    if written_by != str(programs.major):
        raise EmbeddedError(
            f"The database in {place.pgdata} was written by PostgreSQL {written_by}, but "
            f"{programs.source} has {programs.version}. Install version {written_by} again and "
            f"save everything while kiss runs: pg_dumpall -h {place.sockets} -U postgres >all.sql. "
            f"Then stop kiss, move {place.pgdata} aside, start kiss with version {programs.major} "
            f"and load the file: psql -h {place.sockets} -U postgres -f all.sql postgres."
        )


def _create(place: ClusterFolder, programs: Binaries, lock: int) -> None:
    """Run initdb aside and rename: a killed initdb leaves nothing that looks whole."""
    fresh = place.pgdata.with_name("postgres.new")
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(mode=0o700)
    place.account.own(fresh)
    _initdb(fresh, place.account, programs, lock)
    if place.pgdata.is_dir():
        place.pgdata.rmdir()  # an empty folder may stand there; a full one is not ours to remove
    fresh.rename(place.pgdata)
    folder = os.open(place.home, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    log.info("A new PostgreSQL %s database was made in %s", programs.version, place.pgdata)


def _initdb(pgdata: Path, account: OsAccount, programs: Binaries, lock: int) -> None:
    locale: tuple[str, ...] = ("--locale=C",)
    if programs.major >= BUILTIN_LOCALE_SINCE:
        locale = ("--locale-provider=builtin", "--locale=C.UTF-8")
    try:
        told = account.run(
            programs / "initdb", "-D", pgdata, "-U", "postgres", "-E", "UTF8", "-k",
            "--auth-local=trust", "--auth-host=scram-sha-256", "--no-instructions", *locale,
            seconds=INIT_SECONDS, pass_fds=(lock,),
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise EmbeddedError(
            f"initdb did not finish in {pgdata} within {INIT_SECONDS} s."
        ) from error
    if told.returncode != 0:
        raise EmbeddedError(f"initdb could not make a database in {pgdata}: {told.stderr.strip()}")


def _hand_over(pgdata: Path, account: OsAccount) -> None:
    """Give a cluster that root restored from a backup to the account that runs it."""
    for folder, subfolders, files in os.walk(pgdata):
        for path in (Path(folder), *(Path(folder) / name for name in (*subfolders, *files))):
            account.own(path)
