"""What staff do on a ticket's page, and what it says when it cannot be done."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from core.audit.trail import AuditRead
from core.ground.database import transaction
from core.notices.delivery import Delivery
from core.people.staff import User
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.submission import Receipt
from core.tickets.ticket import Ticket
from tests.builders import FARMASI, OFFICER, Hands
from tests.intake.console.staff import Person, Served, hire
from tests.intake.console.ticket.working import AtTicket, file


@pytest.fixture
async def ayu(runtime: Runtime) -> Person:
    return await hire(runtime, "ayu", "officer")


@pytest.fixture
async def receipt(runtime: Runtime) -> Receipt:
    return await file(runtime)


@pytest.fixture
async def at(served: Served, ayu: Person, receipt: Receipt) -> AsyncIterator[AtTicket]:
    async with served.signed_in(ayu) as browser:
        yield AtTicket(browser, receipt.number)


async def ticket_of(runtime: Runtime, receipt: Receipt) -> Ticket:
    async with transaction(runtime.database) as session:
        return await session.get_one(Ticket, receipt.ticket_id)


async def deliveries(runtime: Runtime, template: str) -> list[Delivery]:
    async with transaction(runtime.database) as session:
        return list(await session.scalars(select(Delivery).filter_by(template=template)))


async def test_an_answer_leaves_by_the_persons_channel(at: AtTicket, runtime: Runtime) -> None:
    page = await at.open()
    sent = await at.send("say", mode="reply", words="Teknisi datang pukul 14.")

    assert "sari@example.org" in page.one("#goes-out")
    assert sent.status == 200
    assert sent.one(".banner.good") == "Jawaban Anda sedang dikirim."
    assert sent.all(".said-line.ours .said") == ["Teknisi datang pukul 14."]
    [notice] = await deliveries(runtime, "replied")
    assert (notice.channel, notice.recipient_ref) == ("email", "sari@example.org")


async def test_a_note_stays_in_the_house(at: AtTicket, runtime: Runtime, receipt: Receipt) -> None:
    await at.open()
    page = await at.send("say", mode="note", words="Kabel sudah tua.")

    assert page.all(".said-line.note .said") == ["Kabel sudah tua."]
    assert await deliveries(runtime, "replied") == []
    assert (await ticket_of(runtime, receipt)).first_response_at is None


async def test_an_empty_answer_gets_a_sentence_beside_the_box(at: AtTicket) -> None:
    await at.open()
    page = await at.send("say", mode="reply", words="   ")

    assert page.status == 422
    assert page.one("#words-problem").startswith("Tulis dulu jawabannya")


async def test_a_move_that_is_not_possible_gets_a_sentence(
    at: AtTicket, runtime: Runtime, receipt: Receipt
) -> None:
    await Casework(runtime).close(receipt.ticket_id, "Selesai.", by=OFFICER)
    await at.open()

    page = await at.send("say", mode="reply", words="Satu hal lagi.")

    assert page.status == 409
    assert "Anda ingin menjawabnya, tetapi status laporan: Ditutup." in page.text
    assert page.fields("#composer")["words"] == "Satu hal lagi."


async def test_who_was_slower_sees_what_is_new_and_keeps_their_words(
    at: AtTicket, runtime: Runtime, receipt: Receipt
) -> None:
    await at.open()
    await Casework(runtime).reply(receipt.ticket_id, "AC sudah diganti.", by=OFFICER)

    collided = await at.send("say", mode="reply", words="Teknisi datang besok.")
    before = await deliveries(runtime, "replied")
    sent = await at.browser.post(collided.path, collided.fields())

    assert collided.status == 409
    assert collided.all(".said-line .said") == ["AC sudah diganti."]
    assert collided.fields()["words"] == "Teknisi datang besok."
    assert len(before) == 1
    assert sent.status == 200
    assert sent.all(".said-line.ours .said") == ["AC sudah diganti.", "Teknisi datang besok."]


async def test_a_form_without_version_is_never_done(at: AtTicket, runtime: Runtime) -> None:
    page = await at.send("say", mode="reply", words="Tanpa versi.")

    assert page.status == 409
    assert await deliveries(runtime, "replied") == []


async def test_a_misrouted_ticket_moves_and_leaves_the_officers_queues(
    at: AtTicket, runtime: Runtime, receipt: Receipt
) -> None:
    await at.open()
    silent = await at.send("move", unit=str(FARMASI), reason="")
    page = await at.send("move", unit=str(FARMASI), reason="Ini soal obat.")
    gone = await at.open()

    assert (silent.status, silent.one("#reason-problem")[:20]) == (422, "Tulis singkat alasan")
    assert page.path == "/console/inbox"
    assert "Laporan sudah di unit lain" in page.one(".banner.good")
    assert gone.status == 404
    assert (await ticket_of(runtime, receipt)).unit_id == FARMASI


async def test_raised_to_those_above_the_unit_alone_is_written_to(
    at: AtTicket, runtime: Runtime, receipt: Receipt, ayu: Person
) -> None:
    await Casework(runtime).assign(receipt.ticket_id, ayu.user_id, by=None)
    async with transaction(runtime.database) as session:
        await session.execute(delete(Delivery))

    await at.open()
    page = await at.send("escalate", reason="Sudah tiga hari tanpa teknisi.")

    async with transaction(runtime.database) as session:
        told = list(await session.scalars(select(Delivery)))
    assert [(n.template, n.audience, n.channel, n.recipient_ref, n.language) for n in told] == [
        ("unit_escalated", "unit", "email", "melati@rs.example.org", "id")
    ]
    assert page.one(".banner.good") == "Dinaikkan ke atasan."
    assert page.all(".said-line.note .said") == ["Sudah tiga hari tanpa teknisi."]
    assert (await ticket_of(runtime, receipt)).status == "escalated"


async def test_a_person_grades_and_deadline_and_order_follow(
    at: AtTicket, runtime: Runtime, receipt: Receipt
) -> None:
    await at.open()
    page = await at.send("grade", grade="red")
    ticket = await ticket_of(runtime, receipt)
    wrong = await at.send("grade", grade="purple")

    assert page.all(".ticket-head .badge.red") == ["Merah"]
    assert ticket.priority == "critical"
    assert ticket.sla_deadline - ticket.received_at == timedelta(hours=24)
    assert ticket.sla_reason == "24 jam: risiko merah."
    assert wrong.status == 422


async def test_a_grade_after_the_answer_leaves_the_deadline_as_evidence(
    at: AtTicket, runtime: Runtime, receipt: Receipt, hands: Hands
) -> None:
    await Casework(runtime).reply(receipt.ticket_id, "Kami periksa.", by=OFFICER)
    before = (await ticket_of(runtime, receipt)).sla_deadline
    hands.move(hours=1)

    await at.open()
    await at.send("grade", grade="red")

    assert (await ticket_of(runtime, receipt)).sla_deadline == before


async def test_it_is_given_only_to_those_who_see_its_unit(
    at: AtTicket, runtime: Runtime, receipt: Receipt, ayu: Person
) -> None:
    stranger = await hire(runtime, "tono", "officer", unit_id=FARMASI)
    await at.open()

    refused = await at.send("assign", to=str(stranger.user_id))
    page = await at.send("assign", to=str(ayu.user_id))

    assert refused.status == 422
    assert "ditangani Ayu Contoh" in page.one(".who-line")
    assert (await ticket_of(runtime, receipt)).assigned_to == ayu.user_id


async def test_two_tickets_are_merged_and_later_words_reach_the_other(
    at: AtTicket, runtime: Runtime, receipt: Receipt
) -> None:
    other = await file(runtime)
    await at.open()
    unknown = await at.send("merge", other="TKT-20200101-0001")
    page = await at.send("merge", other=other.number)

    await Desk(runtime).follow_up(
        receipt.ticket_id, FollowUp(channel="web", key="f1", words="Masih panas.")
    )

    assert unknown.one("#other-problem").startswith("Tidak ada laporan bernomor ini")
    assert page.all(".ticket-head .badge.closed") == ["Ditutup"]
    assert other.number in page.one(".links")
    assert page.all(".said-line.ours .said") == [
        f"Laporan ini kami tangani bersama laporan {other.number}, karena hal yang sama."
    ]
    assert (await ticket_of(runtime, receipt)).status == "closed"
    there = await AtTicket(at.browser, other.number).open()
    assert there.all(".said-line.note .said") == [f"{receipt.number}:\nMasih panas."]
    told = [n.recipient_ref for n in await deliveries(runtime, "closed")]
    assert told == ["sari@example.org"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("id", "Lanjutan laporan yang sudah lama ditutup."),
        ("en", "It continues a report that had long been closed."),
    ],
)
async def test_why_reports_stand_together_is_said_in_the_readers_language(
    served: Served, runtime: Runtime, hands: Hands, language: str, sentence: str
) -> None:
    receipt = await file(runtime)
    await Casework(runtime).close(receipt.ticket_id, "Selesai.", by=OFFICER)
    hands.move(days=31)
    late = FollowUp(channel="web", key="late", words="Terjadi lagi.")
    followed = await Desk(runtime).follow_up(receipt.ticket_id, late)

    reader = await hire(runtime, "rani", "officer", language=language)
    async with served.signed_in(reader) as browser:
        page = await AtTicket(browser, followed.number).open()

    assert sentence in page.one(".links")


async def test_a_ticket_is_not_merged_into_itself_or_what_it_holds(
    at: AtTicket, runtime: Runtime, receipt: Receipt
) -> None:
    other = await file(runtime)
    await at.open()
    itself = await at.send("merge", other=receipt.number)
    await at.send("merge", other=other.number)
    there = AtTicket(at.browser, other.number)
    await there.open()

    back = await there.send("merge", other=receipt.number)

    assert "laporan yang sama" in itself.one("#other-problem")
    assert "laporan yang sama" in back.one("#other-problem")


async def test_a_lost_notice_goes_to_the_new_address(at: AtTicket, runtime: Runtime) -> None:
    await at.open()
    await at.send("say", mode="reply", words="Teknisi datang.")
    async with transaction(runtime.database) as session:
        await session.execute(
            update(Delivery)
            .where(Delivery.template == "replied")
            .values(status="failed", last_error="unknown_recipient: 550")
        )

    shown = await at.open()
    wrong = await at.send("address", address="sari@")
    page = await at.send("address", address=" mailto:Sari.Baru@Example.org,")

    assert "Alamat itu tidak ada" in shown.one(".said-line.ours .why")
    assert wrong.status == 422
    assert "sari.baru@example.org" in page.one("#goes-out")
    states = {n.recipient_ref: n.status for n in await deliveries(runtime, "replied")}
    assert states == {"sari@example.org": "cancelled", "sari.baru@example.org": "pending"}


async def test_a_lost_notice_is_sent_again_or_let_be(at: AtTicket, runtime: Runtime) -> None:
    await at.open()
    await at.send("say", mode="reply", words="Teknisi datang.")
    async with transaction(runtime.database) as session:
        await session.execute(update(Delivery).values(status="dead", attempts=9))
    [notice] = await deliveries(runtime, "replied")

    await at.open()
    again = await at.send("resend", notice=str(notice.id))
    moving = await at.send("resend", notice=str(notice.id))
    [after] = await deliveries(runtime, "replied")
    strange = await at.send("resend", notice=str(OFFICER))

    assert again.status == 200
    assert (after.status, after.attempts) == ("pending", 0)
    assert moving.status == 409
    assert strange.status == 404


async def test_each_look_at_a_ticket_is_written_down(
    at: AtTicket, runtime: Runtime, receipt: Receipt, ayu: Person
) -> None:
    await at.open()

    async with transaction(runtime.database) as session:
        reads = list(await session.scalars(select(AuditRead)))
    assert [(r.what, r.user_id, r.ticket_id) for r in reads] == [
        ("ticket", ayu.user_id, receipt.ticket_id)
    ]


async def test_whoever_it_is_about_loses_it_at_once(
    served: Served, runtime: Runtime, receipt: Receipt, ayu: Person
) -> None:
    boss = await hire(runtime, "budi", "head")
    async with served.signed_in(boss) as browser, served.signed_in(ayu) as hers:
        at = AtTicket(browser, receipt.number)
        await at.open()
        oneself = await at.send("subject", about=str(boss.user_id))
        page = await at.send("subject", about=str(ayu.user_id))
        gone = await hers.get(f"/console/tickets/{receipt.number}")
        listed = await hers.get("/console/inbox?queue=all")

    assert oneself.status == 422
    assert page.one(".banner.good").startswith("Disembunyikan")
    assert gone.status == 404
    assert receipt.number not in listed.text


async def test_somebody_beside_is_named(
    served: Served, runtime: Runtime, receipt: Receipt, ayu: Person
) -> None:
    boss = await hire(runtime, "budi", "head")
    async with served.signed_in(boss) as browser, served.signed_in(ayu) as hers:
        await hers.get(f"/console/tickets/{receipt.number}")
        await hers.post(f"/console/tickets/{receipt.number}/writing")
        page = await browser.get(f"/console/tickets/{receipt.number}")

    assert page.one("#beside .banner") == (
        "Ayu Contoh sedang menulis di laporan ini. Bicarakan dulu sebelum Anda mengirim."
    )


async def test_the_preview_is_the_mail_itself_and_keeps_nothing(
    at: AtTicket, runtime: Runtime
) -> None:
    page = await at.browser.post(
        f"/console/tickets/{at.number}/preview", {"mode": "reply", "words": "Teknisi datang."}
    )
    note = await at.browser.post(
        f"/console/tickets/{at.number}/preview", {"mode": "note", "words": "Rahasia."}
    )

    [frame] = page.tree.css("iframe.mail")
    assert "Teknisi datang." in (frame.attributes["srcdoc"] or "")
    assert "sandbox" in frame.attributes
    assert page.all(".facts dd") == [f"Laporan Anda sudah dijawab ({at.number})"]
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "Rahasia." not in note.text
    assert await deliveries(runtime, "replied") == []


async def test_an_auditor_reads_and_changes_nothing(
    served: Served, runtime: Runtime, receipt: Receipt
) -> None:
    auditor = await hire(runtime, "tari", "auditor", unit_id=None)
    async with served.signed_in(auditor) as browser:
        at = AtTicket(browser, receipt.number)
        page = await at.open()
        said = await at.send("say", mode="note", words="Boleh?")

    assert page.tree.css_first("#composer") is None
    assert page.tree.css_first(".acts") is None
    assert said.status == 404


async def test_a_staff_name_that_is_gone_breaks_no_page(
    at: AtTicket, runtime: Runtime, receipt: Receipt, ayu: Person
) -> None:
    await Casework(runtime).assign(receipt.ticket_id, OFFICER, by=ayu.user_id)
    async with transaction(runtime.database) as session:
        user = await session.get_one(User, OFFICER)
        user.is_active = False

    page = await at.open()

    assert page.status == 200
    assert "Ayu Contoh menugaskannya kepada Petugas Contoh." in page.text


async def test_closed_with_words_the_person_is_answered(
    at: AtTicket, runtime: Runtime, receipt: Receipt
) -> None:
    await at.open()
    silent = await at.send("close", reason=" ")
    page = await at.send("close", reason="Bukan urusan rumah sakit ini.")

    assert silent.status == 422
    assert page.all("#clocks .badge") == ["tepat waktu"]
    assert (await ticket_of(runtime, receipt)).first_response_at is not None


async def test_merged_with_words_the_person_is_answered(
    at: AtTicket, runtime: Runtime, receipt: Receipt
) -> None:
    other = await file(runtime)
    await at.open()
    await at.send("merge", other=other.number)

    assert (await ticket_of(runtime, receipt)).status == "closed"
    assert (await ticket_of(runtime, receipt)).first_response_at is not None
    assert (await ticket_of(runtime, other)).first_response_at is None


async def test_somebody_who_is_gone_meanwhile_gets_a_sentence(
    served: Served, runtime: Runtime, receipt: Receipt
) -> None:
    head = await hire(runtime, "kepala", "supervisor")

    async with served.signed_in(head) as browser:
        at = AtTicket(browser, receipt.number)
        await at.open()
        page = await at.send("subject", about="00000000-0000-7000-8000-00000000dead")

    assert page.status == 409
    assert "Yang Anda pilih sudah tidak ada" in page.one("#summary")
