"""`kiss web`, `kiss worker` and `kiss smtp` beside each other, as on several machines."""

import asyncio
import contextlib
import shutil
import signal
import smtplib
import time
from pathlib import Path

import pytest

from core.runtime import Runtime
from core.tickets.submission import Receipt
from intake.mail_sink import sink
from tests.intake.channels.telegram.fake import TOKEN, Person, telegram
from tests.intake.commands.conftest import Kiss
from tests.intake.commands.running import free_port, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

MAIL = (
    b"From: Budi <budi@example.org>\r\nTo: farmasi@rs.example.org\r\nSubject: Obat\r\n\r\n"
    b"Antreannya dua jam.\r\n"
)


async def inbound(runtime: Runtime) -> int:
    async with runtime.database.pool.acquire() as connection:
        return int(await connection.fetchval("SELECT count(*) FROM inbound"))


async def test_pages_are_served_and_the_process_ends_when_told(kiss: Kiss, tmp_path: Path) -> None:
    async with running(tmp_path / "data", dict(kiss.environment), command="web") as web:
        async with asyncio.timeout(60):
            while True:
                with contextlib.suppress(OSError):
                    if await web.visit("/readyz") == 200:
                        break
                await asyncio.sleep(0.2)
        page = await web.report("AC mati, dari proses web.")
        code, seconds = await web.stop(signal.SIGTERM)

    assert "TKT-" in page
    assert (code, seconds < 10) == (0, True)
    assert "dari proses web" in (await kiss("tickets")).out


async def test_mail_is_taken_by_a_process_of_its_own_and_not_by_the_pages(
    kiss: Kiss, runtime: Runtime, tmp_path: Path
) -> None:
    port = free_port()
    async with sink(tmp_path / "outbox") as relay:
        environment = {
            **kiss.environment,
            "KISS_MAIL_URL": f"smtp://127.0.0.1:{relay.port}",
            "KISS_MAIL_FROM_ADDRESS": "halo@rs.example.org",
            "KISS_MAIL_SMTP_LISTEN": f"127.0.0.1:{port}",
        }
        async with running(tmp_path / "data", environment, command="smtp") as smtp:
            await asyncio.to_thread(_send, port)
            code, seconds = await smtp.stop(signal.SIGINT)

    assert await inbound(runtime) == 1
    assert (code, seconds < 10) == (0, True)


async def test_told_to_end_while_an_answer_goes_out_it_sees_that_through(
    kiss: Kiss, runtime: Runtime, tmp_path: Path
) -> None:
    async with telegram() as (fake, url):
        sari = Person(fake)
        fake.fail("sendMessage", late=1.5)
        environment = {
            **kiss.environment,
            "KISS_TELEGRAM_TOKEN": TOKEN,
            "KISS_TELEGRAM_API_URL": url,
        }
        async with running(tmp_path / "data", environment, command="web") as web:
            await fake.enqueue_update(sari.text("/start"), token=TOKEN)
            async with asyncio.timeout(60):
                while True:
                    if not fake.faults:  # the answer is on its way
                        break
                    await asyncio.sleep(0.05)
            code, seconds = await web.stop(signal.SIGTERM)

    assert (code, seconds < 10) == (0, True), web.said
    assert len(fake.texts(sari.id)) == 1
    async with runtime.database.pool.acquire() as connection:
        rows = await connection.fetch("SELECT status, attempts FROM deliveries")
    assert [tuple(row) for row in rows] == [("sent", 1)], web.said


@pytest.mark.broker
async def test_a_worker_joins_sends_what_is_due_and_leaves(
    kiss: Kiss, receipt: Receipt, tmp_path: Path
) -> None:
    redis = shutil.which("redis-server")
    if redis is None:
        pytest.skip("needs redis-server")
    port = free_port()
    server = await asyncio.create_subprocess_exec(
        *(redis, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)),
        stdout=asyncio.subprocess.DEVNULL,
    )
    box = tmp_path / "outbox"
    try:
        async with sink(box) as relay:
            environment = {
                **kiss.environment,
                "BROKER_URL": f"redis://127.0.0.1:{port}",
                "KISS_MAIL_URL": f"smtp://127.0.0.1:{relay.port}",
                "KISS_MAIL_FROM_ADDRESS": "halo@rs.example.org",
            }
            async with running(tmp_path / "data", environment, command="worker") as worker:
                await worker.until("worker: ready")
                async with asyncio.timeout(60):
                    while not list(box.glob("*.eml")):  # noqa: ASYNC110 - another process writes it
                        await asyncio.sleep(0.1)
                code, seconds = await worker.stop(signal.SIGTERM)
    finally:
        server.terminate()
        await server.wait()

    assert (code, seconds < 10) == (0, True), worker.said
    assert any(receipt.number in mail.read_text() for mail in box.glob("*.eml"))


def _send(port: int) -> None:
    """Send a mail as soon as somebody answers."""
    for _ in range(300):
        with contextlib.suppress(ConnectionRefusedError):
            client = smtplib.SMTP("127.0.0.1", port, timeout=10)
            break
        time.sleep(0.2)
    client.sendmail("budi@example.org", ["farmasi@rs.example.org"], MAIL)
    client.quit()
