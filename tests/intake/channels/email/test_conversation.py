"""Answers to all before ours: one ticket, everybody named, in whatever order they come."""

import asyncio
import itertools
import smtplib
from uuid import UUID

import pytest

from core.jobs.inbound import INBOUND
from core.jobs.leasing import Jobs
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.merging import Merging
from intake import raw_reading
from intake.channels.email.raw_mail import RawMail
from intake.channels.email.smtp.listener import Door, listening
from tests.builders import OFFICER
from tests.intake.channels.email.door import OURS, mail
from tests.intake.channels.email.postoffice import MX, PostOffice

ANI = "ani@example.com"
HEAD = "Pak Lurah <lurah@kota.example.gov>"
OFFICE = "Dinas Kesehatan <dinkes@kota.example.gov>"


def letter(number: int, sender: str, *words: str, answers: str = "", **headers: str) -> bytes:
    """Write a mail of the storm: to everybody, answering those before it."""
    ids = [f"<badai-{one}@example.com>" for one in answers]
    if ids:
        headers |= {"In_Reply_To": ids[-1], "References": " ".join(ids)}
    return mail(
        *words,
        subject="Re: Ambulans terlambat" if ids else "Ambulans terlambat",
        sender=sender,
        Message_ID=f"<badai-{number}@example.com>",
        Cc="dinkes@kota.example.gov, lurah@kota.example.gov",
        **headers,
    )


FIRST = letter(1, ANI, "Ambulans datang dua jam kemudian.")
SECOND = letter(2, HEAD, "Mohon ditindaklanjuti.", answers="1")
THIRD = letter(3, OFFICE, "Kami teruskan.", answers="12")
FOURTH = letter(4, ANI, "Terima kasih.", answers="123")
STORM = {1: (ANI, FIRST), 2: (HEAD, SECOND), 3: (OFFICE, THIRD), 4: (ANI, FOURTH)}


def address(sender: str) -> str:
    return sender.rpartition("<")[2].strip(">")


async def take(office: PostOffice, number: int) -> dict[str, object]:
    sender, content = STORM[number]
    return await office.take(content, sender=address(sender))


async def events(office: PostOffice) -> list[str]:
    return [row["kind"] for row in await office.rows("SELECT kind FROM events ORDER BY seq")]


