"""How staff read words of a third person, and whom a report was also sent to."""

import pytest
from sqlalchemy import select

from core.deliveries.undelivered import Undelivered
from core.ground.database import transaction
from core.notices.delivery import Delivery
from core.reading.notice import read_facts
from core.reading.reporter import tracked
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.involved_unit import Involving
from core.tickets.submission import Receipt
from core.tickets.third_person import ThirdPersons
from core.tickets.writer import Writer
from intake.channels.web.progress import progress_of
from tests.builders import FARMASI
from tests.intake.console.staff import Page, Person, Served, hire
from tests.intake.console.ticket.working import AtTicket, file

WHO = "Pak <b>Lurah</b> <lurah@kota.example.gov>"


def words(key: str, **mail: object) -> FollowUp:
    return FollowUp(channel="email", key=key, words="Mohon segera.", facts={"mail": mail})


@pytest.fixture
async def receipt(runtime: Runtime) -> Receipt:
    return await file(runtime)


async def page_of(served: Served, person: Person, receipt: Receipt) -> Page:
    async with served.signed_in(person) as browser:
        return await AtTicket(browser, receipt.number).open()


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("id", ("orang ketiga, bukan pelapor", "Orang lain menulis tentang laporan ini.")),
        ("en", ("a third person, not whoever reported", "Somebody else wrote about it.")),
    ],
)
async def test_a_third_person_is_named_beside_their_words(
    served: Served, runtime: Runtime, receipt: Receipt, language: str, sentences: tuple[str, str]
) -> None:
    said, happened = sentences
    await ThirdPersons(runtime).wrote(receipt.ticket_id, words("3", third_person=WHO))

    page = await page_of(served, await hire(runtime, "ayu", "officer", language=language), receipt)

    assert page.all(".said-line.note header strong") == [WHO]
    assert said in page.one(".said-line.note header .soft")
    assert any(happened in line for line in page.all("#history li"))


@pytest.mark.parametrize("third", [WHO, True])
async def test_whoever_holds_the_reply_address_is_not_called_the_reporter(
    served: Served, runtime: Runtime, receipt: Receipt, third: object
) -> None:
    mail = {"third_person": third, "from": "lurah@kota.example.gov"}
    await Desk(runtime).follow_up(receipt.ticket_id, words("4", **mail))

    page = await page_of(served, await hire(runtime, "ayu", "officer"), receipt)

    named = page.all(".said-line.theirs header strong")
    assert named[-1] == (WHO if third is WHO else "lurah@kota.example.gov")


async def test_the_reporters_page_has_no_words_of_third_persons(
    runtime: Runtime, receipt: Receipt
) -> None:
    await ThirdPersons(runtime).wrote(receipt.ticket_id, words("5", third_person=WHO))

    page = await tracked(runtime, receipt.ticket_id)

    assert page is not None
    assert [message.author for message in page.messages] == ["submitter"]


async def test_the_history_says_who_else_sees_it_and_who_wants_no_more_mail(
    served: Served, runtime: Runtime, receipt: Receipt
) -> None:
    await Involving(runtime).involve(receipt.ticket_id, [FARMASI])
    async with transaction(runtime.database) as session:
        query = select(Delivery.id).where(Delivery.audience == "submitter")
        [notice] = await session.scalars(query)
    await Undelivered(runtime).complained(notice, "abuse")

    page = await page_of(served, await hire(runtime, "ayu", "officer"), receipt)

    history = " ".join(page.all("#history li"))
    assert "juga dikirim ke Farmasi" in history
    assert "tidak diinginkan" in history


async def test_a_sender_who_is_not_proven_is_marked_beside_the_words_and_in_the_history(
    served: Served, runtime: Runtime, receipt: Receipt
) -> None:
    unproven = FollowUp(
        channel="email", key="6", words="Sudah selesai.", writer=Writer(is_unproven=True)
    )
    await Desk(runtime).follow_up(receipt.ticket_id, unproven)

    page = await page_of(served, await hire(runtime, "ayu", "officer"), receipt)

    assert page.all(".said-line header .tag") == ["pengirim belum terbukti"]
    assert page.all("#history li")[-1].count("Pengirim belum terbukti.") == 1


async def test_the_reporters_page_says_what_was_written_in_their_name_or_by_others(
    runtime: Runtime, receipt: Receipt
) -> None:
    for key, writer in (("7", Writer(third_person=WHO)), ("8", Writer(is_unproven=True))):
        told = FollowUp(channel="email", key=key, words=f"Kata {key}.", writer=writer)
        await Desk(runtime).follow_up(receipt.ticket_id, told)
    page, directory = (
        await tracked(runtime, receipt.ticket_id),
        await runtime.directory.fresh(),
    )
    assert page is not None

    shown = progress_of(page, directory, "id", runtime.clock())

    assert [one.author for one in shown.messages] == [
        "Anda",
        f"Orang lain, {WHO}",
        "Atas nama Anda, lewat e-mail; belum terbukti",
    ]


async def test_a_notice_to_the_unit_names_who_wrote_and_what_is_not_proven(
    runtime: Runtime, receipt: Receipt
) -> None:
    told = FollowUp(
        channel="email", key="9", words="Kata saya.",
        writer=Writer(third_person=WHO, is_unproven=True),
    )  # fmt: skip
    await Desk(runtime).follow_up(receipt.ticket_id, told)
    async with transaction(runtime.database) as session:
        query = select(Delivery.event_id).where(Delivery.template == "unit_followed_up")
        [event_id] = await session.scalars(query)
    assert event_id is not None

    facts = await read_facts(runtime, receipt.ticket_id, event_id)

    assert (facts.report, facts.who) == ("Kata saya.", WHO)
    assert facts.writer == told.writer
