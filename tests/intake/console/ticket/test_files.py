"""Files and mails of a ticket: inert, within scope, and every look written down."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import FormData
from sqlalchemy import select

from core.audit.trail import AuditRead
from core.ground.database import transaction
from core.reading.reporter import tracked
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.message import Message, TicketAttachment
from core.tickets.submission import Receipt, StoredFile, Submitter
from tests.builders import FARMASI, OFFICER, set_to
from tests.intake.console.staff import Served, hire, serve
from tests.intake.console.ticket.working import AtTicket, file

HOSTILE = (
    "<p onclick=alert(1)>Halo</p><script>alert(2)</script><img src=https://evil.example.org/x>"
    "<a href='javascript:alert(3)'>klik</a><style>p{color:red}</style><iframe src=/></iframe>"
)


async def _with_file(runtime: Runtime, **changes: object) -> tuple[Receipt, str]:
    async def content() -> AsyncIterator[bytes]:
        yield b"%PDF-1.7 invented"

    stored = await runtime.storage.put_stream(content())
    facts: dict[str, object] = {
        "name": "surat.pdf",
        "path": stored.key,
        "size": stored.size,
        "mime_type": "application/pdf",
    }
    files = (StoredFile(**(facts | changes)),)  # type: ignore[arg-type]  # a builder
    receipt = await file(runtime, files=files, submitter=Submitter(name="Sari Contoh"))
    async with transaction(runtime.database) as session:
        query = select(TicketAttachment.id).filter_by(ticket_id=receipt.ticket_id)
        return receipt, str(await session.scalar(query))


async def test_a_file_is_saved_within_scope_and_its_reading_written_down(
    runtime: Runtime, served: Served
) -> None:
    _receipt, file_id = await _with_file(runtime)
    ayu = await hire(runtime, "ayu", "officer")
    stranger = await hire(runtime, "tono", "officer", unit_id=FARMASI)

    async with served.signed_in(ayu) as browser, served.signed_in(stranger) as other:
        saved = await browser.get(f"/console/files/{file_id}")
        picture = await browser.get(f"/console/files/{file_id}/picture")
        hidden = await other.get(f"/console/files/{file_id}")

    assert saved.text == "%PDF-1.7 invented"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert (picture.status, hidden.status) == (404, 404)
    async with transaction(runtime.database) as session:
        reads = list(await session.scalars(select(AuditRead).filter_by(what="attachment")))
    assert {read.user_id for read in reads} == {ayu.user_id}


@pytest.mark.parametrize(
    ("mode", "words", "seen"),
    [
        ("reply", "", True),
        ("ask", "", True),
        ("resolve", "Sudah diganti.", True),
        ("note", "", False),
    ],
)
async def test_a_file_goes_along_whichever_way_it_is_said(
    runtime: Runtime, served: Served, mode: str, words: str, seen: bool
) -> None:
    receipt = await file(runtime)
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(ayu) as browser:
        open_page = await AtTicket(browser, receipt.number).open()
        form = FormData(open_page.fields("#composer") | {"mode": mode, "words": words})
        form.add_field("files", b"%PDF-1.7 invented", filename="surat.pdf")
        page = await browser.post(f"/console/tickets/{receipt.number}/say", data=form)
        saved = [await browser.get(link) for link in page.links(".files .name a")]

    ticket = await tracked(runtime, receipt.ticket_id)
    assert ticket is not None
    shown = [[each.name for each in message.files] for message in ticket.messages]
    assert [each.text for each in saved] == ["%PDF-1.7 invented"]
    assert shown == ([[], ["surat.pdf"]] if seen else [[]])


async def test_solved_with_a_file_alone_asks_for_words_and_keeps_the_file(
    runtime: Runtime, served: Served
) -> None:
    receipt = await file(runtime)
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(ayu) as browser:
        at = AtTicket(browser, receipt.number)
        form = FormData((await at.open()).fields("#composer") | {"mode": "resolve", "words": " "})
        form.add_field("files", b"%PDF-1.7 invented", filename="surat.pdf")
        asked = await browser.post(f"/console/tickets/{receipt.number}/say", data=form)
        before = await tracked(runtime, receipt.ticket_id)
        told = asked.fields("#composer") | {"mode": "resolve", "words": "Sudah diganti."}
        sent = await browser.post(f"/console/tickets/{receipt.number}/say", told)

    after = await tracked(runtime, receipt.ticket_id)
    assert before is not None
    assert after is not None
    assert asked.status == 422
    assert asked.one("#words-problem").startswith("Tuliskan bagaimana masalahnya diselesaikan")
    assert asked.values("#composer [name=mode][checked]") == ["resolve"]
    assert "surat.pdf" in asked.one("#composer .files .name")
    assert (before.status, sent.status, after.status) == ("open", 200, "resolved")
    assert [each.name for each in after.messages[-1].files] == ["surat.pdf"]
    assert after.messages[-1].words == "Sudah diganti."


async def test_a_file_that_was_slower_comes_along_on_top(runtime: Runtime, served: Served) -> None:
    receipt = await file(runtime)
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(ayu) as browser:
        open_page = await AtTicket(browser, receipt.number).open()
        await Casework(runtime).note(receipt.ticket_id, "Lebih cepat.", by=OFFICER)
        form = FormData(open_page.fields("#composer") | {"mode": "resolve", "words": "Sudah."})
        form.add_field("files", b"%PDF-1.7 invented", filename="surat.pdf")
        collided = await browser.post(f"/console/tickets/{receipt.number}/say", data=form)
        await browser.post(collided.path, collided.fields())

    ticket = await tracked(runtime, receipt.ticket_id)
    assert ticket is not None
    assert collided.status == 409
    assert [each.name for each in ticket.messages[-1].files] == ["surat.pdf"]


async def test_a_kept_file_is_one_report_s_and_one_colleague_s(
    runtime: Runtime, served: Served
) -> None:
    mine, other = await file(runtime), await file(runtime)
    ayu, bima = await hire(runtime, "ayu", "officer"), await hire(runtime, "bima", "officer")

    async with served.signed_in(ayu) as browser, served.signed_in(bima) as theirs:
        form = FormData((await AtTicket(browser, mine.number).open()).fields("#composer"))
        form.add_field("mode", "resolve")
        form.add_field("files", b"%PDF-1.7 invented", filename="surat.pdf")
        asked = await browser.post(f"/console/tickets/{mine.number}/say", data=form)
        stolen = {"keep": asked.fields("#composer")["keep"], "mode": "note", "words": "Titip."}
        for at in (AtTicket(browser, other.number), AtTicket(theirs, mine.number)):
            await at.open()
            await at.send("say", **stolen)

    async with transaction(runtime.database) as session:
        assert await session.scalar(select(TicketAttachment.id)) is None


async def test_a_file_over_the_operators_limit_is_not_kept_and_the_answer_waits(
    runtime: Runtime,
) -> None:
    receipt = await file(runtime)
    ayu = await hire(runtime, "ayu", "officer")

    async with serve(set_to(runtime, file_limit=2000)) as served, served.signed_in(ayu) as browser:
        open_page = await AtTicket(browser, receipt.number).open()
        form = FormData(open_page.fields("#composer") | {"mode": "reply", "words": "Terlampir."})
        form.add_field("files", b"%PDF-1.7 " + bytes(3000), filename="surat.pdf")
        page = await browser.post(f"/console/tickets/{receipt.number}/say", data=form)

    assert page.status == 422
    assert page.one("#files-problem") == "surat.pdf berukuran 3 kB; batasnya 2 kB."
    assert page.fields("#composer")["words"] == "Terlampir."
    async with transaction(runtime.database) as session:
        assert await session.scalar(select(TicketAttachment.id)) is None


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("macros", "Dokumen ini memuat makro"),
        ("not_fetched", "Kanal pengirimnya tidak menyerahkan berkas ini."),
        ("file_too_large", "Berkas ini lebih besar daripada yang dapat kami terima."),
    ],
)
async def test_a_locked_file_is_named_and_never_given(
    runtime: Runtime, served: Served, reason: str, sentence: str
) -> None:
    receipt, file_id = await _with_file(runtime, status="quarantined", reason=reason)
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(ayu) as browser:
        page = await browser.get(f"/console/tickets/{receipt.number}")
        refused = await browser.get(f"/console/files/{file_id}")

    assert "surat.pdf" in page.one(".files .name")
    assert sentence in page.one(".files .refused")
    assert page.links(".files a") == []
    assert refused.status == 404


async def test_a_mail_is_looked_at_in_a_frame_where_nothing_runs_or_loads(
    runtime: Runtime, served: Served
) -> None:
    receipt = await file(runtime, html=HOSTILE)
    other = await file(runtime)
    ayu = await hire(runtime, "ayu", "officer")
    async with transaction(runtime.database) as session:
        query = select(Message.id).filter_by(ticket_id=receipt.ticket_id)
        message_id = await session.scalar(query)

    async with served.signed_in(ayu) as browser:
        page = await browser.get(f"/console/tickets/{receipt.number}")
        mail = await browser.get(f"/console/tickets/{receipt.number}/mail/{message_id}")
        elsewhere = await browser.get(f"/console/tickets/{other.number}/mail/{message_id}")

    [frame] = page.tree.css("iframe.mail")
    assert "sandbox" in frame.attributes
    assert "sandbox" in mail.headers["Content-Security-Policy"]
    assert "default-src 'none'" in mail.headers["Content-Security-Policy"]
    assert "Halo" in mail.text
    for trace in ("onclick", "alert", "evil", "javascript", "color:red", "<iframe"):
        assert trace not in mail.text
    assert elsewhere.status == 404