async def test_others_who_answer_the_reporters_mail_are_on_its_one_ticket(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    for number in STORM:
        await take(office, number)

    [ticket] = await office.tickets()
    first, head, dinkes, ani = await office.messages()
    assert (ticket["submitter_email"], ticket["status"]) == (ANI, "open")
    assert [m["author"] for m in (first, head, dinkes, ani)] == [
        "submitter",
        "system",
        "system",
        "submitter",
    ]
    assert [m["is_internal"] for m in (first, head, dinkes, ani)] == [False, True, True, False]
    assert head["remarks"]["third_person"] == HEAD
    assert f"Dari orang ketiga, {HEAD}" in str(head["remarks"]["remarks"])
    assert await events(office) == ["received", "joined_in", "joined_in", "followed_up"]
    assert await office.rows("SELECT * FROM ticket_links") == []
    assert [row["recipient_ref"] for row in await office.notices()] == [ANI]
    assert [row["address"] for row in await office.rows("SELECT * FROM ticket_addresses")] == [ANI]


@pytest.mark.parametrize("order", list(itertools.permutations(STORM)), ids=str)
async def test_in_whatever_order_they_come_it_is_one_ticket(
    runtime: Runtime, order: tuple[int, ...]
) -> None:
    office = PostOffice(runtime)
    for number in order:
        await take(office, number)

    assert len(await office.tickets()) == 1
    assert len(await office.messages()) == len(STORM)


@pytest.mark.parametrize("order", [(1, 2, 3, 4), (2, 1, 4, 3), (4, 3, 2, 1)], ids=str)
async def test_read_at_the_same_moment_they_are_one_ticket(
    runtime: Runtime, order: tuple[int, ...]
) -> None:
    office = PostOffice(runtime)
    for number in order:
        await _store(office, number)

    for _ in range(6):
        ids = await Jobs(runtime, INBOUND).hand_out(100)
        read = [raw_reading.process(runtime, lambda _name: office.channel, one) for one in ids]
        await asyncio.gather(*read)
        runtime.clock.move(seconds=6)  # type: ignore[attr-defined]  # the tests' clock

    assert len(await office.tickets()) == 1
    assert len(await office.messages()) == len(STORM)
    rows = await office.rows("SELECT status FROM inbound")
    assert {row["status"] for row in rows} == {"done"}


async def test_an_answer_waits_for_the_mail_that_came_before_it(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await _store(office, 1)
    await _store(office, 2)
    one, two = await Jobs(runtime, INBOUND).hand_out(100)

    await raw_reading.process(runtime, lambda _name: office.channel, two)
    assert await office.tickets() == []
    await raw_reading.process(runtime, lambda _name: office.channel, one)
    runtime.clock.move(seconds=6)  # type: ignore[attr-defined]  # the tests' clock
    await office.work_off()

    [ticket] = await office.tickets()
    assert ticket["submitter_email"] == ANI
    [waited] = await office.rows("SELECT attempts FROM inbound ORDER BY seq OFFSET 1")
    assert waited["attempts"] == 1


async def test_two_who_wait_for_each_other_do_not_wait_for_ever(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ring = {
        1: letter(1, ANI, "Satu.", answers="2"),
        2: letter(2, HEAD, "Dua.", answers="1"),
    }
    for number, content in ring.items():
        await _store(office, number, content)

    for _ in range(3):
        await office.work_off()
        runtime.clock.move(seconds=6)  # type: ignore[attr-defined]  # the tests' clock

    assert len(await office.tickets()) == 1
    assert len(await office.messages()) == 2


async def test_an_answer_does_not_wait_longer_than_minutes(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await _store(office, 1)
    await _store(office, 2)
    [_, two] = await Jobs(runtime, INBOUND).hand_out(100)
    runtime.clock.move(minutes=3)  # type: ignore[attr-defined]  # the tests' clock

    await raw_reading.process(runtime, lambda _name: office.channel, two)

    [ticket] = await office.tickets()
    assert ticket["submitter_email"] == address(HEAD)


async def test_a_thousand_may_answer_one_circular_each_with_their_own(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    for number, person in enumerate(("satu@example.org", "dua@example.org", "tiga@example.org")):
        content = mail(
            "Keluhan saya sendiri.",
            sender=person,
            Message_ID=f"<jawab-{number}@example.org>",
            References="<surat-edaran@rs.example.org>",
        )
        await office.take(content, sender=person)

    assert len(await office.tickets()) == 3
    assert len(await office.notices()) == 3


async def test_what_several_tickets_answer_is_a_report_of_its_own(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(letter(2, HEAD, "Keluhan A.", answers="1"), sender=address(HEAD))
    await office.take(letter(3, OFFICE, "Keluhan B.", answers="1"), sender=address(OFFICE))

    await take(office, 1)

    assert len(await office.tickets()) == 3


async def test_a_third_person_opens_nothing_again_and_the_unit_hears(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(FIRST, sender=ANI)
    [ticket] = await office.tickets()
    await Casework(runtime).move(
        ticket["id"], to=(await _melati(office)), by=OFFICER, reason="Ambulans."
    )
    await Casework(runtime).resolve(ticket["id"], "Sudah.", by=OFFICER)

    await take(office, 2)

    [after] = await office.tickets()
    assert after["status"] == "resolved"
    told = await office.notices("unit_joined_in")
    assert [row["recipient_ref"] for row in told] == ["melati@rs.example.org"]


async def test_a_third_person_ends_no_waiting_for_the_reporter(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(FIRST, sender=ANI)
    [ticket] = await office.tickets()
    await Casework(runtime).ask(ticket["id"], "Jam berapa?", by=OFFICER)

    await take(office, 2)

    [after] = await office.tickets()
    assert after["waiting_since"] is not None
    assert after["sla_deadline"] == ticket["sla_deadline"]


async def test_long_after_it_closed_a_third_person_has_a_report_of_their_own(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    await office.take(FIRST, sender=ANI)
    [ticket] = await office.tickets()
    await Casework(runtime).close(ticket["id"], "Selesai.", by=OFFICER)
    runtime.clock.move(days=40)  # type: ignore[attr-defined]  # the tests' clock

    await take(office, 2)

    _, own = await office.tickets()
    assert own["submitter_email"] == address(HEAD)
    [link] = await office.rows("SELECT * FROM ticket_links")
    assert (link["ticket_id"], link["reason"]) == (own["id"], "answers_its_mail")


async def test_long_after_it_closed_a_reply_address_in_other_hands_is_no_word_of_the_reporter(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    await office.take(FIRST, sender=ANI)
    [ticket] = await office.tickets()
    await Casework(runtime).close(ticket["id"], "Selesai.", by=OFFICER)
    runtime.clock.move(days=40)  # type: ignore[attr-defined]  # the tests' clock

    await office.take(
        mail("Saya tetangganya.", sender="tetangga@example.net"),
        sender="tetangga@example.net",
        to=(office.tokens.reply_address(ticket["id"]),),
    )

    _, own = await office.tickets()
    addresses = await office.rows(
        "SELECT address FROM ticket_addresses WHERE ticket_id = :id", id=own["id"]
    )
    assert [row["address"] for row in addresses] == ["tetangga@example.net"]
    [link] = await office.rows("SELECT * FROM ticket_links")
    assert link["reason"] == "closed_long_ago"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
    ],
)
async def test_what_a_machine_of_a_third_person_answers_is_not_on_the_ticket(
    runtime: Runtime, headers: dict[str, str]
) -> None:
    office = PostOffice(runtime)
    await office.take(FIRST, sender=ANI)

    row = await office.take(
        letter(2, HEAD, "Saya tidak di kantor.", answers="1", **headers), sender=address(HEAD)
    )

    assert row["status"] == "quarantined"
    assert len(await office.messages()) == 1


async def test_whoever_claims_to_be_us_joins_no_conversation(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(FIRST, sender=ANI)

    row = await office.take(letter(2, OURS, "Tutup saja.", answers="1"), sender=OURS)

    assert row["status"] == "quarantined"
    assert len(await office.messages()) == 1


async def test_the_same_answer_told_again_is_kept_once(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(FIRST, sender=ANI)
    await take(office, 2)

    row = await office.take(b"Received: lagi\r\n" + SECOND, sender=address(HEAD))

    [ticket] = await office.tickets()
    assert (row["status"], row["ticket_id"]) == ("done", ticket["id"])
    assert len(await office.messages()) == 2
    assert (await events(office)).count("joined_in") == 1


async def test_a_third_persons_words_are_on_the_ticket_that_a_merged_one_ended_in(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    await office.take(FIRST, sender=ANI)
    await office.take(mail("AC mati.", Message_ID="<ac@example.org>"))
    one, other = await office.tickets()
    await Merging(runtime).merge(one["id"], other["id"], by=OFFICER, words=lambda *_: "Digabung.")

    row = await take(office, 2)

    assert row["ticket_id"] == other["id"]


async def test_a_hostile_message_id_is_kept_like_any_other(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    long = "x" * 900
    await office.take(mail("Panjang.", sender=ANI, Message_ID=f"<{long}@example.com>"), sender=ANI)
    await office.take(
        mail(
            "Ya.",
            sender=HEAD,
            Message_ID="<a\"b'c\\d$1@example.com>",
            References=" ".join(f"<{n}@example.com>" for n in range(300))
            + f" <{long}@example.com>",
        ),
        sender=address(HEAD),
    )

    assert len(await office.tickets()) == 1
    assert len(await office.messages()) == 2


async def test_the_newest_ticket_of_the_writer_among_all_that_a_mail_answers(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    await office.take(mail("Lama.", sender=ANI, Message_ID="<lama@e.org>"), sender=ANI)
    runtime.clock.move(minutes=5)  # type: ignore[attr-defined]  # the tests' clock
    await office.take(mail("Baru.", sender=ANI, Message_ID="<baru@e.org>"), sender=ANI)
    runtime.clock.move(minutes=5)  # type: ignore[attr-defined]  # the tests' clock
    await office.take(
        mail("Orang lain.", sender=HEAD, Message_ID="<lain@e.org>"), sender=address(HEAD)
    )
    _, newest, _ = await office.tickets()

    many = " ".join(f"<x{n}@e.org>" for n in range(30))
    row = await office.take(
        mail(
            "Tambahan.",
            sender=ANI,
            Message_ID="<tambah@e.org>",
            References=f"<baru@e.org> <lama@e.org> {many} <lain@e.org>",
            In_Reply_To="<lain@e.org>",
        ),
        sender=ANI,
    )

    assert row["ticket_id"] == newest["id"]


async def test_one_answer_to_two_reply_addresses_is_on_both_tickets_once(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC mati.", Message_ID="<1@e.org>"))
    await office.take(mail("Lift mati.", Message_ID="<2@e.org>"))
    one, other = await office.tickets()
    both = [office.tokens.reply_address(ticket["id"]) for ticket in (one, other)]
    content = mail("Dua-duanya masih mati.", To=", ".join(both), Message_ID="<3@e.org>")

    await office.take(content, to=tuple(both))
    await office.take(b"Received: lagi\r\n" + content, to=(both[1],))

    added = [m for m in await office.messages() if m["body"].startswith("Dua-duanya")]
    assert sorted(m["ticket_id"] for m in added) == sorted((one["id"], other["id"]))
    assert len(await office.tickets()) == 2


async def test_an_answer_to_two_tickets_one_of_which_is_erased_is_on_the_other(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC mati.", Message_ID="<1@e.org>"))
    await office.take(mail("Lift mati.", Message_ID="<2@e.org>"))
    one, other = await office.tickets()
    both = tuple(office.tokens.reply_address(ticket["id"]) for ticket in (one, other))
    await office.rows("DELETE FROM tickets WHERE id = :id", id=one["id"])

    await office.take(mail("Masih.", Message_ID="<3@e.org>"), to=both)

    [ticket] = await office.tickets()
    assert [m["body"] for m in await office.messages()] == ["Lift mati.", "Masih."]
    assert ticket["id"] == other["id"]


async def test_of_two_tickets_the_writer_is_a_third_person_on_one(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC mati.", Message_ID="<1@e.org>"))
    await office.take(mail("Lift mati.", sender=ANI, Message_ID="<2@e.org>"), sender=ANI)
    one, other = await office.tickets()
    both = tuple(office.tokens.reply_address(ticket["id"]) for ticket in (one, other))

    await office.take(mail("Masih.", sender=ANI, Message_ID="<3@e.org>"), sender=ANI, to=both)

    added = {m["ticket_id"]: m for m in await office.messages() if m["body"] == "Masih."}
    assert added[one["id"]]["remarks"]["third_person"] == ANI
    assert "third_person" not in added[other["id"]]["remarks"]["mail"]


async def test_through_the_door_the_storm_of_one_hour_is_one_ticket(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    channel = office.channel
    async with listening(Door(port=0), channel.accept, channel.knows) as port:

        def hand_in(number: int) -> None:
            sender, content = STORM[number]
            with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
                client.sendmail(address(sender), [OURS], content)

        await asyncio.gather(*(asyncio.to_thread(hand_in, number) for number in STORM))
    for _ in range(4):
        await office.work_off(channel)
        runtime.clock.move(seconds=6)  # type: ignore[attr-defined]  # the tests' clock

    assert len(await office.tickets()) == 1
    assert len(await office.messages()) == len(STORM)


async def _melati(office: PostOffice) -> UUID:
    [unit] = await office.rows("SELECT id FROM units WHERE code = 'MELATI'")
    return UUID(str(unit["id"]))


async def _store(office: PostOffice, number: int, content: bytes | None = None) -> None:
    sender, own = STORM[number]
    raw = RawMail(
        sender=address(sender),
        recipients=(OURS,),
        content=content or own,
        peer=MX,
        helo="mx.example.org",
        protocol="smtp",
        tls=True,
    )
    await office.channel.accept(raw)
