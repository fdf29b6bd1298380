"""250 means committed: by the real inbox, with the process killed and the database gone."""

import asyncio
import contextlib
import dataclasses
import os
import smtplib
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from aiohttp import web

from core.ground.database import plain_url
from core.ground.storage import Storage
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channels.email.channel import EmailChannel
from intake.channels.email.settings import MailSettings, ReceivingSettings
from intake.channels.email.smtp.limits import DEFAULT_LIMITS
from intake.channels.email.smtp.listener import Door, listening
from tests.builders import FARMASI
from tests.intake.channels.email.door import OURS, PERSON, mail, peer
from tests.intake.channels.email.postoffice import PostOffice
from tests.serving import serve


@contextlib.asynccontextmanager
async def serving(url: str, folder: Path, **environment: str) -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.intake.channels.email.served",
        url,
        str(folder),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"KISS_TEST": "1"} | environment,
    )
    assert process.stdout is not None
    try:
        yield int(await process.stdout.readline())
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def handed_in(port: int, content: bytes) -> bool:
    """Send a mail; say whether it was accepted."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            client.sendmail(PERSON, [OURS], content)
    except (smtplib.SMTPServerDisconnected, ConnectionError):
        return False
    return True


@pytest.mark.fault
async def test_killed_between_commit_and_250_the_repeat_is_the_same_mail(
    runtime: Runtime, database_url: str, tmp_path: Path
) -> None:
    office = PostOffice(runtime)
    content = mail("AC mati.", Message_ID="<1@example.org>")

    async with serving(database_url, tmp_path, FAULT_AT="inbound.stored") as port:
        first = await asyncio.to_thread(handed_in, port, content)
    async with serving(database_url, tmp_path) as port:
        again = await asyncio.to_thread(handed_in, port, content)
    runtime.clock.move(days=3650)  # type: ignore[attr-defined]  # the other process's is the machine's
    await office.work_off()

    assert (first, again) == (False, True)
    assert len(await office.rows("SELECT * FROM inbound")) == 1
    assert len(await office.tickets()) == 1


@contextlib.asynccontextmanager
async def door(office: PostOffice, store_seconds: float = 15) -> AsyncIterator[int]:
    channel = office.channel
    told = Door(port=0, limits=replace(DEFAULT_LIMITS, store_seconds=store_seconds))
    async with listening(told, channel.accept, channel.knows) as port:
        yield port


async def test_what_was_answered_250_lies_in_the_inbox(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    content = mail("Selamat pagi.", Message_ID="<1@example.org>")

    async with door(office) as port:
        assert await asyncio.to_thread(handed_in, port, content)
        assert await asyncio.to_thread(handed_in, port, content)

    [row] = await office.rows("SELECT * FROM inbound")
    assert row["raw"] == content
    assert (row["external_id"], row["status"]) == ("1@example.org", "pending")
    assert row["envelope"]["sender"] == PERSON
    assert row["envelope"]["recipients"] == [OURS]
    assert row["received_at"] == runtime.clock()


async def test_the_directory_decides_who_is_known(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    token = office.tokens.reply_address(FARMASI)
    known = (OURS, "FARMASI@rs.example.org", "apotek+lantai2@rs.example.org", token)
    always = ("postmaster@rs.example.org", "bounce+x@rs.example.org")
    strange = ("melati@rs.example.org", "petugas@rs.example.org", "farmasi@gmail.example.com")

    async with door(office) as port, peer(port) as one:
        await one.say(f"MAIL FROM:<{PERSON}>")
        answers = {
            address: (await one.say(f"RCPT TO:<{address}>"))[:3]
            for address in (*known, *always, *strange)
        }

    assert [address for address, code in answers.items() if code == "250"] == [*known, *always]
    assert {answers[address] for address in strange} == {"550"}


async def test_a_database_that_is_away_is_451_and_comes_back(
    database_url: str, runtime: Runtime
) -> None:
    office = PostOffice(runtime)
    async with door(office, store_seconds=2) as port, peer(port) as one:
        await one.begin()
        await _cut(database_url)
        connection = await asyncpg.connect(plain_url(database_url))
        await connection.execute("BEGIN; LOCK TABLE inbound")
        one.send(mail("x", Message_ID="<1@example.org>") + b".\r\n")
        assert (await one.answer()).startswith("451")
        await connection.close()
        await one.begin()
        one.send(mail("x", Message_ID="<1@example.org>") + b".\r\n")
        assert (await one.answer()).startswith("250")

    assert len(await office.rows("SELECT * FROM inbound")) == 1


async def _cut(url: str) -> None:
    connection = await asyncpg.connect(plain_url(url))
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def test_a_full_disk_is_452(runtime: Runtime, tmp_path: Path) -> None:
    full = Storage.open(tmp_path / "full", reserve=1 << 60)
    office = PostOffice(dataclasses.replace(runtime, storage=full))

    async with door(office) as port, peer(port) as one:
        await one.begin()
        one.send(mail("x" * 400_000) + b".\r\n")
        assert (await one.answer()).startswith("452")


async def test_the_application_keeps_the_doors_that_the_settings_name(runtime: Runtime) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    sending = MailSettings(url="smtp://127.0.0.1:9", from_address=OURS)
    receiving = ReceivingSettings(smtp_listen=f"127.0.0.1:{port}")
    app = web.Application()
    EmailChannel(runtime, sending, receiving).mount(app, Desk(runtime))

    async with serve(app):
        assert await asyncio.to_thread(handed_in, port, mail("x", Message_ID="<1@example.org>"))
    with pytest.raises(ConnectionError):
        await asyncio.open_connection("127.0.0.1", port)

    assert len(await PostOffice(runtime).rows("SELECT * FROM inbound")) == 1
