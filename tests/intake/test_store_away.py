"""No store stops a report: whichever door it comes by, its words are filed and its file waits."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from email.message import EmailMessage

import aiohttp
import pytest
from aiohttp import FormData
from sqlalchemy import text

from core.ground.carrier import Carrier
from core.ground.database import transaction
from core.ground.sealed_files import SealedFiles
from core.ground.storage import Storage
from core.ground.waiting_files import WaitingFiles
from core.runtime import Runtime
from core.tickets.file_names import revealed
from core.tickets.tracking_code import code_for
from intake.channels.email.raw_mail import RawMail
from tests.builders import TOKEN, Hands
from tests.core.ground.fake_s3 import FakeS3, fake_s3
from tests.intake.channels.email.door import OURS, PERSON
from tests.intake.channels.email.postoffice import MX, PostOffice
from tests.intake.channels.web.forms import filled, get, post
from tests.intake.channels.web.forms import serve as serve_web
from tests.intake.channels.web.tickets import PNG, filed
from tests.intake.channels.webchat.visiting import served as serve_chat
from tests.intake.channels.webchat.visiting import visitor as guest_of
from tests.intake.console.staff import hire
from tests.intake.console.staff import serve as serve_console
from tests.intake.console.ticket.working import AtTicket, file
from tests.stores import with_bucket

WORDS = "AC di kamar 3 mati sejak kemarin."
CHUNK = 300_000
"""Bytes of an attachment that make a mail too large for its row."""


async def web_report(runtime: Runtime, hands: Hands) -> None:
    async with serve_web(runtime) as visitor:
        sari = {"identity": "named", "name": "Sari Contoh"}
        fields = await filled(visitor, hands, story=WORDS, **sari)
        sent = await post(visitor, "/", fields, {"a.png": PNG})
    assert (sent.status, sent.path) == (200, "/thanks/TKT-20261123-0001")


async def web_addition(runtime: Runtime, _hands: Hands) -> None:
    receipt = await filed(runtime)
    async with serve_web(runtime) as visitor:
        page = await get(visitor, f"/t/{receipt.tracking_code}")
        sent = await post(
            visitor, "/tracking/message", page.fields() | {"story": WORDS}, {"a.png": PNG}
        )
    assert sent.status == 200


async def web_chat(runtime: Runtime, _hands: Hands) -> None:
    async with serve_chat(runtime) as url, guest_of(url) as guest:
        await guest.open(f"/chat?u={TOKEN}")
        await guest.send(files={"a.png": PNG}, say=WORDS)
        sent = await guest.press("Kirim")
    assert sent.status == 200


async def mail(runtime: Runtime, _hands: Hands) -> None:
    await PostOffice(runtime).take(letter(PNG))


async def large_mail(runtime: Runtime, _hands: Hands) -> None:
    row = await PostOffice(runtime).take(letter(PNG + bytes(CHUNK)))
    assert row["raw_path"]


async def console_answer(runtime: Runtime, _hands: Hands) -> None:
    receipt = await file(runtime)
    ayu = await hire(runtime, "ayu", "officer")
    async with serve_console(runtime) as served, served.signed_in(ayu) as browser:
        opened = await AtTicket(browser, receipt.number).open()
        form = FormData(opened.fields("#composer") | {"mode": "reply", "words": WORDS})
        form.add_field("files", PNG, filename="a.png")
        page = await browser.post(f"/console/tickets/{receipt.number}/say", data=form)
    assert page.status == 200


Door = Callable[[Runtime, Hands], Awaitable[None]]
DOORS: tuple[Door, ...] = (web_report, web_addition, web_chat, mail, large_mail, console_answer)
OUTSIDE: tuple[Door, ...] = (web_report, web_addition, mail)
"""The doors that file words without a file that no place can keep. A chat says at once that it was
not kept, staff find it beside the field, and a mail too large for its row is kept by its sender."""


def letter(picture: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = PERSON, "pengaduan@rs.example.org"
    message["Subject"], message["Message-ID"] = "AC mati", "<1@example.org>"
    message.set_content(WORDS)
    message.add_attachment(picture, maintype="image", subtype="png", filename="a.png")
    return message.as_bytes().replace(b"\n", b"\r\n")


@pytest.fixture
async def s3(runtime: Runtime) -> AsyncIterator[FakeS3]:
    del runtime  # opened first and closed last: it counts what still runs
    async with fake_s3() as server:
        yield server


async def attached(runtime: Runtime) -> list[dict[str, object]]:
    query = """
        SELECT a.file_name AS name, a.file_path AS key, a.sealed_key, a.status, a.reason, w.machine
          FROM ticket_attachments a JOIN messages m ON m.id = a.message_id
          LEFT JOIN waiting_files w ON w.key = a.file_path
         WHERE strpos(m.body, :words) > 0 OR a.file_name = 'a.png'
    """
    async with transaction(runtime.database) as session:
        found = await session.execute(text(query), {"words": WORDS})
        return [
            dict(row) | {"name": revealed(runtime.secret, str(row["name"]))}
            for row in found.mappings()
        ]


async def original_of(runtime: Runtime, storage: Storage, file: dict[str, object]) -> bytes:
    """Read what the person sent, which lies sealed where the report has no name."""
    is_sealed = file["sealed_key"] is not None
    reads = SealedFiles(storage, runtime.secret) if is_sealed else storage
    return b"".join([chunk async for chunk in reads.read(str(file["key"]))])


async def words_of(runtime: Runtime) -> str:
    async with transaction(runtime.database) as session:
        return "\n".join(await session.scalars(text("SELECT body FROM messages")))


def ledger_of(storage: Storage) -> WaitingFiles:
    assert isinstance(storage.ledger, WaitingFiles)
    return storage.ledger


@pytest.mark.parametrize("door", DOORS)
async def test_with_the_store_away_words_are_filed_and_the_file_waits_and_follows(
    runtime: Runtime, s3: FakeS3, hands: Hands, door: Door
) -> None:
    s3.fault = "hangs"
    ill = with_bucket(runtime, s3)
    await door(ill, hands)

    assert WORDS in await words_of(runtime)
    [one] = await attached(runtime)
    assert (one["name"], one["machine"]) == ("a.png", "ruang-server")
    assert one["status"] in {"stored", "quarantined"}
    assert s3.objects == {}

    s3.fault = None
    await ill.storage.close()
    await Carrier(ill.storage, ledger_of(ill.storage)).round()
    [followed] = await attached(runtime)
    assert followed["machine"] is None
    kept = await original_of(
        runtime, with_bucket(runtime, s3, machine="mesin-lain").storage, followed
    )
    assert kept[: len(PNG)] == PNG


@pytest.mark.parametrize("door", OUTSIDE)
async def test_where_no_place_takes_the_file_words_are_filed_and_its_name_says_why(
    runtime: Runtime, s3: FakeS3, hands: Hands, door: Door
) -> None:
    await door(with_bucket(runtime, s3, reserve=1 << 60), hands)

    assert WORDS in await words_of(runtime)
    [one] = await attached(runtime)
    assert (one["name"], one["status"], one["reason"]) == ("a.png", "failed", "storage_fault")


async def test_the_receipt_and_the_page_of_the_report_say_which_file_is_to_be_added_again(
    runtime: Runtime, s3: FakeS3, hands: Hands
) -> None:
    async with serve_web(with_bucket(runtime, s3, reserve=1 << 60)) as visitor:
        fields = await filled(visitor, hands, story=WORDS)
        thanks = await post(visitor, "/", fields, {"a.png": PNG})
        english = await get(visitor, "/thanks", headers={"Cookie": "lang=en"})
        tracking = await get(visitor, f"/t/{thanks.one('#code')}")
        photo_alone = await post(visitor, "/", fields | {"story": "", "key": ""}, {"a.png": PNG})
    mended = with_bucket(runtime, s3)
    async with serve_web(mended) as visitor:
        await get(visitor, f"/t/{thanks.one('#code')}")
        page = await get(visitor, "/tracking")
        again = await post(
            visitor, "/tracking/message", page.fields() | {"story": ""}, {"a.png": PNG}
        )

    assert thanks.one("[role=status] h2") == "Tidak semua berkas sampai"
    assert english.status == 200
    assert "tidak tersimpan" in tracking.one(".files .refused")
    assert (photo_alone.status, len(photo_alone.all("#files-problem"))) == (503, 1)
    assert again.one("[role=status] h2") == "Sudah ditambahkan"


async def test_staff_read_on_which_machine_a_file_waits_until_it_has_followed(
    runtime: Runtime, s3: FakeS3, hands: Hands
) -> None:
    s3.fault = "refuses"
    ill = with_bucket(runtime, s3)
    await web_report(ill, hands)
    ayu = await hire(runtime, "ayu", "supervisor")
    async with transaction(runtime.database) as session:
        number = str(await session.scalar(text("SELECT ticket_number FROM tickets")))

    async with serve_console(ill) as served, served.signed_in(ayu) as browser:
        before = await AtTicket(browser, number).open()
        [link] = before.links(".files .name a")
        async with browser.session.get(link) as saved:
            assert await saved.read() == PNG
        s3.fault = None
        await ill.storage.close()
        await Carrier(ill.storage, ledger_of(ill.storage)).round()
        after = await AtTicket(browser, number).open()

    assert "ruang-server" in before.one(".files .refused")
    assert after.all(".files .refused") == []


async def test_a_file_that_waits_elsewhere_is_a_page_that_says_so(
    runtime: Runtime, s3: FakeS3, hands: Hands
) -> None:
    s3.fault = "refuses"
    ill = with_bucket(runtime, s3)
    await web_report(ill, hands)
    s3.fault = None
    code = await tracking_code(runtime)

    async with serve_web(runtime) as visitor:  # another machine, with a spool of its own
        page = await get(visitor, f"/t/{code}")
        away = await get(visitor, page.attribute(".files a", "href"))

    assert (away.status, away.headers["Retry-After"]) == (503, "15")
    assert away.one("h1") == "Berkas ini belum dapat ditampilkan saat ini"
    await ill.storage.close()


async def tracking_code(runtime: Runtime) -> str:
    async with transaction(runtime.database) as session:
        key = await session.scalar(text("SELECT idempotency_key FROM messages"))
    return code_for(runtime.secret, str(key))


async def test_a_large_mail_that_waits_elsewhere_is_read_once_it_has_followed(
    runtime: Runtime, s3: FakeS3, hands: Hands
) -> None:
    s3.fault = "refuses"
    here = with_bucket(runtime, s3)
    there = PostOffice(with_bucket(runtime, s3, machine="mesin-pekerja"))
    large = RawMail(
        sender=PERSON,
        recipients=(OURS,),
        content=letter(PNG + bytes(CHUNK)),
        peer=MX,
        helo="mx",
        protocol="smtp",
        tls=True,
    )
    await PostOffice(here).channel.accept(large)
    s3.fault = None

    await there.work_off()
    [waits] = await there.rows("SELECT status, attempts FROM inbound")
    await here.storage.close()
    await Carrier(here.storage, ledger_of(here.storage)).round()
    hands.move(seconds=10)
    await there.work_off()

    assert waits == {"status": "pending", "attempts": 0}
    assert await there.rows("SELECT status, attempts FROM inbound") == [
        {"status": "done", "attempts": 1}
    ]
    assert WORDS in await words_of(runtime)


async def test_readiness_stays_and_says_what_waits(
    runtime: Runtime, s3: FakeS3, hands: Hands
) -> None:
    ill = with_bucket(runtime, s3)
    async with serve_web(ill) as visitor:
        well = await get(visitor, "/readyz")
        s3.fault = "hangs"
        fields = await filled(visitor, hands, story=WORDS)
        await post(visitor, "/", fields, {"a.txt": b"halo"})
        await asyncio.sleep(1.2)
        degraded = await get(visitor, "/readyz")

    assert (well.status, well.text) == (200, "ok\n")
    assert degraded.status == 200
    assert degraded.text.startswith("degraded\nfiles: waiting 1 since 2026-")
    assert degraded.text.endswith("store away (TimeoutError)\n")
    await ill.storage.close()


async def test_a_form_with_a_photo_waits_less_than_three_seconds_for_a_store_that_hangs(
    runtime: Runtime, s3: FakeS3, hands: Hands
) -> None:
    async def send(visitor: aiohttp.ClientSession) -> float:
        fields = await filled(visitor, hands, story=WORDS)
        began = asyncio.get_running_loop().time()
        assert (await post(visitor, "/", fields, {"a.png": PNG})).all("#number-label") != []
        return asyncio.get_running_loop().time() - began

    ill = with_bucket(runtime, s3)
    async with serve_web(ill) as visitor:
        usual = await send(visitor)
        s3.fault = "hangs"
        first, second = await send(visitor), await send(visitor)
    await ill.storage.close()

    assert first - usual < 3
    assert second - usual < 1
