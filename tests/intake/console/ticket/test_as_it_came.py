"""A mail on the page of its ticket: the words, what was trimmed, all of it, the mail itself."""

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import delete, select

from core.audit.trail import AuditRead
from core.ground.database import transaction
from core.jobs.inbound import Inbound
from core.jobs.raw_messages import IN_ROW_BYTES
from core.runtime import Runtime
from core.tickets.message import Message
from core.tickets.ticket import Ticket
from tests.browsing import ALL
from tests.builders import FARMASI
from tests.intake.channels.email.door import mail
from tests.intake.channels.email.postoffice import OFFICER_MAIL, PostOffice
from tests.intake.channels.email.test_staff_mail import notice_to
from tests.intake.console.staff import Page, Served, hire
from tests.intake.console.ticket.test_browser import at_work

WORDS = "Antrean obat tidak bergerak sejak pagi dan tidak ada petugas yang dapat ditanya."
FOOTER = "Dikirim dari iPhone saya"
HOSTILE = "<script>alert(1)</script> No. RM 12-34-56"


async def _told(runtime: Runtime, *lines: str, **headers: str) -> str:
    """File a mail; return the ticket's number."""
    await PostOffice(runtime).take(mail(*lines, **headers))
    async with transaction(runtime.database) as session:
        return str(await session.scalar(select(Ticket.ticket_number)))


async def _message_id(runtime: Runtime) -> str:
    async with transaction(runtime.database) as session:
        query = select(Message.id).order_by(Message.received_at.desc(), Message.id.desc())
        return str(await session.scalar(query))


def _folded(page: Page) -> dict[str, str]:
    """Return the folded parts of the page's mails: heading → text."""
    heads = page.tree.css("details.mail-look > summary")
    parts = page.tree.css("details.mail-look")
    named = zip(heads, parts, strict=True)
    return {head.text(strip=True): part.text(separator="\n") for head, part in named}


async def test_what_was_trimmed_and_all_of_it_are_on_the_page(
    runtime: Runtime, served: Served
) -> None:
    number = await _told(runtime, WORDS, "", FOOTER)
    boss = await hire(runtime, "ratna", "supervisor", unit_id=None)

    async with served.signed_in(boss) as browser:
        page = await browser.get(f"/console/tickets/{number}")

    folded = _folded(page)
    assert page.one(".said-line > .said") == WORDS
    assert FOOTER in folded["Teks yang dipangkas"]
    assert WORDS not in folded["Teks yang dipangkas"]
    assert WORDS in folded["Seperti saat diterima"]
    assert FOOTER in folded["Seperti saat diterima"]


async def test_the_signature_of_an_answer_is_still_there_and_harmless(
    runtime: Runtime, served: Served
) -> None:
    number = await _told(runtime, WORDS, Message_ID="<first@example.org>")
    await PostOffice(runtime).take(
        mail("Masih sama.", "", "-- ", HOSTILE, In_Reply_To="<first@example.org>")
    )
    boss = await hire(runtime, "ratna", "supervisor", unit_id=None, language="en")

    async with served.signed_in(boss) as browser:
        page = await browser.get(f"/console/tickets/{number}")

    said = [one.text() for one in page.tree.css(".said-line > .said")]
    assert said == [WORDS, "Masih sama."]
    assert HOSTILE in _folded(page)["Trimmed text"]
    assert "<script>alert" not in page.text


async def test_a_mail_that_lost_nothing_says_so(runtime: Runtime, served: Served) -> None:
    number = await _told(runtime, WORDS)
    boss = await hire(runtime, "ratna", "supervisor", unit_id=None)

    async with served.signed_in(boss) as browser:
        page = await browser.get(f"/console/tickets/{number}")

    folded = _folded(page)
    assert set(folded) == {"Seperti saat diterima"}
    assert "Tidak ada yang dipangkas" in folded["Seperti saat diterima"]


async def test_of_a_mail_of_staff_only_the_original_is_offered(
    runtime: Runtime, served: Served
) -> None:
    office = PostOffice(runtime)
    _, ours = await notice_to(office)
    await office.take(
        mail("Teknisi datang besok.", In_Reply_To=ours, sender=OFFICER_MAIL), sender=OFFICER_MAIL
    )
    boss = await hire(runtime, "ratna", "supervisor", unit_id=None)
    async with transaction(runtime.database) as session:
        number = await session.scalar(select(Ticket.ticket_number))

    async with served.signed_in(boss) as browser:
        page = await browser.get(f"/console/tickets/{number}")

    [note] = page.tree.css(".said-line.note")
    assert "Simpan e-mail aslinya" in note.text()
    assert "Tidak ada yang dipangkas" not in note.text()


