"""From the review desk to a ticket: nothing is answered before, everything after, once."""

from datetime import timedelta
from uuid import UUID

import pytest

from core.access.scope import Reader
from core.ground.errors import NotFoundError
from core.people.roles import SUPERVISOR
from core.reading.review import ReviewDesk
from core.review.deciding import DecidedError, Review
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from intake.channel import PreviewError, Raw
from intake.channels.email.parser_pool import Unreadable
from intake.channels.email.understanding.mail import Mail
from tests.builders import MONDAY, OFFICER, Hands
from tests.intake.channels.email.door import OURS, PERSON, mail
from tests.intake.channels.email.postoffice import PostOffice

NEWSLETTER = {"List_Id": "<warta.example.org>", "Auto_Submitted": "auto-generated"}


def newsletter(words: str = "AC di kamar 3 mati sejak kemarin.", **headers: str) -> bytes:
    facts = NEWSLETTER | {"Message_ID": "<warta1@example.org>"} | headers
    return mail(words, subject="Warta bulan ini", sender=f"Sari <{PERSON}>", **facts)


async def waiting_one(runtime: Runtime) -> UUID:
    [one] = await ReviewDesk(runtime).all()
    return one.id


async def deliveries(office: PostOffice) -> list[tuple[str, str]]:
    rows = await office.rows("SELECT audience, template FROM deliveries ORDER BY audience")
    return [(row["audience"], row["template"]) for row in rows]


async def test_a_newsletter_waits_without_a_word_and_is_filed_from_its_release(
    runtime: Runtime, hands: Hands
) -> None:
    office = PostOffice(runtime)
    row = await office.take(newsletter(), to=("farmasi@rs.example.org",))
    assert (row["status"], row["ticket_id"]) == ("quarantined", None)
    assert await office.rows("SELECT * FROM deliveries") == []
    [waits] = await ReviewDesk(runtime).all()
    assert waits.summary.who == f"Sari <{PERSON}>"
    assert waits.summary.subject == "Warta bulan ini"
    assert waits.summary.words == "AC di kamar 3 mati sejak kemarin."

    hands.move(hours=30)
    await Review(runtime).make_ticket(waits.id, by=OFFICER)
    await office.work_off()

    [ticket] = await office.tickets()
    released = MONDAY + timedelta(hours=30)
    assert ticket["received_at"] == released
    assert ticket["sla_deadline"] == released + timedelta(hours=12)  # of Farmasi
    assert ticket["description"] == "AC di kamar 3 mati sejak kemarin."
    [told] = await office.notices()
    assert told["recipient_ref"] == PERSON
    [message] = await office.messages()
    remark = " ".join(message["remarks"]["remarks"])
    assert "Senin, 23 November 2026 pukul 10.00 WIB" in remark
    assert "Petugas Contoh" in remark
    assert await ReviewDesk(runtime).all() == ()


