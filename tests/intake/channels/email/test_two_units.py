"""A mail to two units is one ticket that both see."""

from uuid import UUID

import pytest

from core.access.lookup import ticket_for
from core.access.scope import Reader
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.reading.filters import Wanted
from core.reading.queues import QueueReader, counts, page
from core.runtime import Runtime
from core.tickets.involved_unit import Involving
from core.tickets.subject import name_subject
from tests.builders import FARMASI, MELATI, OFFICER
from tests.intake.channels.email.door import OURS, mail
from tests.intake.channels.email.postoffice import PostOffice
from tests.intake.console.staff import hire

FARMASI_MAIL, MELATI_MAIL = "farmasi@rs.example.org", "melati-rawat@rs.example.org"
BOTH = (FARMASI_MAIL, MELATI_MAIL)


@pytest.fixture
async def office(runtime: Runtime) -> PostOffice:
    office = PostOffice(runtime)
    await office.rows(
        "INSERT INTO unit_aliases (unit_id, alias, created_at, updated_at)"
        " SELECT unit_id, :alias, created_at, updated_at FROM unit_aliases LIMIT 1",
        alias="sementara",
    )
    await office.rows(
        "UPDATE unit_aliases SET unit_id = :unit, alias = :alias WHERE alias = 'sementara'",
        unit=MELATI,
        alias="melati-rawat",
    )
    await runtime.directory.reload()
    return office


async def reader(runtime: Runtime, name: str, unit_id: UUID) -> Reader:
    person = await hire(runtime, name, "officer", unit_id=unit_id)
    directory = await runtime.directory.fresh()
    return Reader.of(person.user_id, frozenset({"officer"}), unit_id, directory)


async def seen(runtime: Runtime, one: Reader, queue: str) -> tuple[set[str], int | None]:
    """Name what stands in somebody's queue, and how many it is said to hold."""
    desk = QueueReader(reader=one, directory=await runtime.directory.fresh(), now=runtime.clock())
    async with transaction(runtime.database) as session:
        rows = (await page(session, desk, Wanted(queue=queue))).rows
        return {row.number for row in rows}, (await counts(session, desk)).get(queue)


@pytest.mark.parametrize("queue", ["unit", "all"])
async def test_both_units_see_the_one_ticket_in_their_queues(
    runtime: Runtime, office: PostOffice, queue: str
) -> None:
    await office.take(mail("Obat tertukar di ruang rawat."), to=BOTH)

    [ticket] = await office.tickets()
    ayu = await reader(runtime, "ayu", MELATI)
    budi = await reader(runtime, "budi", FARMASI)
    assert ticket["unit_id"] == FARMASI
    expected = ({ticket["ticket_number"]}, 1 if queue == "unit" else None)
    assert await seen(runtime, ayu, queue) == expected
    assert await seen(runtime, budi, queue) == expected
    async with transaction(runtime.database) as session:
        assert await ticket_for(session, ayu, ticket["ticket_number"]) is not None


async def test_the_second_unit_is_told_by_its_mailbox_once(office: PostOffice) -> None:
    content = mail("Obat tertukar.", To=", ".join(BOTH), Message_ID="<1@e.org>")
    await office.take(content, to=(FARMASI_MAIL,))
    await office.take(b"Received: lagi\r\n" + content, to=(MELATI_MAIL,))

    told = await office.notices("unit_involved")
    kinds = [row["kind"] for row in await office.rows("SELECT kind FROM events ORDER BY seq")]
    assert [(row["audience"], row["recipient_ref"]) for row in told] == [
        ("unit", "melati@rs.example.org")
    ]
    assert kinds.count("involved") == 1
    assert len(await office.tickets()) == 1


async def test_two_envelopes_with_the_same_bytes_are_for_both(office: PostOffice) -> None:
    content = mail("Obat tertukar.", To=", ".join(BOTH), Message_ID="<1@e.org>")
    await office.take(content, to=(FARMASI_MAIL,))
    await office.take(content, to=(MELATI_MAIL,))

    rows = await office.rows("SELECT unit_id FROM ticket_units")
    assert [row["unit_id"] for row in rows] == [MELATI]


async def test_a_copy_that_was_sent_blind_reaches_its_unit(office: PostOffice) -> None:
    content = mail("Obat tertukar.", Message_ID="<1@e.org>")
    await office.take(content, to=(FARMASI_MAIL,))
    await office.take(b"Received: lagi\r\n" + content, to=(MELATI_MAIL,))

    rows = await office.rows("SELECT unit_id FROM ticket_units")
    assert [row["unit_id"] for row in rows] == [MELATI]


async def test_an_answer_that_is_also_sent_to_a_unit_is_seen_by_it(office: PostOffice) -> None:
    await office.take(mail("Obat tertukar.", Message_ID="<1@e.org>"), to=(FARMASI_MAIL,))

    await office.take(
        mail("Juga soal perawatnya.", In_Reply_To="<1@e.org>", Message_ID="<2@e.org>"),
        to=(MELATI_MAIL,),
    )

    assert len(await office.tickets()) == 1
    rows = await office.rows("SELECT unit_id FROM ticket_units")
    assert [row["unit_id"] for row in rows] == [MELATI]


async def test_a_stranger_opens_nobodys_ticket_to_a_further_unit(office: PostOffice) -> None:
    await office.take(mail("Obat tertukar.", Message_ID="<1@e.org>"), to=(FARMASI_MAIL,))

    await office.take(
        mail(
            "Apa ini?",
            sender="lain@example.net",
            In_Reply_To="<1@e.org>",
            Message_ID="<2@e.org>",
        ),
        sender="lain@example.net",
        to=(MELATI_MAIL,),
    )

    assert await office.rows("SELECT * FROM ticket_units") == []


async def test_the_mailbox_of_no_unit_involves_nobody(office: PostOffice) -> None:
    await office.take(mail("Obat tertukar."), to=(FARMASI_MAIL, OURS))

    assert await office.rows("SELECT * FROM ticket_units") == []


async def test_no_unit_is_told_where_somebody_works_whom_it_is_about(
    runtime: Runtime, office: PostOffice
) -> None:
    await office.take(mail("Petugas itu kasar."), to=(FARMASI_MAIL,))
    [ticket] = await office.tickets()
    async with transaction(runtime.database) as session:
        await name_subject(session, ticket["id"], OFFICER, by=None, at=runtime.clock())

    await Involving(runtime).involve(ticket["id"], [MELATI])

    assert await office.notices("unit_involved") == []


async def test_a_vanished_ticket_or_unit_is_said_or_passed_over(
    runtime: Runtime, office: PostOffice
) -> None:
    nobody = UUID(int=7)
    with pytest.raises(NotFoundError):
        await Involving(runtime).involve(nobody, [MELATI])
    await office.take(mail("Obat tertukar."), to=(FARMASI_MAIL,))
    [ticket] = await office.tickets()

    await Involving(runtime).involve(ticket["id"], [nobody])

    assert await office.rows("SELECT * FROM ticket_units") == []