async def test_a_long_text_goes_on_behind_a_link(runtime: Runtime, served: Served) -> None:
    number = await _told(runtime, *[WORDS] * 300, "", FOOTER)
    boss = await hire(runtime, "ratna", "supervisor", unit_id=None)
    address = f"/console/tickets/{number}/mail/{await _message_id(runtime)}/text"

    async with served.signed_in(boss) as browser:
        page = await browser.get(f"/console/tickets/{number}")
        text = await browser.get(address)

    assert FOOTER not in _folded(page)["Seperti saat diterima"]
    assert address in page.links(".mail-look a")
    assert text.text.endswith(FOOTER)


@pytest.mark.parametrize("size", [0, IN_ROW_BYTES])
async def test_the_mail_itself_is_given_while_it_is_kept_and_its_opening_written_down(
    runtime: Runtime, served: Served, size: int
) -> None:
    number = await _told(runtime, WORDS, **_padding(size))
    boss = await hire(runtime, "ratna", "supervisor", unit_id=None)
    stranger = await hire(runtime, "tono", "officer", unit_id=FARMASI)
    address = f"/console/tickets/{number}/mail/{await _message_id(runtime)}"

    async with served.signed_in(boss) as browser, served.signed_in(stranger) as other:
        page = await browser.get(f"/console/tickets/{number}")
        original = await browser.get(f"{address}/original")
        text = await browser.get(f"{address}/text")
        hidden = [await other.get(f"{address}/{what}") for what in ("original", "text")]
        async with transaction(runtime.database) as session:
            await session.execute(delete(Inbound))
        later = await browser.get(f"/console/tickets/{number}")
        gone = await browser.get(f"{address}/original")

    assert f"{address}/original" in page.links(".mail-look a")
    assert original.text.startswith("From: sari@example.org")
    assert WORDS in original.text
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert original.headers["X-Content-Type-Options"] == "nosniff"
    assert text.text == WORDS
    assert text.headers["Content-Type"].startswith("text/plain")
    assert [each.status for each in hidden] == [404, 404]
    assert gone.status == 404
    assert "sudah tidak disimpan lagi" in _folded(later)["Seperti saat diterima"]
    async with transaction(runtime.database) as session:
        reads = list(await session.scalars(select(AuditRead).filter_by(what="attachment")))
    assert [read.user_id for read in reads] == [boss.user_id]


def _padding(size: int) -> dict[str, str]:
    """Make a mail larger than what lies in a row, by headers of lines that may be so long."""
    return {f"X-Filler-{index}": "x" * 900 for index in range(size // 900)}


@pytest.mark.browser
@pytest.mark.timeout(180)
@pytest.mark.parametrize("language", ["id", "en"])
async def test_a_mail_unfolds_on_every_screen(
    runtime: Runtime, served: Served, chromium: Browser, language: str
) -> None:
    quoted = [f"> {WORDS}"] * 3
    number = await _told(
        runtime,
        *([WORDS] * 3),
        "",
        "Pada Sel, 6 Jan 2026 pukul 10.03 Klinik <klinik-" + "x" * 60 + "@example.org> menulis:",
        *quoted,
        subject="Re: Antrean",
    )
    boss = await hire(runtime, "ratna", "supervisor", unit_id=None, language=language)
    async with at_work(chromium, served, boss, java_script_enabled=False) as opened:
        await opened.page.goto(f"{served.home}/console/tickets/{number}")
        folded = opened.page.locator("details.mail-look")
        await expect(folded).to_have_count(2)
        for part in await folded.all():
            await part.locator("summary").focus()
            await opened.page.keyboard.press("Enter")
            await expect(part.locator(".said")).to_contain_text(WORDS)
    async with at_work(chromium, served, boss, views=ALL) as opened:
        await opened.open(f"/console/tickets/{number}")
        for part in await opened.page.locator("details.mail-look summary").all():
            await part.click()
        assert await opened.faults() == ""
