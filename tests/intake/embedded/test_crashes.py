"""kill -9 of everything: what was committed is there, and the server comes back."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from intake import embedded
from intake.embedded import EmbeddedError, Server
from intake.embedded.alive import _ps_shows_postgres, is_postmaster, noted_pid
from tests.intake.embedded.tools import Hold, ask, eventually, for_asyncpg

pytestmark = pytest.mark.fault


def kill_postmaster(server: Server) -> int:
    """Kill it and wait until it is a zombie, which it stays until somebody collects it."""
    assert server.process is not None
    pid = server.process.pid
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: state_of(pid) == "Z")
    return pid


def state_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.fixture
def server(ground: Path) -> Iterator[Server]:
    """A server with one committed row."""
    with embedded.running(ground / "data", state=ground / "state") as running:
        ask(running, "CREATE TABLE report (id int); INSERT INTO report VALUES (7)")
        yield running


def test_a_start_succeeds_while_the_dead_postmaster_is_still_a_zombie(
    ground: Path, server: Server
) -> None:
    pid = kill_postmaster(server)

    with embedded.running(ground / "data", state=ground / "state") as next_one:
        found = ask(next_one, "SELECT id FROM report")
        owned = next_one.owned
        state = state_of(pid)

    assert (found, owned, state) == ("7", True, "Z")


@pytest.mark.parametrize("stranger", ["a process", "another cluster's postmaster", "ourselves"])
def test_a_start_succeeds_though_the_noted_number_belongs_to(
    ground: Path, server: Server, postgres_server: Server, stranger: str
) -> None:
    kill_postmaster(server)
    server.stop()
    note = server.place.pgdata / "postmaster.pid"
    _, _, rest = note.read_text().partition("\n")

    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        numbers = {
            "a process": process.pid,
            "another cluster's postmaster": noted_pid(postgres_server.place),
            "ourselves": os.getpid(),
        }
        note.write_text(f"{numbers[stranger]}\n{rest}")
        with embedded.running(ground / "data", state=ground / "state") as next_one:
            found = ask(next_one, "SELECT id FROM report")
        process.communicate(b"\n")

    assert found == "7"


def test_only_a_living_postgres_of_this_cluster_counts_as_its_postmaster(
    server: Server, postgres_server: Server
) -> None:
    living = noted_pid(server.place)
    other = noted_pid(postgres_server.place)
    assert living is not None
    assert other is not None

    assert is_postmaster(living, server.place)
    assert not is_postmaster(other, server.place)
    assert not is_postmaster(os.getpid(), server.place)
    assert not is_postmaster(kill_postmaster(server), server.place)


@pytest.mark.skipif(shutil.which("ps") is None, reason="ps is not installed")
def test_without_proc_ps_tells_a_living_postgres(server: Server) -> None:
    living = noted_pid(server.place)
    assert living is not None

    assert _ps_shows_postgres(living)
    assert not _ps_shows_postgres(os.getpid())
    assert not _ps_shows_postgres(kill_postmaster(server))


def test_the_server_shuts_down_cleanly_when_its_supervisor_is_killed(
    ground: Path, hold: Hold
) -> None:
    holder = hold(ground / "data")
    postmaster = Path(f"/proc/{holder.read()['postmaster']}")
    log = ground / "data/server.log"

    holder.kill()

    eventually(lambda: not postmaster.exists())
    said = log.read_text()
    assert "received fast shutdown request" in said
    assert said.rstrip().endswith("database system is shut down")
    assert not (ground / "data/postgres/postmaster.pid").exists()


def test_supervisor_and_postmaster_killed_together(ground: Path, hold: Hold) -> None:
    holder = hold(ground / "data")
    postmaster = holder.read()["postmaster"]
    assert isinstance(postmaster, int)

    os.kill(postmaster, signal.SIGKILL)
    holder.kill()

    with embedded.running(ground / "data", state=ground / "state") as server:
        assert server.owned


def test_a_start_waits_for_the_end_of_a_dying_server(ground: Path, hold: Hold) -> None:
    holder = hold(ground / "data")
    holder.read()

    holder.process.kill()
    with embedded.running(ground / "data", state=ground / "state") as server:
        owned = server.owned
        answer = ask(server, "SELECT 1")

    assert (owned, answer) == (True, "1")


def test_a_killed_initdb_leaves_nothing_that_looks_whole(ground: Path, hold: Hold) -> None:
    unfinished = ground / "data/postgres.new"
    holder = hold(ground / "data")

    eventually((unfinished / "PG_VERSION").exists)
    holder.kill()

    with embedded.running(ground / "data", state=ground / "state") as server:
        assert ask(server, "SELECT count(*) > 0 FROM pg_collation") == "t"
    assert not unfinished.exists()


def test_recovery_may_take_longer_than_the_given_time(ground: Path, server: Server) -> None:
    server.stop()
    (server.place.pgdata / "recovery.signal").touch()
    server.place.account.own(server.place.pgdata / "recovery.signal")
    slow = {"restore_command": "sleep 1.5; false"}  # asked for two files

    with embedded.running(
        ground / "data", state=ground / "state", settings=slow, timeout_seconds=2
    ) as recovered:
        assert ask(recovered, "SELECT id FROM report") == "7"


def test_a_copy_of_the_handle_in_another_process_does_not_stop_the_server(server: Server) -> None:
    forked = replace(server, starter=os.getppid())

    forked.stop()

    assert not forked.owned
    assert ask(server, "SELECT 1") == "1"


@pytest.mark.slow
def test_a_frozen_server_is_reported_and_not_waited_for_for_ever(
    ground: Path, server: Server
) -> None:
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGSTOP)

    try:
        report = embedded.describe(ground / "data", state=ground / "state")
        with pytest.raises(EmbeddedError, match="did not answer"):
            embedded.start(ground / "data", state=ground / "state", timeout_seconds=0.5)
    finally:
        os.kill(server.process.pid, signal.SIGCONT)

    assert not report.running
    assert report.problem is not None
    assert "does not answer" in report.problem


def test_a_healthy_server_is_not_revived(server: Server) -> None:
    assert embedded.revive(server) is False


def test_a_guest_becomes_the_owner_when_the_first_one_has_gone(ground: Path, hold: Hold) -> None:
    holder = hold(ground / "data")
    holder.read()

    with embedded.running(ground / "data", state=ground / "state") as guest:
        assert embedded.revive(guest) is False
        holder.close()

        assert embedded.revive(guest) is True
        assert guest.owned
        assert ask(guest, "SELECT 1") == "1"


async def test_the_watch_brings_the_server_back(server: Server) -> None:
    watching = asyncio.create_task(embedded.watch(server, pause_seconds=0.05))
    await asyncio.sleep(0)

    pid = kill_postmaster(server)
    async with asyncio.timeout(20):
        while server.process is None or server.process.pid == pid:  # noqa: ASYNC110 - a kill tells nobody
            await asyncio.sleep(0.02)
    found = ask(server, "SELECT id FROM report")
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching

    assert found == "7"
    assert not Path(f"/proc/{pid}").exists(), "no zombie is left"


async def write(server: Server, acknowledged: list[int]) -> None:
    """Commit numbers one by one until the connection breaks."""
    connection = await asyncpg.connect(for_asyncpg(server, "postgres"))
    broken = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
    with contextlib.suppress(*broken):
        while True:
            number = len(acknowledged) + 100
            await connection.execute("INSERT INTO report VALUES ($1)", number)
            acknowledged.append(number)
    connection.terminate()


async def test_twenty_kills_lose_no_acknowledged_row(server: Server) -> None:
    acknowledged: list[int] = []

    for round_number in range(20):
        writing = asyncio.create_task(write(server, acknowledged))
        before = len(acknowledged)
        while len(acknowledged) < before + 5:  # noqa: ASYNC110 - the writer tells nobody
            await asyncio.sleep(0.005)
        await asyncio.sleep(round_number * 0.002)
        kill_postmaster(server)
        await writing
        assert embedded.revive(server)

    present = {int(line) for line in ask(server, "SELECT id FROM report").splitlines()}
    assert len(acknowledged) >= 100
    assert set(acknowledged) <= present
