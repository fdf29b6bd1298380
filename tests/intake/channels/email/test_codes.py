"""A tracking code in a mail: it leads to its report, and is covered in whatever is stored."""

import pytest
from sqlalchemy import text

from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.submission import Receipt
from tests.builders import submission
from tests.intake.channels.email.door import PERSON, mail
from tests.intake.channels.email.outside import channel_to, outside, send_notices
from tests.intake.channels.email.postoffice import PostOffice


async def receipt_of(runtime: Runtime) -> Receipt:
    return await Desk(runtime).submit(submission())


@pytest.mark.parametrize(
    "written", ["{code}", "kode saya {code}", "https://rs.example.org/t/{code}"]
)
async def test_a_code_alone_is_answered_with_the_state_and_makes_no_ticket(
    runtime: Runtime, written: str
) -> None:
    receipt, office = await receipt_of(runtime), PostOffice(runtime)
    body = ("Yth. Bapak/Ibu,", "", written.format(code=receipt.tracking_code.lower()), "")

    await office.take(mail(*body, "Terima kasih", subject="Status", Message_ID="<1@x.example.org>"))

    assert len(await office.tickets()) == 1
    assert len(await office.messages()) == 1
    [answer] = await office.rows("SELECT * FROM deliveries WHERE template = 'report_state'")
    assert answer["ticket_id"] is None  # the report does not come to know who asked
    assert receipt.tracking_code not in str(answer["payload"])


async def test_words_with_a_code_join_its_report_and_the_code_is_covered(runtime: Runtime) -> None:
    receipt, office = await receipt_of(runtime), PostOffice(runtime)
    words = f"Ini kode saya {receipt.tracking_code}, kapan AC nya diperbaiki?"

    await office.take(mail(words, subject="Tanya", Message_ID="<2@x.example.org>"))

    assert len(await office.tickets()) == 1
    [_, added] = await office.messages()
    assert added["body"] == "Ini kode saya ••••, kapan AC nya diperbaiki?"
    async with transaction(runtime.database) as session:
        rows = (await session.execute(text("SELECT * FROM messages"))).all()
    assert receipt.tracking_code not in str(rows)


async def test_what_only_looks_like_a_code_stays_as_it_is(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    await office.take(mail("Nomor seri alat: 4X7K-29PQ-ABCD-1234", Message_ID="<3@x.example.org>"))

    [ticket] = await office.tickets()
    assert "4X7K-29PQ-ABCD-1234" in str(ticket["description"])


async def test_all_of_the_page_of_thanks_is_no_more_than_its_code(runtime: Runtime) -> None:
    receipt, office = await receipt_of(runtime), PostOffice(runtime)
    pasted = (
        "Nomor laporan",
        receipt.number,
        "Ditangani Farmasi. Dijawab paling lambat Kamis, 26 November 2026 pukul 10.00 WIB.",
        "Kode pelacakan",
        receipt.tracking_code,
    )

    await office.take(mail(*pasted, subject="Kode saya", Message_ID="<4@x.example.org>"))

    assert len(await office.messages()) == 1
    assert len(await office.notices("report_state")) == 1


async def test_the_state_says_how_the_report_stands_and_no_word_of_it(runtime: Runtime) -> None:
    receipt, office = await receipt_of(runtime), PostOffice(runtime)
    await office.take(mail(receipt.tracking_code, subject="-", Message_ID="<5@x.example.org>"))

    async with outside() as world:
        await send_notices(runtime, channel_to(runtime, world.port))
        [answer] = world.to(PERSON)

    said = answer.message.get_payload()[0].get_payload(decode=True).decode()  # type: ignore[union-attr, index]
    assert receipt.number in str(answer.message["Subject"])
    assert receipt.unit_name in said
    assert "/tracking" in said
    assert receipt.tracking_code not in answer.content.decode()
    assert submission().words not in said


async def test_words_that_answer_the_state_join_its_report(runtime: Runtime) -> None:
    receipt, office = await receipt_of(runtime), PostOffice(runtime)
    await office.take(mail(receipt.tracking_code, subject="-", Message_ID="<6@x.example.org>"))
    ours = await office.notice_id("report_state")

    await office.take(mail("Masih mati.", In_Reply_To=ours, Message_ID="<7@x.example.org>"))

    assert len(await office.tickets()) == 1
    [_, added] = await office.messages()
    assert added["body"] == "Masih mati."
