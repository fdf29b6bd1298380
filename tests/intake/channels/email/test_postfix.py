"""A real Postfix in front: it hands mail over by LMTP, relays ours, and tells us what came back."""

import asyncio
import contextlib
import smtplib
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.ground.database import DatabaseAwayError
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.submission import Address, Submitter
from intake.channels.email.channel import EmailChannel
from intake.channels.email.raw_mail import RawMail
from intake.channels.email.smtp.listener import Door, listening
from tests.builders import OFFICER, submission
from tests.intake.channels.email.door import OURS, PERSON, mail
from tests.intake.channels.email.outside import NOBODY, Outside, channel_to, outside, send_notices
from tests.intake.channels.email.postfix import needed, postfix
from tests.intake.channels.email.postoffice import PostOffice

pytestmark = [needed(), pytest.mark.slow]


@dataclass
class Hospital:
    """Our side behind its own Postfix."""

    office: PostOffice
    channel: EmailChannel
    world: Outside
    port: int
    faults: list[Exception] = field(default_factory=list)

    async def accept(self, letter: RawMail) -> None:
        if self.faults:
            raise self.faults.pop()
        await self.channel.accept(letter)

    async def hand_in(self, content: bytes, *to: str) -> None:
        await asyncio.to_thread(_hand_in, self.port, content, list(to))

    async def until(self, is_true: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(40):
            while not await is_true():
                await self.office.work_off(self.channel)
                await asyncio.sleep(0.1)


def _hand_in(port: int, content: bytes, to: list[str]) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.sendmail(PERSON, to, content)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(lmtp: int, sink: int) -> Iterator[int]:
    with tempfile.TemporaryDirectory(prefix="kiss-postfix-") as name:
        Path(name).chmod(0o755)
        port = free_port()
        with postfix(Path(name) / "run", port=port, lmtp=lmtp, sink=sink):
            _wait_for(port)
            yield port


def _wait_for(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), 5).close()
            return
        time.sleep(0.1)


@pytest.fixture
async def hospital(runtime: Runtime) -> AsyncIterator[Hospital]:
    lmtp = free_port()
    async with outside() as world:
        office = PostOffice(runtime)
        await office.rows("UPDATE units SET contact_email = NULL")
        with running(lmtp, world.port) as port:
            one = Hospital(office, channel_to(runtime, port), world, port)
            door = Door(port=lmtp, lmtp=True, trusted=frozenset({"127.0.0.1"}))
            async with listening(door, one.accept, one.channel.knows):
                yield one


async def test_a_report_its_answers_and_its_notices_go_round(hospital: Hospital) -> None:
    office, world = hospital.office, hospital.world

    await hospital.hand_in(mail("AC mati.", Message_ID="<1@example.org>"), OURS)
    await hospital.until(lambda: _count(office, "tickets", 1))
    await send_notices(office.runtime, hospital.channel)
    await hospital.until(lambda: _arrived(world, 1))
    [receipt] = world.to(PERSON)
    assert receipt.message["In-Reply-To"] == "<1@example.org>"
    assert receipt.sender.startswith("bounce+")

    answer = mail("Masih mati.", In_Reply_To=str(receipt.message["Message-ID"]))
    await hospital.hand_in(answer, str(receipt.message["Reply-To"]))
    await hospital.until(lambda: _count(office, "messages", 2))
    [ticket] = await office.tickets()

    await Casework(office.runtime).reply(ticket["id"], "Teknisi datang.", by=OFFICER)
    await send_notices(office.runtime, hospital.channel)
    await hospital.until(lambda: _arrived(world, 2))

    assert "Teknisi datang." in str(world.to(PERSON)[1].message)


async def test_what_postfix_cannot_deliver_comes_back_as_a_bounce(hospital: Hospital) -> None:
    office = hospital.office
    address = Address(channel="email", address=NOBODY, confirmed=True)
    await Desk(office.runtime).submit(
        submission(submitter=Submitter(email=NOBODY), addresses=(address,))
    )

    await send_notices(office.runtime, hospital.channel)
    await hospital.until(lambda: _count(office, "deliveries WHERE status = 'failed'", 1))

    [notice] = await office.notices()
    assert notice["last_error"].startswith("returned: unknown_recipient")
    [lost] = await office.rows("SELECT blocked_reason FROM ticket_addresses")
    assert lost["blocked_reason"] == "unknown_recipient"
    assert len(await office.tickets()) == 1


async def test_postfix_keeps_a_mail_while_we_are_ill(hospital: Hospital) -> None:
    hospital.faults = [DatabaseAwayError(), RuntimeError()]

    await hospital.hand_in(mail("Jangan hilang.", Message_ID="<1@example.org>"), OURS)
    await hospital.until(lambda: _count(hospital.office, "tickets", 1))

    assert hospital.faults == []
    assert [ticket["description"] for ticket in await hospital.office.tickets()] == [
        "Jangan hilang."
    ]


async def test_one_mail_to_two_mailboxes_is_one_ticket(hospital: Hospital) -> None:
    content = mail("Obat terlambat.", Message_ID="<1@example.org>")

    await hospital.hand_in(content, OURS, "farmasi@rs.example.org")
    await hospital.until(lambda: _count(hospital.office, "tickets", 1))
    await asyncio.sleep(1)
    await hospital.office.work_off(hospital.channel)

    [ticket] = await hospital.office.tickets()
    assert ticket["routing_reason"] == "Dikirim ke alamat e-mail milik Farmasi."


async def test_a_mail_that_arrives_whole_stays_whole(hospital: Hospital) -> None:
    lines = [f".{'x' * 900}{number}" for number in range(300)]

    await hospital.hand_in(mail(*lines, Message_ID="<1@example.org>"), OURS)
    await hospital.until(lambda: _count(hospital.office, "inbound WHERE status = 'done'", 1))

    [row] = await hospital.office.rows("SELECT raw, raw_path FROM inbound")
    assert row["raw"] is None
    stored = b"".join(
        [chunk async for chunk in hospital.office.runtime.storage.read(row["raw_path"])]
    )
    assert stored.endswith("\r\n".join([*lines, ""]).encode())


async def _count(office: PostOffice, what: str, wanted: int) -> bool:
    [row] = await office.rows(f"SELECT count(*) AS n FROM {what}")
    return bool(row["n"] >= wanted)


async def _arrived(world: Outside, wanted: int) -> bool:
    return len(world.mails) >= wanted
