"""Machines: kept where they belong, never answered, and no loop outlives three rounds."""

import re

import pytest

from core.runtime import Runtime
from core.tickets.casework import Casework
from tests.builders import OFFICER
from tests.intake.channels.email.door import OURS, PERSON, mail
from tests.intake.channels.email.postoffice import PostOffice

AWAY = {"Auto_Submitted": "auto-replied"}


async def started(office: PostOffice) -> tuple[dict[str, object], str]:
    await office.take(mail("AC mati.", Message_ID="<first@example.org>"))
    [ticket] = await office.tickets()
    return ticket, await office.notice_id()


async def test_an_out_of_office_is_kept_and_neither_reopens_nor_answers(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ticket, ours = await started(office)
    await Casework(runtime).close(ticket["id"], "Selesai.", by=OFFICER)  # type: ignore[arg-type]  # a UUID
    before = len(await office.rows("SELECT * FROM deliveries WHERE audience = 'submitter'"))

    await office.take(
        mail("Saya sedang cuti.", subject="Automatic reply: laporan", In_Reply_To=ours, **AWAY)
    )
    runtime.clock.move(days=60)  # type: ignore[attr-defined]  # the tests' clock
    await office.take(mail("Masih cuti.", subject="Di luar kantor", In_Reply_To=ours, **AWAY))

    [ticket] = await office.tickets()
    assert ticket["status"] == "closed"
    kept = [row for row in await office.messages() if row["body"].endswith("cuti.")]
    assert [row["remarks"]["mail"]["automatic"] for row in kept] == ["auto-reply"] * 2
    after = await office.rows("SELECT * FROM deliveries WHERE audience = 'submitter'")
    assert len(after) == before


async def test_a_vacation_message_to_the_bounce_address_finds_its_ticket(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ticket, _ = await started(office)
    [notice] = await office.notices()
    address = office.tokens.bounce_address(notice["id"])

    row = await office.take(mail("Saya cuti.", **AWAY), sender="", to=(address,))

    assert row["ticket_id"] == ticket["id"]
    assert len(await office.tickets()) == 1


@pytest.mark.parametrize(
    ("headers", "sender"),
    [
        ({}, "no-reply@lapor.example.go.id"),
        ({"X_Auto_Response_Suppress": "All"}, PERSON),
        ({"X_Loop": "yes"}, PERSON),
    ],
)
async def test_who_wants_no_answer_gets_a_ticket_and_no_answer(
    runtime: Runtime, headers: dict[str, str], sender: str
) -> None:
    office = PostOffice(runtime)

    await office.take(mail("Laporan dari portal.", sender=sender, **headers), sender=sender)

    assert len(await office.tickets()) == 1
    assert await office.notices() == []


async def test_a_report_from_the_null_sender_is_filed_and_not_answered(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    await office.take(mail("Tanpa pengirim amplop."), sender="")

    assert len(await office.tickets()) == 1
    assert await office.notices() == []


async def test_our_own_notice_that_comes_back_is_dropped_by_its_signature(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    _, ours = await started(office)

    row = await office.take(mail("Laporan Anda kami terima.", sender=OURS, Message_ID=ours))

    assert row["status"] == "dropped"
    assert len(await office.messages()) == 1


async def test_mail_that_claims_to_be_from_our_own_mailbox_waits_for_review(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)

    row = await office.take(mail("Segera transfer.", sender=OURS), sender=OURS)

    assert row["status"] == "quarantined"
    assert await office.tickets() == []


@pytest.mark.parametrize("word", ["unsubscribe", "Berhenti.", "STOP"])
async def test_a_word_for_a_mailing_program_is_no_complaint(runtime: Runtime, word: str) -> None:
    office = PostOffice(runtime)

    row = await office.take(mail(word, subject=word))

    assert row["status"] == "quarantined"
    assert await office.tickets() == []


async def test_a_headerless_autoresponder_hears_at_most_three_answers(runtime: Runtime) -> None:
    """It answers each of our notices with a new mail that names nothing."""
    office = PostOffice(runtime)
    await office.take(mail("AC mati.", Message_ID="<0@example.org>"))

    answered = 0
    while answered < 20 and len(await office.notices()) > answered:
        answered += 1
        await office.take(
            mail("Terima kasih, pesan Anda kami terima.", Message_ID=f"<{answered}@example.org>")
        )

    assert answered == 3
    assert len(await office.tickets()) == 4


async def test_an_autoresponder_that_threads_ends_after_one_round(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    _, ours = await started(office)

    await office.take(mail("Pesan Anda kami terima.", In_Reply_To=ours, Message_ID="<1@e.org>"))

    assert len(await office.notices()) == 1
    assert len(await office.tickets()) == 1
    told = await office.rows("SELECT * FROM deliveries WHERE audience = 'submitter'")
    assert len(told) == 1


async def test_an_hour_later_the_person_is_answered_again(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    for number in range(5):
        await office.take(mail(f"Laporan {number}.", Message_ID=f"<{number}@example.org>"))
    runtime.clock.move(minutes=59)  # type: ignore[attr-defined]  # the tests' clock
    await office.take(mail("Masih menunggu.", Message_ID="<still@example.org>"))
    assert len(await office.notices()) == 3
    runtime.clock.move(minutes=2)  # type: ignore[attr-defined]  # the tests' clock
    await office.take(mail("Laporan lagi.", Message_ID="<later@example.org>"))

    assert len(await office.notices()) == 4
    assert len(await office.tickets()) == 7


async def test_our_own_words_in_an_answer_carry_nothing_of_the_submitter(
    runtime: Runtime,
) -> None:
    """The notice of receipt is rendered from the ticket's facts; its row holds no words at all."""
    office = PostOffice(runtime)

    await office.take(mail("BELI SEKARANG", subject="Klik http://evil.example.org"))

    [notice] = await office.notices()
    assert (notice["template"], notice["payload"]) == ("received", {})
    assert not re.search("BELI|evil", str(notice))


async def test_a_flood_of_one_address_is_filed_and_says_so(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    for number in range(12):
        await office.take(mail(f"Laporan {number}.", Message_ID=f"<{number}@example.org>"))
        runtime.clock.move(minutes=4)  # type: ignore[attr-defined]  # the tests' clock

    told = [str(row["remarks"]) for row in await office.messages()]
    assert len(await office.tickets()) == 12
    assert ["dalam satu jam" in text for text in told] == [False] * 10 + [True] * 2
