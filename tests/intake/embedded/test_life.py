"""Starting, attaching, stopping; and what is promised while it runs."""

import subprocess
import threading
import time
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from intake import embedded
from intake.embedded import EmbeddedError, Server
from tests.intake.embedded.tools import Hold, ask, eventually, for_asyncpg


def test_what_was_committed_is_there_after_a_fast_second_start(ground: Path) -> None:
    with embedded.running(ground / "data", state=ground / "state") as server:
        ask(server, "CREATE TABLE report (id int); INSERT INTO report VALUES (7)")
    began = time.monotonic()

    with embedded.running(ground / "data", state=ground / "state") as server:
        seconds = time.monotonic() - began
        found = ask(server, "SELECT id FROM report")

    assert found == "7"
    assert server.owned is False, "it has been stopped"
    assert seconds < 3, "0.1 s on an idle machine"


async def test_both_urls_reach_a_database_with_any_name(ground: Path) -> None:
    name = "rumah sakit \"A\" 'B' %C/é?&=x"

    with embedded.running(ground / "data", state=ground / "state") as server:
        assert server.create_database(name) is True
        assert server.create_database(name) is False
        connection = await asyncpg.connect(for_asyncpg(server, name))
        plain = await connection.fetchval("SELECT current_database()")
        await connection.close()
        engine = create_async_engine(server.dsn(name))
        async with engine.connect() as session:
            mapped = (await session.execute(text("SELECT current_database()"))).scalar_one()
        await engine.dispose()

    assert plain == mapped == name


@pytest.mark.parametrize("name", ["", "n" * 64, "a\0b"])
def test_a_name_that_postgresql_would_change_is_refused(postgres_server: Server, name: str) -> None:
    with pytest.raises(EmbeddedError, match="1 to 63 bytes"):
        postgres_server.create_database(name)


def test_text_is_utf8_time_is_utc_and_checksums_are_on(ground: Path) -> None:
    asked = ("SHOW server_encoding", "SHOW timezone", "SHOW data_checksums")
    locale = "SELECT datlocale, datctype FROM pg_database WHERE datname = 'template1'"

    with embedded.running(ground / "data", state=ground / "state") as server:
        found = [ask(server, sql) for sql in (*asked, locale)]

    assert found == ["UTF8", "UTC", "on", "C.UTF-8|C.UTF-8"]


def test_commits_reach_the_disk_even_if_the_configuration_says_no(ground: Path) -> None:
    promises = ("fsync", "full_page_writes", "listen_addresses")
    with embedded.running(ground / "data", state=ground / "state") as server:
        ask(server, "ALTER SYSTEM SET fsync = off")
        ask(server, "ALTER SYSTEM SET full_page_writes = off")
        ask(server, "ALTER SYSTEM SET listen_addresses = '*'")

    with embedded.running(ground / "data", state=ground / "state") as server:
        found = [ask(server, f"SHOW {name}") for name in promises]

    assert found == ["on", "on", ""]


@pytest.mark.parametrize("name", ["fsync", "Full_Page_Writes", "listen_addresses", "port"])
def test_a_promise_cannot_be_set_away(ground: Path, name: str) -> None:
    with pytest.raises(EmbeddedError, match=f"{name} is fixed"):
        embedded.start(ground / "data", settings={name: "off"})


def test_what_is_not_a_name_of_a_setting_is_refused(ground: Path) -> None:
    with pytest.raises(EmbeddedError, match="not the name"):
        embedded.start(ground / "data", settings={"work_mem=1MB -c fsync": "off"})


def test_settings_reach_the_server(ground: Path) -> None:
    wished: dict[str, str | int] = {"max_connections": 17, "application_name": "a b"}

    with embedded.running(ground / "data", state=ground / "state", settings=wished) as server:
        assert ask(server, "SHOW max_connections") == "17"


