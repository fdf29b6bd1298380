import asyncio
import os
import signal
import sys
import textwrap
from pathlib import Path

import pytest

from core.ground.settings import Settings
from core.jobs.raw_messages import RawMessages
from core.opening import open_runtime
from core.runtime import Runtime
from intake.channel import Outgoing
from notifier.worker import _for_ever, background
from tests.builders import Hands
from tests.intake.raw import Reader
from tests.notifier.posting import CHAT, Provider, many, registry, report, rows, statuses, until
from tests.root import ROOT
from tests.serving import WAKES


async def test_beside_a_server_news_leaves_within_a_moment(runtime: Runtime) -> None:
    provider = Provider()
    async with background(runtime, registry(provider), wakes=WAKES):
        receipt = await report(runtime)
        await until(lambda: _are(runtime, ["sent"]), seconds=5)

    assert provider.accepted[0].ticket_id == receipt.ticket_id


async def test_a_start_wonders_at_nothing(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    async with background(runtime, registry(), wakes=WAKES):
        pass

    assert [record.getMessage() for record in caplog.records if record.levelno > 20] == []


async def test_a_queue_whose_work_hangs_holds_no_other_up(runtime: Runtime) -> None:
    let_go = asyncio.Event()

    async def hang(_outgoing: Outgoing) -> str:
        await let_go.wait()
        return "at last"

    sending, reading = Provider(CHAT, *[hang] * 4), Reader()
    reading.name = "email"
    async with background(runtime, registry(sending, reading), threads=2, wakes=WAKES):
        await many(runtime, recipients=4, each=1)
        runtime.bell.ring("deliveries")

        async def all_hang() -> bool:
            return len(sending.asked) == 2

        await until(all_hang)
        await RawMessages(runtime).store("email", "m1", b"Halo", {}, runtime.clock())

        async def is_read() -> bool:
            return len(reading.read) == 1

        await until(is_read, seconds=5)
        let_go.set()


async def test_what_is_left_at_the_end_stays_in_its_row(runtime: Runtime) -> None:
    async with background(runtime, registry(), works=False):
        await report(runtime)
        await until(lambda: _are(runtime, ["queued"]))

    assert await statuses(runtime) == ["queued"]


async def test_a_database_that_is_away_stops_nothing_for_good(
    tmp_path: Path, hands: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    loops = ("relay deliveries", "relay inbound", "relay chat-files", "periodic jobs")
    settings = Settings(data=tmp_path, secret_key="a secret for tests, and long enough")
    nowhere = f"postgresql://postgres@/kiss?host={tmp_path}/nowhere"
    async with open_runtime(settings, nowhere, clock=hands) as ill, background(ill, registry()):

        async def all_complained() -> bool:
            return all(
                f"{loop}: DatabaseAwayError; again in 1.0 s" in caplog.text for loop in loops
            )

        await until(all_complained)


async def test_a_loop_that_failed_runs_again() -> None:
    runs = 0

    async def run() -> None:
        nonlocal runs
        runs += 1
        raise ValueError

    task = asyncio.create_task(_for_ever("a loop", run))

    async def ran_twice() -> bool:
        return runs == 2

    await until(ran_twice)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_worker_process_finishes_its_work_on_sigterm(
    runtime: Runtime, database_url: str, tmp_path: Path
) -> None:
    """A real process, a real mail; SIGTERM while the mail server is slow to answer."""
    slow = _SlowToAccept()
    server = await asyncio.start_server(slow.talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await report(runtime, ("email", "ibu@example.org"))
    environment = {
        "KISS_DATA": str(tmp_path),
        "KISS_SECRET_KEY": "a secret for tests, and long enough",
        "KISS_MAIL_URL": f"smtp://127.0.0.1:{port}",
        "KISS_MAIL_FROM_ADDRESS": "kiss@rs.example.org",
        "PATH": "/usr/bin:/bin",
    } | {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    code = textwrap.dedent(
        f"""
        from core.ground.settings import Settings
        from notifier.worker import main
        main(Settings(), {database_url!r}, threads=2)
        """
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, env=environment, cwd=ROOT
    )
    try:
        await asyncio.wait_for(slow.has_content.wait(), 60)
        process.send_signal(signal.SIGTERM)
        slow.may_answer.set()
        async with asyncio.timeout(30):
            code_at_end = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
        server.close()

    assert code_at_end == 0
    [row] = await rows(runtime, "SELECT status, provider_id FROM deliveries")
    assert row["status"] == "sent"
    assert str(row["provider_id"]).endswith("@rs.example.org>")


class _SlowToAccept:
    """A mail server that says 250 to a content only when it may."""

    def __init__(self) -> None:
        self.has_content = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 slow.invalid\r\n")
        while line := await reader.readline():
            verb = line.split()[0].upper()
            if verb == b"DATA":
                writer.write(b"354 go\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                self.has_content.set()
                await self.may_answer.wait()
                await asyncio.sleep(0.5)
            writer.write(b"250 ok\r\n")
            if verb == b"QUIT":
                break
        writer.close()


async def _are(runtime: Runtime, expected: list[str]) -> bool:
    return await statuses(runtime) == expected
