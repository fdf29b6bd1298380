"""Chains of merges: what is added reaches the report that is still worked on."""

import itertools
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.link import NUMBER_ALONE
from core.tickets.merging import LONGEST_CHAIN, Merging, SameTicketError, merged_into
from core.tickets.message import Message
from core.tickets.submission import Submitter
from core.tickets.ticket import Ticket
from core.tickets.writer import Writer
from tests.builders import OFFICER, submission


async def filed(runtime: Runtime, count: int) -> list[UUID]:
    desk = Desk(runtime)
    return [(await desk.submit(submission(key=f"m-{n}"))).ticket_id for n in range(count)]


async def merge(runtime: Runtime, one: UUID, into: UUID) -> None:
    await Merging(runtime).merge(one, into, by=OFFICER, words=lambda *_: "Digabung.")


async def end_of(runtime: Runtime, ticket_id: UUID) -> UUID | None:
    async with transaction(runtime.database) as session:
        return await merged_into(session, ticket_id)


async def add(runtime: Runtime, ticket_id: UUID, words: str = "Masih.") -> None:
    await Desk(runtime).follow_up(
        ticket_id, FollowUp(channel="web", key=f"f-{uuid4()}", words=words)
    )


async def notes(runtime: Runtime, ticket_id: UUID) -> list[str]:
    async with transaction(runtime.database) as session:
        query = select(Message.body).where(
            Message.ticket_id == ticket_id, Message.author == "system", Message.is_internal
        )
        return list(await session.scalars(query))


async def status(runtime: Runtime, ticket_id: UUID) -> str:
    async with transaction(runtime.database) as session:
        return str((await session.get_one(Ticket, ticket_id)).status)


async def test_words_reach_the_end_of_a_chain_and_open_nothing_between(runtime: Runtime) -> None:
    one, two, three = await filed(runtime, 3)
    await merge(runtime, one, two)
    await merge(runtime, two, three)

    await add(runtime, one)

    assert await status(runtime, two) == "closed"
    assert len(await notes(runtime, three)) == 1
    assert await notes(runtime, two) == []


async def test_what_is_passed_on_names_whoever_wrote_it(runtime: Runtime) -> None:
    desk = Desk(runtime)
    named = submission(key="n", submitter=Submitter(name="Ibu Contoh"))
    hidden = submission(key="h", submitter=Submitter(name="Pak Contoh"), anonymous=True)
    one, two = await desk.submit(named), await desk.submit(hidden)
    into = (await desk.submit(submission(key="into"))).ticket_id
    for receipt in (one, two):
        await merge(runtime, receipt.ticket_id, into)

    await add(runtime, one.ticket_id)
    await add(runtime, two.ticket_id)

    async with transaction(runtime.database) as session:
        query = select(Message.remarks).where(Message.ticket_id == into, Message.is_internal)
        wrote = [Writer.of(remarks).third_person for remarks in await session.scalars(query)]
    assert sorted(map(str, wrote)) == sorted([f"Ibu Contoh ({one.number})", two.number])


async def test_a_chain_ends_where_a_ticket_was_opened_again(runtime: Runtime) -> None:
    one, two, three = await filed(runtime, 3)
    await merge(runtime, one, two)
    await merge(runtime, two, three)
    await Casework(runtime).reopen(two, by=OFFICER)

    await add(runtime, one)

    assert len(await notes(runtime, two)) == 1
    assert await notes(runtime, three) == []


async def test_what_was_opened_again_and_closed_for_itself_passes_nothing_on(
    runtime: Runtime,
) -> None:
    one, two = await filed(runtime, 2)
    await merge(runtime, one, two)
    await Casework(runtime).reopen(one, by=OFFICER)
    await Casework(runtime).close(one, "Selesai.", by=OFFICER)

    await add(runtime, one)

    assert await status(runtime, one) == "open"
    assert await notes(runtime, two) == []


async def test_merged_again_it_passes_on_again(runtime: Runtime) -> None:
    one, two, three = await filed(runtime, 3)
    await merge(runtime, one, two)
    await Casework(runtime).reopen(one, by=OFFICER)
    await merge(runtime, one, three)

    assert await end_of(runtime, one) == three


async def test_two_that_were_merged_into_each_other_in_turn_make_no_ring(runtime: Runtime) -> None:
    one, two = await filed(runtime, 2)
    await merge(runtime, one, two)
    with pytest.raises(SameTicketError):
        await merge(runtime, two, one)
    await Casework(runtime).reopen(one, by=OFFICER)
    await merge(runtime, two, one)

    assert (await end_of(runtime, one), await end_of(runtime, two)) == (None, one)


async def test_a_ring_is_followed_once_round(runtime: Runtime) -> None:
    one, two = await filed(runtime, 2)
    await merge(runtime, one, two)
    async with transaction(runtime.database) as session:  # no verb can: a restored backup may
        ticket = await session.get_one(Ticket, two)
        session.add(ticket.merge(None, one, by=OFFICER, at=runtime.clock()))
    await Merging(runtime).relate(two, one, NUMBER_ALONE)
    async with transaction(runtime.database) as session:
        await session.execute(
            Message.metadata.tables["ticket_links"].update().values(kind="merged")
        )

    assert await end_of(runtime, one) == two
    assert await end_of(runtime, two) == one


async def test_a_chain_is_bounded(runtime: Runtime) -> None:
    tickets = await filed(runtime, LONGEST_CHAIN + 3)
    for one, into in itertools.pairwise(tickets):
        await merge(runtime, one, into)

    assert await end_of(runtime, tickets[0]) == tickets[LONGEST_CHAIN]
    assert await end_of(runtime, tickets[5]) == tickets[-1]


async def test_a_link_to_what_was_erased_is_said_in_a_word(runtime: Runtime) -> None:
    [one] = await filed(runtime, 1)
    nobody = uuid4()
    merging = Merging(runtime)

    with pytest.raises(NotFoundError):
        await merging.relate(one, nobody, NUMBER_ALONE)
    with pytest.raises(NotFoundError):
        await merging.relate(nobody, one, NUMBER_ALONE)
    with pytest.raises(NotFoundError):
        await merging.link(one, nobody, by=OFFICER)
    with pytest.raises(NotFoundError):
        await merge(runtime, one, nobody)