async def test_the_unit_hears_of_a_report_at_its_release(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ward = "UPDATE units SET contact_email = 'kepala@rs.example.org' WHERE code = 'FARMASI'"
    await office.rows(ward)
    await runtime.directory.reload()
    await office.take(newsletter(), to=("farmasi@rs.example.org",))
    assert await deliveries(office) == []

    await Review(runtime).make_ticket(await waiting_one(runtime), by=OFFICER)
    await office.work_off()

    assert await deliveries(office) == [("submitter", "received"), ("unit", "unit_received")]


async def test_copies_wait_as_one_and_become_one(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(b"Received: from a\r\n" + newsletter(), to=("farmasi@rs.example.org",))
    await office.take(b"Received: from b\r\n" + newsletter(), to=("melati@rs.example.org",))
    [one] = await ReviewDesk(runtime).all()
    assert one.copies == 2
    assert (await ReviewDesk(runtime).waiting()).count == 1

    await Review(runtime).make_ticket(one.id, by=OFFICER)
    await office.work_off()
    late = await office.take(b"Received: from c\r\n" + newsletter())

    [ticket] = await office.tickets()
    assert (late["status"], late["ticket_id"]) == ("done", ticket["id"])
    assert len(await office.notices()) == 1
    assert await ReviewDesk(runtime).all() == ()


async def test_equal_ids_with_other_words_are_decided_each_by_itself(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(newsletter("AC mati."))
    await office.take(newsletter("Lift mati."))
    first, second = await ReviewDesk(runtime).all()

    await Review(runtime).no_report(first.id, by=OFFICER)
    await Review(runtime).make_ticket(second.id, by=OFFICER)
    await office.work_off()

    [ticket] = await office.tickets()
    assert ticket["description"] == "Lift mati."


async def test_released_twice_it_is_one_ticket_and_one_answer(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    row = await office.take(newsletter())
    await Review(runtime).make_ticket(row["id"], by=OFFICER)
    await office.work_off()
    again = "UPDATE inbound SET status = 'pending', lease_until = NULL WHERE id = :id"
    await office.rows(again, id=row["id"])
    await office.work_off()

    assert len(await office.tickets()) == 1
    assert len(await office.notices()) == 1


@pytest.mark.parametrize(("sender", "is_third"), [(PERSON, False), ("budi@example.org", True)])
async def test_joined_it_stands_on_the_ticket_with_who_joined_it(
    runtime: Runtime, hands: Hands, sender: str, *, is_third: bool
) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC mati.", Message_ID="<first@example.org>"))
    [ticket] = await office.tickets()
    await Casework(runtime).resolve(ticket["id"], "Sudah diperbaiki.", by=OFFICER)
    letter = mail("Masih mati.", sender=sender, Message_ID="<2@example.org>", **NEWSLETTER)
    row = await office.take(letter)
    hands.move(hours=2)

    await Review(runtime).join(row["id"], ticket["ticket_number"], by=OFFICER)
    await office.work_off()

    [same] = await office.tickets()
    assert (same["status"] == "resolved") == is_third  # staff cannot know whose words they are
    said = next(one for one in await office.messages() if one["body"] == "Masih mati.")
    assert said["received_at"] == MONDAY + timedelta(hours=2)
    remarks = " ".join(said["remarks"]["remarks"])
    assert "Petugas Contoh" in remarks
    assert ("orang ketiga" in remarks.lower()) == is_third
    assert said["is_internal"] == is_third  # not on the reporter's page
    [kept] = await office.rows("SELECT * FROM inbound WHERE id = :id", id=row["id"])
    assert (kept["status"], kept["ticket_id"]) == ("done", ticket["id"])


@pytest.mark.parametrize("sender", [PERSON, "budi@example.org"])
async def test_joined_to_a_ticket_that_ended_long_ago_it_is_a_report_of_its_writer(
    runtime: Runtime, hands: Hands, sender: str
) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC mati.", Message_ID="<first@example.org>"))
    [ticket] = await office.tickets()
    await Casework(runtime).resolve(ticket["id"], "Sudah diperbaiki.", by=OFFICER)
    await Desk(runtime).confirm(ticket["id"])
    hands.move(days=60)
    letter = mail("Lift mati.", sender=sender, Message_ID="<2@example.org>", **NEWSLETTER)
    row = await office.take(letter, sender=sender)

    await Review(runtime).join(row["id"], ticket["ticket_number"], by=OFFICER)
    await office.work_off()

    _first, new = await office.tickets()
    assert (new["description"], new["submitter_email"]) == ("Lift mati.", sender)
    assert [one["recipient_ref"] for one in await office.notices()] == [PERSON, sender]
    [link] = await office.rows("SELECT * FROM ticket_links")
    assert (link["ticket_id"], link["other_id"]) == (new["id"], ticket["id"])


async def test_joined_to_a_ticket_that_was_erased_since_it_is_a_report(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC mati.", Message_ID="<first@example.org>"))
    [ticket] = await office.tickets()
    row = await office.take(newsletter("Lift mati."))
    await Review(runtime).join(row["id"], ticket["ticket_number"], by=OFFICER)
    await office.rows("UPDATE inbound SET verdict_ticket_id = NULL WHERE id = :id", id=row["id"])
    await office.work_off()

    words = [one["description"] for one in await office.tickets()]
    assert words == ["AC mati.", "Lift mati."]


async def test_the_second_of_two_deciders_hears_who_was_first(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    row = await office.take(newsletter())
    await Review(runtime).no_report(row["id"], by=OFFICER)

    with pytest.raises(DecidedError) as told:
        await Review(runtime).make_ticket(row["id"], by=OFFICER)
    assert (told.value.by, told.value.verdict) == ("Petugas Contoh", "no_report")

    await Review(runtime).make_ticket(row["id"], by=OFFICER, again=True)
    await office.work_off()
    assert len(await office.tickets()) == 1


async def test_what_cannot_be_read_becomes_a_ticket_with_the_original(runtime: Runtime) -> None:
    dies = PostOffice(runtime, read=broken)
    row = await dies.take(newsletter("Tolong, ibu saya sesak napas sekarang."))
    await dies.rows(
        "UPDATE inbound SET status = 'quarantined', reason = 'poison' WHERE id = :id", id=row["id"]
    )

    await Review(runtime).make_ticket(row["id"], by=OFFICER)
    await dies.work_off()

    [ticket] = await dies.tickets()
    files = await dies.rows("SELECT * FROM ticket_attachments")
    assert [file["file_name"] for file in files] == ["original.eml"]
    assert "tidak dapat dibaca" in ticket["description"]


async def test_joining_needs_a_ticket_that_one_may_know_of(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC mati.", Message_ID="<first@example.org>"))
    [ticket] = await office.tickets()
    row = await office.take(newsletter())
    nobody = Reader(user_id=OFFICER, roles=frozenset({"officer"}))

    with pytest.raises(NotFoundError):
        await Review(runtime).join(row["id"], ticket["ticket_number"], by=OFFICER, reader=nobody)
    with pytest.raises(NotFoundError):
        await Review(runtime).join(row["id"], "TKT-20200101-0001", by=OFFICER)
    assert (await ReviewDesk(runtime).waiting()).count == 1

    boss = Reader(user_id=OFFICER, roles=SUPERVISOR)
    [offered] = await ReviewDesk(runtime).candidates(boss, "email", PERSON)
    assert offered.number == ticket["ticket_number"]
    assert await ReviewDesk(runtime).candidates(nobody, "email", PERSON) == ()


async def test_a_preview_is_words_and_names_alone(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(newsletter("<script>alert(1)</script> AC mati."))
    message = await ReviewDesk(runtime).look(await waiting_one(runtime), by=OFFICER)
    assert message is not None
    assert message.content is not None
    raw = raw_like(message.content, message.envelope)

    shown = await office.channel.preview(raw)

    assert (shown.sender, shown.subject, shown.recipients) == (PERSON, "Warta bulan ini", (OURS,))
    assert shown.words.startswith("<script>")  # as text; the page escapes it
    assert ("list", "warta.example.org") in shown.sources
    [read] = await office.rows("SELECT what, data FROM audit.reads")
    assert (read["what"], read["data"]) == ("message", {"inbound_id": str(message.row.id)})
    with pytest.raises(PreviewError):
        await PostOffice(runtime, read=broken).channel.preview(raw)


def broken(_raw: bytes) -> Mail | Unreadable:
    return Unreadable(reason="time")


def raw_like(content: bytes, envelope: dict[str, object]) -> Raw:
    return Raw(
        id=OFFICER,
        channel="email",
        external_id="x",
        envelope=envelope,
        content=content,
        received_at=MONDAY,
        attempts=1,
    )