def test_a_wrong_setting_is_told_at_once_in_the_servers_words(ground: Path) -> None:
    began = time.monotonic()

    with pytest.raises(EmbeddedError, match=r'invalid value for parameter "max_connections"'):
        embedded.start(
            ground / "data", state=ground / "state", settings={"max_connections": "many"}
        )

    assert time.monotonic() - began < 20, "it must not be tried for a minute"


def test_only_a_private_socket_listens(ground: Path) -> None:
    with embedded.running(ground / "data", state=ground / "state") as server:
        assert server.process is not None
        links = Path(f"/proc/{server.process.pid}/fd").iterdir()
        mine = {str(link.readlink()) for link in links}
        tables = [
            Path(f"/proc/net/{kind}").read_text().splitlines()[1:] for kind in ("tcp", "tcp6")
        ]
        listening = {f"socket:[{line.split()[9]}]" for table in tables for line in table}
        modes = [path.stat().st_mode & 0o777 for path in (server.place.pgdata, server.place.socket)]
        log_mode = server.place.log.stat().st_mode & 0o777

    assert any(name.startswith("socket:") for name in mine)
    assert not mine & listening
    assert modes == [0o700, 0o700]
    assert log_mode == 0o600


def test_the_log_holds_nothing_a_person_wrote(ground: Path) -> None:
    with embedded.running(ground / "data", state=ground / "state") as server:
        ask(server, "CREATE TABLE person (name text UNIQUE); INSERT INTO person VALUES ('Sari')")
        with pytest.raises(AssertionError):
            ask(server, "INSERT INTO person VALUES ('Sari')")
        said = server.place.log.read_text()

    assert "duplicate key" in said
    assert "Sari" not in said


def test_a_second_process_attaches_and_leaves_the_server_running(ground: Path, hold: Hold) -> None:
    owner = hold(ground / "data")
    assert owner.read()["owned"] is True

    with embedded.running(ground / "data", state=ground / "state") as guest:
        owned = guest.owned

    assert owned is False
    assert ask(guest, "SELECT 1") == "1"


def test_of_three_starts_at_once_one_owns_the_server(ground: Path, hold: Hold) -> None:
    holders = [hold(ground / "data") for _ in range(3)]

    facts = [holder.read() for holder in holders]

    assert sorted(str(fact.get("owned")) for fact in facts) == ["False", "False", "True"], facts


def test_a_thread_may_not_start_it(ground: Path) -> None:
    caught: list[EmbeddedError] = []

    def begin() -> None:
        try:
            embedded.start(ground / "data", state=ground / "state").stop()
        except EmbeddedError as error:
            caught.append(error)

    thread = threading.Thread(target=begin)
    thread.start()
    thread.join()

    assert "main thread" in str(caught[0])


def by_hand(server: Server, *settings: str) -> "subprocess.Popen[bytes]":
    """Start the (stopped) server as an administrator would, without our lock."""
    place = server.place
    return subprocess.Popen(
        [
            str(server.binaries / "postgres"),
            *("-D", str(place.pgdata), "-k", str(place.sockets), "-h", "", *settings),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **place.account.identity,
    )


def test_a_server_started_by_hand_is_used_and_left_alone(ground: Path) -> None:
    with embedded.running(ground / "data", state=ground / "state") as server:
        pass
    process = by_hand(server)

    try:
        eventually(server.place.socket.exists)
        with embedded.running(ground / "data", state=ground / "state") as guest:
            owned = guest.owned
            revived = embedded.revive(guest)
        answer = ask(guest, "SELECT 1")
    finally:
        process.terminate()
        process.wait()

    assert (owned, revived, answer) == (False, False, "1")


def test_a_server_that_forgets_in_a_crash_is_refused(ground: Path) -> None:
    with embedded.running(ground / "data", state=ground / "state") as server:
        pass
    process = by_hand(server, "-c", "fsync=off")

    try:
        eventually(server.place.socket.exists)
        with pytest.raises(EmbeddedError, match="fsync or full_page_writes off"):
            embedded.start(ground / "data", state=ground / "state")
    finally:
        process.terminate()
        process.wait()
