"""A step in a chat is committed whole or not at all, and one follows another."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from core.chats.chats import Chats
from core.chats.log import ChatLog, topic_of
from core.chats.step import ChatStep
from core.chats.tickets import ChatTickets
from core.ground.bell import Bell
from core.ground.database import DatabaseAwayError, transaction
from core.jobs.set_aside import Summary
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.submission import Address, Receipt, StoredFile, Submission, Submitter
from tests.builders import MELATI, OFFICER, Hands, submission
from tests.notifier.posting import CHAT, report

WEEK = timedelta(days=7)


@pytest.fixture
def chats(runtime: Runtime) -> Chats:
    return Chats(runtime, "web")


async def rows(runtime: Runtime, query: str) -> list[tuple[object, ...]]:
    async with transaction(runtime.database) as session:
        return [tuple(row) for row in await session.execute(text(query))]


def draft(address: str = "c1", **changes: object) -> Submission:
    where = (Address(channel="web", address=address, confirmed=True),)
    named = {"submitter": Submitter(name="Ibu Contoh"), **changes}
    return submission(channel="web", addresses=where, **named)


async def filed(chats: Chats, address: str = "c1") -> str:
    async with chats.step(address) as chat:
        return (await chat.submit(draft(address), "d1", ["m1"])).number


async def test_what_is_done_in_a_step_is_committed_together_and_then_the_bell_rings(
    runtime: Runtime,
) -> None:
    bell = Bell()  # one that no other process rings

    with bell.waiting("tickets") as ring:
        async with Chats(replace(runtime, bell=bell), "web").step("c1") as chat:
            ticket = await chat.submit(draft(), "d1", ["m1"])
            await chat.send("chat", "id", {"key": "THANKS"})
            chat.stand({"screen": "IDLE"})
            before = await rows(runtime, "SELECT count(*) FROM tickets")
            assert not ring.is_set()
        assert ring.is_set()

    assert before == [(0,)]
    assert await rows(runtime, "SELECT ticket_number FROM tickets") == [(ticket.number,)]
    assert await rows(runtime, "SELECT state FROM chat_sessions") == [({"screen": "IDLE"},)]
    said = "SELECT recipient_ref, template FROM deliveries WHERE ticket_id IS NULL"
    assert await rows(runtime, said) == [("c1", "chat")]


async def test_a_step_that_is_broken_off_leaves_nothing(runtime: Runtime, chats: Chats) -> None:
    async def fail() -> None:
        async with chats.hear("u1", "c1") as chat:
            assert chat is not None
            await chat.submit(draft(), "d1", ["m1"])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    for table in ("tickets", "chat_sessions", "chat_messages", "inbound"):
        assert await rows(runtime, f"SELECT count(*) FROM {table}") == [(0,)]


async def test_an_attempt_that_fails_is_undone_and_the_rest_of_the_step_stays(
    runtime: Runtime, chats: Chats
) -> None:
    async def fail(chat: ChatStep) -> None:
        async with chat.all_or_nothing():
            await chat.submit(draft(), "d1", ["m1"])
            chat.stand({"screen": "after"})
            raise ZeroDivisionError

    async with chats.step("c1") as chat:
        chat.stand({"screen": "before"})
        with pytest.raises(ZeroDivisionError):
            await fail(chat)
        assert chat.state == {"screen": "before"}
        assert "tickets" not in chat.rings
        await chat.send("chat", "id", {"key": "SORRY"})

    assert await rows(runtime, "SELECT count(*) FROM tickets") == [(0,)]
    assert await rows(runtime, "SELECT state FROM chat_sessions") == [({"screen": "before"},)]
    assert await rows(runtime, "SELECT payload->>'key' FROM deliveries") == [("SORRY",)]


async def test_of_two_that_wait_for_each_other_one_is_told_to_come_again(chats: Chats) -> None:
    numbers = [await filed(chats, "c1"), await second(chats)]
    both = asyncio.Barrier(2)

    async def rate(address: str, first: str, other: str) -> None:
        async with chats.step(address) as chat, chat.all_or_nothing():
            await chat.follow_up(first, more(address, first))
            await both.wait()
            await chat.follow_up(other, more(address, other))

    outcomes = await asyncio.gather(
        rate("c1", *numbers), rate("c2", *reversed(numbers)), return_exceptions=True
    )

    assert [type(each) for each in outcomes if each is not None] == [DatabaseAwayError]


async def second(chats: Chats) -> str:
    async with chats.step("c2") as chat:
        return (await chat.submit(draft("c2", key="other"), "d2", ["m1"])).number


def more(address: str, number: str) -> FollowUp:
    return FollowUp(channel="web", key=f"{address}:{number}", words="Masih begitu.")


async def test_an_update_told_again_has_no_step(runtime: Runtime, chats: Chats) -> None:
    async def hear() -> bool:
        async with chats.hear("u1", "c1") as chat:
            if chat is not None:
                await chat.send("chat", "id", {})
            return chat is not None

    heard = await asyncio.gather(*[hear() for _ in range(5)])

    assert heard.count(True) == 1
    assert await rows(runtime, "SELECT status, raw FROM inbound") == [("done", b"")]
    assert await rows(runtime, "SELECT count(*) FROM deliveries") == [(1,)]


async def test_bytes_that_are_no_update_are_kept_once(runtime: Runtime, chats: Chats) -> None:
    for _ in range(2):
        await chats.set_aside("u1", b"{", "no JSON", None, Summary(words="{"))

    kept = await rows(runtime, "SELECT status, raw, last_error FROM inbound")
    assert kept == [("quarantined", b"{", "no JSON")]


async def test_of_a_look_nothing_is_kept(runtime: Runtime, chats: Chats) -> None:
    async with chats.look("c1") as chat:
        ticket = await chat.submit(draft(), "d1", ["m1"])
        assert await chat.about("m1") == ticket.number

    for table in ("tickets", "chat_sessions"):
        assert await rows(runtime, f"SELECT count(*) FROM {table}") == [(0,)]
    assert await chats.find("c1") is None


async def test_a_timer_is_due_once_and_not_before_its_time(chats: Chats, hands: Hands) -> None:
    async with chats.step("c1") as chat:
        await chat.schedule("remind", chat.now + timedelta(minutes=9))
        await chat.schedule("remind", chat.now + timedelta(minutes=5))

    async def taken() -> str | None:
        async with chats.due() as chat:
            return await chat.take_timer() if chat is not None else None

    early = await taken()
    hands.move(minutes=6)
    at_once = await asyncio.gather(*[taken() for _ in range(3)])

    assert early is None
    assert [name for name in at_once if name] == ["remind"]
    assert await taken() is None


async def test_messages_find_the_ticket_they_were_said_on(chats: Chats) -> None:
    number = await filed(chats)
    await chats.sent("c1", "m2", number=number, asks=True)
    await chats.sent("c1", "m3", number=None, asks=False)

    async with chats.step("c1") as chat:
        found = [await chat.about(message) for message in ("m1", "m2", "m3", "m4")]

    assert found == [number, number, None, None]
    assert await chats.last_question("c1") == "m2"


async def test_the_tickets_of_a_chat_say_what_staff_said(runtime: Runtime, chats: Chats) -> None:
    number = await filed(chats)
    ticket_id = await Casework(runtime).find(number)
    await Casework(runtime).ask(ticket_id, "Di lantai berapa?", by=OFFICER)

    async with chats.step("c1") as chat:
        [ticket] = await chat.tickets()
        assert await chat.filed_since(chat.now - WEEK) == 1
        assert await chat.busiest_units(chat.now - WEEK, 3) == (MELATI,)
    async with chats.step("elsewhere") as chat:
        assert await chat.tickets() == ()

    assert ticket == await ChatTickets(runtime).find(ticket_id)
    assert (ticket.number, ticket.answer) == (number, "Di lantai berapa?")
    assert ticket.asked_at is not None


async def test_a_code_opens_its_own_ticket_alone(runtime: Runtime, chats: Chats) -> None:
    receipt: Receipt = await Desk(runtime).submit(draft())

    async with chats.step("c2") as chat:
        opened = await chat.opened_by("halo", f"kode saya {receipt.tracking_code.lower()}, ya")
        assert {code: ticket.number for code, ticket in opened.items()} == {
            receipt.tracking_code: receipt.number
        }
        assert await chat.opened_by("no code", "ABCD-EFGH-JKMN-PQRS") == {}
        assert [each.number for each in await chat.numbered([receipt.number, "TKT-1"])] == [
            receipt.number
        ]
        await chat.link(receipt.number)

    addresses = "SELECT address FROM ticket_addresses ORDER BY rank"
    assert await rows(runtime, addresses) == [("c2",), ("c1",)]


async def test_a_chat_that_was_linked_hears_first(runtime: Runtime) -> None:
    receipt = await report(runtime, ("email", "ibu@example.org"))
    async with Chats(runtime, CHAT).step("c2") as chat:
        await chat.link(receipt.number)

    await Casework(runtime).reply(receipt.ticket_id, "Sudah kami perbaiki.", by=OFFICER)

    told = "SELECT recipient_ref FROM deliveries WHERE template = 'replied'"
    assert await rows(runtime, told) == [("c2",)]


async def test_a_rating_waits_until_the_ticket_is_solved(runtime: Runtime, chats: Chats) -> None:
    number = await filed(chats)

    async with chats.step("c1") as chat:
        too_early = await chat.rate(number, 5)
        await chat.confirm(number)
    await Casework(runtime).resolve(await Casework(runtime).find(number), "Sudah.", by=OFFICER)
    async with chats.step("c1") as chat:
        in_time = await chat.rate(number, 5)
        await chat.confirm(number)

    assert (too_early, in_time) == (False, True)
    assert await rows(runtime, "SELECT status, rating FROM tickets") == [("closed", 5)]


async def test_a_file_that_is_here_is_known_as_it_is_and_one_to_be_fetched_as_pending(
    chats: Chats,
) -> None:
    here = StoredFile(name="foto.jpg", path="p", size=3, mime_type="image/jpeg", status="stored")
    await chats.keep("c1", [here])

    async with chats.step("c1") as chat:
        await chat.expect("b", "video", 9)
        await chat.expect("p", "foto", 3)
        known = await chat.known_files(["p", "b", "c"])

    assert known == {
        "p": here,
        "b": StoredFile(name="video", size=9, status="pending", remote_ref="b"),
    }


async def test_a_chat_that_moved_goes_on_and_never_over_another(chats: Chats) -> None:
    for address in ("old", "taken"):
        async with chats.step(address) as chat:
            chat.stand({"was": address})

    await chats.move("old", "taken")
    kept = await chats.find("old")
    await chats.move("old", "new")

    moved = await chats.find("new")
    assert kept is not None
    assert moved is not None
    assert moved.id == kept.id
    assert moved.state == {"was": "old"}


async def test_the_log_shows_a_notice_once_and_says_when_it_changed(
    runtime: Runtime, chats: Chats
) -> None:
    async with chats.step("c1") as chat:
        await chat.write("person", "Halo", {})
        assert not await chat.rewrite({"style": "inline"}, "?", {})
        await chat.write("bot", "Benar?", {"style": "inline", "version": 1})
        assert await chat.rewrite({"style": "inline"}, "Begini?", {"style": "inline"})
        assert [line.body for line in await chat.lines(9)] == ["Halo", "Begini?"]
    standing = await chats.find("c1")
    assert standing is not None
    log, before = ChatLog(runtime), await ChatLog(runtime).version(standing.id)
    with runtime.bell.waiting(topic_of(standing.id)) as ring:
        for _ in range(2):
            await log.tell(standing.id, MELATI, [("Sudah selesai.", {})])
        async with asyncio.timeout(5):
            await ring.wait()

    lines, version = await log.read(standing.id, 2)
    assert [line.body for line in lines] == ["Begini?", "Sudah selesai."]
    assert version != before
