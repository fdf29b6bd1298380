"""Mail of staff: a note, unless it is proven to be theirs and says that it is an answer."""

import pytest

from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.submission import Address, Submitter
from tests.builders import OFFICER, submission
from tests.intake.channels.email.door import PERSON, mail
from tests.intake.channels.email.postoffice import OFFICER_MAIL, WARD_MAIL, PostOffice

STRANGER = "orang.lain@example.net"


async def test_staff_by_name_alone_never_answers_the_person(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC mati.", Message_ID="<first@example.org>"))
    ours = await office.notice_id()

    await office.take(
        mail("#balas Sudah selesai.", In_Reply_To=ours, sender=OFFICER_MAIL), sender=OFFICER_MAIL
    )

    [ticket] = await office.tickets()
    added = (await office.messages())[1:]
    assert [(row["is_internal"], row["author"]) for row in added] == [(True, "system")]
    assert str(added[0]["body"]).startswith("Belum terbukti")
    assert ticket["status"] == "open"
    assert await office.notices("replied") == []


async def notice_to(office: PostOffice, officer: bool = True) -> tuple[dict[str, object], str]:
    """File a report, tell the ward and its officer, and return the notice's signed id."""
    runtime = office.runtime
    address = Address(channel="email", address=PERSON, confirmed=True)
    receipt = await Desk(runtime).submit(
        submission(submitter=Submitter(name="Sari", email=PERSON), addresses=(address,))
    )
    if officer:
        await Casework(runtime).assign(receipt.ticket_id, OFFICER, by=OFFICER)
    [ticket] = await office.tickets()
    return ticket, await office.notice_id("assigned" if officer else "unit_received")


async def test_staff_who_answer_their_notice_write_a_note(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    _, ours = await notice_to(office)

    await office.take(
        mail(
            "Teknisi datang besok.",
            "",
            "-- ",
            "Dewi, pesawat 214",
            "",
            "Pada 6 Jan 2026 10.03, RS <halo@rs.example.org> menulis:",
            "> -- Balas di atas garis ini --",
            *["> Laporan baru untuk unit Anda dengan tenggat tiga hari."] * 5,
            In_Reply_To=ours,
            sender=OFFICER_MAIL,
        ),
        sender=OFFICER_MAIL,
    )

    note = (await office.messages())[-1]
    assert (note["is_internal"], note["author_id"], note["body"]) == (
        True,
        OFFICER,
        "Teknisi datang besok.\n\n-- \nDewi, pesawat 214",
    )
    assert await office.notices("replied") == []


async def test_staff_answer_the_person_by_mail_when_they_say_so(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    _, ours = await notice_to(office)
    content = mail("#balas", "AC sudah diganti.", In_Reply_To=ours, sender=OFFICER_MAIL)

    await office.take(content, sender=OFFICER_MAIL)
    await office.take(b"Received: by mx2\r\n" + content, sender=OFFICER_MAIL)

    [reply] = [row for row in await office.messages() if row["author"] == "staff"]
    assert (reply["is_internal"], reply["author_id"], reply["body"]) == (
        False,
        OFFICER,
        "AC sudah diganti.",
    )
    assert len(await office.notices("replied")) == 1


@pytest.mark.parametrize(
    ("sender", "officer"), [(STRANGER, True), (PERSON, True), (WARD_MAIL, False)]
)
async def test_whoever_else_holds_a_staff_notice_writes_a_note(
    runtime: Runtime, sender: str, officer: bool
) -> None:
    office = PostOffice(runtime)
    ticket, ours = await notice_to(office, officer)

    await office.take(mail("#balas Kasus ditutup.", In_Reply_To=ours, sender=sender), sender=sender)

    note = (await office.messages())[-1]
    assert note["is_internal"]
    assert note["ticket_id"] == ticket["id"]
    assert await office.notices("replied") == []


async def test_a_vacation_message_of_staff_reaches_nobody(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC mati.", Message_ID="<first@example.org>"))
    [ticket] = await office.tickets()
    await Casework(runtime).assign(ticket["id"], OFFICER, by=OFFICER)
    ours = await office.notice_id("assigned")

    row = await office.take(
        mail(
            "#balas Saya cuti.",
            In_Reply_To=ours,
            sender=OFFICER_MAIL,
            Auto_Submitted="auto-replied",
        ),
        sender=OFFICER_MAIL,
    )

    assert row["status"] == "dropped"
    assert len(await office.messages()) == 1


async def test_an_answer_of_staff_in_which_nothing_can_be_seen_answers_nobody(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    _, ours = await notice_to(office)

    row = await office.take(
        mail("#balas \u200b\u200d", In_Reply_To=ours, sender=OFFICER_MAIL), sender=OFFICER_MAIL
    )

    [ticket] = await office.tickets()
    assert row["status"] == "done"
    assert ticket["first_response_at"] is None
    assert await office.notices("replied") == []


async def test_an_answer_of_staff_by_mail_is_the_first_answer(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    _, ours = await notice_to(office)

    await office.take(
        mail("#balas Sudah diganti.", In_Reply_To=ours, sender=OFFICER_MAIL), sender=OFFICER_MAIL
    )

    [ticket] = await office.tickets()
    assert ticket["first_response_at"] == runtime.clock()
