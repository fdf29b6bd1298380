"""Accounts and folders: root, ordinary users, private folders, long paths."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from intake import embedded
from intake.embedded import EmbeddedError
from intake.embedded.binaries import Binaries
from intake.embedded.cluster_folder import POINTER
from tests.intake.embedded.tools import Hold, as_root, ask


def python_for_everybody() -> str:
    """Return an interpreter that another account can run, or skip."""
    for python in (sys.executable, "/usr/bin/python3"):
        probe = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        try:
            subprocess.run(probe, check=True, user="nobody", extra_groups=[])
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.skip("no Python here that the account nobody can run")


def owned_by_nobody(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    shutil.chown(folder, "nobody", "nogroup")
    return folder


@as_root
def test_root_lends_the_database_an_account_and_opens_nothing_else(ground: Path) -> None:
    with embedded.running(ground / "data", state=ground / "state") as server:
        assert server.process is not None
        process = Path(f"/proc/{server.process.pid}").stat()
        files = server.place.pgdata.stat()

    assert server.place.account.name in {"postgres", "nobody"}
    assert process.st_uid == files.st_uid == pwd.getpwnam(server.place.account.name).pw_uid
    assert stat.S_IMODE(files.st_mode) == 0o700
    assert (ground / "data").stat().st_uid == 0


@as_root
def test_root_runs_a_users_database_as_that_user(ground: Path, hold: Hold) -> None:
    data = owned_by_nobody(ground / "data")
    with embedded.running(data, state=ground / "state") as server:
        ask(server, "CREATE TABLE report ()")
        assert server.place.account.name == "nobody"

    later = hold(data, python=python_for_everybody(), user="nobody").read()

    assert (later.get("account"), later.get("owned")) == ("nobody", True), later


@as_root
def test_an_ordinary_user_needs_nobody(ground: Path, hold: Hold) -> None:
    data = owned_by_nobody(ground / "data")

    facts = hold(data, python=python_for_everybody(), user="nobody").read()

    assert facts == {
        "owned": True,
        "postmaster": facts["postmaster"],
        "account": "nobody",
        "pgdata": str(data / "postgres"),
    }


@as_root
def test_another_accounts_database_is_refused_by_name(ground: Path, hold: Hold) -> None:
    python = python_for_everybody()
    data = ground / "data"
    data.mkdir(mode=0o755)
    with embedded.running(data, state=ground / "state") as server:
        owner = server.place.account.name
    if owner == "nobody":
        pytest.skip("no account postgres here")

    facts = hold(data, python=python, user="nobody").read()

    assert f"belongs to the account {owner}, but this is nobody" in str(facts["error"])


@as_root
def test_a_cluster_that_root_restored_is_handed_over(ground: Path) -> None:
    with embedded.running(ground / "data", state=ground / "state") as server:
        ask(server, "CREATE TABLE report AS SELECT 7 AS id")
    for folder, _, names in os.walk(server.place.pgdata):
        for path in (folder, *(f"{folder}/{name}" for name in names)):
            os.chown(path, 0, 0)

    with embedded.running(ground / "data", state=ground / "state") as server:
        assert ask(server, "SELECT id FROM report") == "7"


@as_root
def test_data_in_roots_private_folder_has_its_cluster_in_the_state_folder(ground: Path) -> None:
    private = ground / "root"
    private.mkdir(mode=0o700)
    with embedded.running(private / "clone/data", state=ground / "state") as server:
        ask(server, "CREATE TABLE report AS SELECT 7 AS id")
    assert server.place.home.parent == ground / "state/clusters"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700

    (private / "clone").rename(private / "moved")
    with embedded.running(private / "moved/data", state=ground / "state") as server:
        found = ask(server, "SELECT id FROM report")
    with embedded.running(private / "clone/data", state=ground / "state") as fresh:
        tables = ask(fresh, "SELECT count(*) FROM pg_tables WHERE tablename = 'report'")

    assert found == "7", "a moved folder keeps its database"
    assert tables == "0", "a new folder never finds an old one"


@as_root
@pytest.mark.parametrize("name", ["0123456789abcdef", "../../etc", "", "é"])
def test_a_pointer_to_nowhere_is_refused_not_followed(ground: Path, name: str) -> None:
    data = ground / "data"
    data.mkdir()
    (data / POINTER).write_text(name)

    with pytest.raises(EmbeddedError, match="names a database that is not in"):
        embedded.start(data, state=ground / "state")

    assert not (data / "postgres").exists()


@as_root
def test_a_cluster_that_became_unreachable_is_refused_not_replaced(ground: Path) -> None:
    with embedded.running(ground / "box/data", state=ground / "state"):
        pass
    (ground / "box").chmod(0o700)

    with pytest.raises(EmbeddedError, match="may not enter"):
        embedded.start(ground / "box/data", state=ground / "state")


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(ground: Path) -> None:
    data = ground / ("long-" * 20) / ("path-" * 20)

    with embedded.running(data, state=ground / "state") as server:
        answer = ask(server, "SELECT 1")
        mode = stat.S_IMODE(server.place.sockets.stat().st_mode)
        length = len(os.fsencode(server.place.socket))
        with embedded.running(data, state=ground / "state") as guest:
            assert not guest.owned
    server.place.sockets.rmdir()

    assert (answer, mode) == ("1", 0o700)
    assert length <= 103


def test_a_socket_folder_prepared_by_somebody_else_is_refused(ground: Path) -> None:
    data = ground / ("long-" * 20) / ("path-" * 20)
    with embedded.running(data, state=ground / "state") as server:
        pass
    server.place.sockets.chmod(0o777)

    with pytest.raises(EmbeddedError, match="not a private folder"):
        embedded.start(data, state=ground / "state")
    server.place.sockets.rmdir()


@as_root
def test_programs_in_a_private_folder_are_copied_once(
    ground: Path, private_programs: Binaries
) -> None:
    data, state = ground / "data", ground / "state"
    before = os.umask(0o077)

    try:
        with embedded.running(data, state=state, binaries=private_programs) as server:
            first = server.binaries.folder
        with embedded.running(data, state=state, binaries=private_programs) as server:
            second = server.binaries.folder
            report = embedded.describe(data, state=state)
    finally:
        os.umask(before)

    assert first == second
    assert report.running
    assert first.is_relative_to(state / "binaries")
    assert len(list((state / "binaries").iterdir())) == 1
    assert stat.S_IMODE((ground / "private").stat().st_mode) == 0o700
