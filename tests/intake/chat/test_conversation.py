"""One update, one transaction: what fails is set aside, and nothing else is harmed."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import get_args
from uuid import UUID

import pytest
from sqlalchemy import text

from core.chats.chats import Chats
from core.chats.tickets import ChatTickets
from core.ground.database import DatabaseAwayError, transaction
from core.hospital.channel import Channel
from core.hospital.directory_store import DirectoryStore
from core.runtime import Runtime
from core.tickets.casework import Casework
from intake.channel import Outgoing
from intake.chat.conversation import Conversation, storable
from intake.chat.effects import DEEDS
from intake.chat.hospital_facts import units_of
from intake.chat.news import says_of
from intake.chat.outbox import Deliveries, dump_say, load_say
from intake.chat.tickets import dialogue_ticket
from intake.chat.timers import Timers
from intake.chat.update import ChatUpdate
from intake.dialogue import effects, events
from intake.dialogue.events import Event
from intake.dialogue.facts import Ticket
from intake.dialogue.replies import Choice, Moment, Say, Term
from tests.builders import FARMASI, MELATI, MONDAY, OFFICER, TOKEN, Hands
from tests.intake.chat.breaking import break_messages, mend_messages

STORY = "Toilet di lorong depan kotor sejak kemarin."


@pytest.fixture
async def chat(runtime: Runtime) -> "Chat":
    """Give the test one chat of a channel of its own."""
    async with transaction(runtime.database) as session:
        session.add(Channel(name="testchat", reporting="tulisan", can_send=True, is_active=True))
    made = Conversation(chats=Chats(runtime, "testchat"), outbox=Deliveries(), bot="@bot")
    return Chat(runtime, made)


class Chat:
    def __init__(self, runtime: Runtime, conversation: Conversation) -> None:
        self.runtime, self.conversation, self.count = runtime, conversation, 0

    async def hear(self, event: Event, key: str | None = None, **facts: object) -> str:
        self.count += 1
        heard = ChatUpdate(
            key=key or f"u{self.count}", address="c1", events=(event,), raw=b"raw", **facts  # type: ignore[arg-type]  # keyword overrides
        )  # fmt: skip
        return await self.conversation.hear(heard)

    async def say(self, *texts: str) -> None:
        for each in texts:
            self.count += 1
            await self.hear(events.Text(text=each, message=f"m{self.count}"))

    async def report(self) -> UUID:
        await self.hear(events.Start(payload=f"u_{TOKEN}"))
        await self.say(STORY, "Kirim")
        return UUID(str((await self.rows("SELECT id FROM tickets"))[-1][0]))

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        async with transaction(self.runtime.database) as session:
            return [tuple(row) for row in await session.execute(text(query))]

    async def keys(self) -> list[object]:
        """Name what was said, in order."""
        rows = await self.rows(
            "SELECT payload->>'key' FROM deliveries WHERE ticket_id IS NULL ORDER BY seq"
        )
        return [key for (key,) in rows]


async def test_a_step_that_fails_is_set_aside_with_its_bytes_and_the_chat_goes_on(
    chat: Chat, caplog: pytest.LogCaptureFixture, owner_url: str
) -> None:
    await chat.hear(events.Start(payload=f"u_{TOKEN}"))
    await chat.say(STORY)
    await break_messages(owner_url, "Toilet")
    try:
        outcome = await chat.hear(events.Text(text="Kirim", message="m9"), key="bad")
        [row] = await chat.rows(
            "SELECT status, raw, last_error FROM inbound WHERE external_id = 'bad'"
        )
    finally:
        await mend_messages(owner_url)

    assert outcome == "set aside"
    assert row[0] == "quarantined"
    assert row[1] == b"raw"
    assert "broken on purpose" not in str(row[2])
    assert (await chat.keys())[-1] == "SORRY"
    assert await chat.rows("SELECT count(*) FROM tickets") == [(0,)]
    assert "Toilet" not in caplog.text

    await chat.say("Kirim")
    assert await chat.rows("SELECT description FROM tickets") == [(STORY,)]


async def test_set_aside_and_heard_again_it_comes_to_its_ticket(chat: Chat, owner_url: str) -> None:
    await chat.hear(events.Start(payload=f"u_{TOKEN}"))
    await chat.say(STORY)
    await break_messages(owner_url, "Toilet")
    try:
        await chat.hear(events.Text(text="Kirim", message="m9"), key="bad")
    finally:
        await mend_messages(owner_url)
    heard = ChatUpdate(key="bad", address="c1", events=(events.Text(text="Kirim", message="m9"),))

    assert await chat.conversation.hear_again(heard) == "done"
    assert await chat.rows("SELECT count(*) FROM tickets") == [(1,)]


async def test_an_update_told_again_changes_nothing(chat: Chat) -> None:
    await chat.hear(events.Start())
    before = await chat.rows("SELECT state FROM chat_sessions")

    outcomes = await asyncio.gather(*[chat.hear(events.Start(), key="u1") for _ in range(20)])

    assert set(outcomes) == {"repeated"}
    assert await chat.rows("SELECT state FROM chat_sessions") == before


async def test_words_that_no_database_stores_are_kept_all_the_same(chat: Chat) -> None:
    await chat.hear(events.Start(payload=f"u_{TOKEN}"))
    await chat.say("nol \0 dan \ud800 sendiri di kamar", "Kirim")

    assert await chat.rows("SELECT description FROM tickets") == [
        ("nol \ufffd dan \ufffd sendiri di kamar",)
    ]


async def test_a_reminder_rings_once_by_day_on_one_of_two_processes(
    chat: Chat, hands: Hands
) -> None:
    await chat.hear(events.Start(payload=f"u_{TOKEN}"))
    await chat.say(STORY)
    hands.move(minutes=31)

    rung = await asyncio.gather(*[Timers(chat.conversation).ring_one() for _ in range(4)])
    while await Timers(chat.conversation).ring_one():
        pass

    assert any(rung)
    assert (await chat.keys()).count("REMIND") == 1


async def test_a_reminder_that_meets_a_database_away_rings_when_that_is_back(
    chat: Chat, hands: Hands
) -> None:
    await chat.hear(events.Start(payload=f"u_{TOKEN}"))
    await chat.say(STORY)
    hands.move(minutes=31)
    nowhere = DirectoryStore(chat.runtime.database.pool, "postgresql://kiss@/kiss?host=/no", 1.0)
    ill = Chats(replace(chat.runtime, directory=nowhere), "testchat")

    with pytest.raises(DatabaseAwayError):
        await Timers(Conversation(chats=ill, outbox=Deliveries())).ring_one()
    while await Timers(chat.conversation).ring_one():
        pass

    assert (await chat.keys()).count("REMIND") == 1


async def test_a_draft_that_nobody_came_back_to_is_erased(chat: Chat, hands: Hands) -> None:
    await chat.hear(events.Start(payload=f"u_{TOKEN}"))
    await chat.say(STORY)
    before = str(await chat.rows("SELECT state FROM chat_sessions"))
    hands.move(days=8)

    while await Timers(chat.conversation).ring_one():
        pass

    [(state,)] = await chat.rows("SELECT state FROM chat_sessions")
    assert STORY in before
    assert STORY not in str(state)
    assert await chat.rows("SELECT count(*) FROM tickets") == [(0,)]


async def test_news_finds_the_very_words_it_is_about(chat: Chat) -> None:
    ticket_id = await chat.report()
    casework = Casework(chat.runtime)
    await casework.reply(ticket_id, "Jawaban pertama.", by=OFFICER)
    await casework.reply(ticket_id, "Jawaban kedua.", by=OFFICER)
    rows = await chat.rows(
        "SELECT id, template FROM deliveries WHERE ticket_id IS NOT NULL ORDER BY seq"
    )

    said = []
    for delivery_id, template in rows:
        outgoing = Outgoing(
            delivery_id=delivery_id,  # type: ignore[arg-type]  # a row's value
            recipient="c1",
            language="id",
            template=str(template),
            subject="",
            text="",
            ticket_id=ticket_id,
        )
        meant = await says_of(chat.conversation, outgoing)
        said += [str(say.params["answer"]) for say in meant[0]] if meant else []

    assert said == ["Jawaban pertama.", "Jawaban kedua."]


async def test_a_comment_taken_for_a_new_report_is_marked_on_the_old_ticket(chat: Chat) -> None:
    ticket_id = await chat.report()
    await Casework(chat.runtime).ask(ticket_id, "Di lantai berapa?", by=OFFICER)
    await chat.say("Ini laporan lain: antrean obat lama sekali.")
    await chat.hear(events.Text(text="Laporan baru", message="m99"))

    rows = await chat.rows(
        "SELECT remarks->>'retracted' FROM messages WHERE body LIKE 'Ini laporan lain%'"
    )
    assert rows == [("true",)]


async def test_a_rating_of_a_ticket_that_was_reopened_meanwhile_is_a_comment(chat: Chat) -> None:
    ticket_id = await chat.report()
    casework = Casework(chat.runtime)
    await casework.resolve(ticket_id, "Sudah.", by=OFFICER)
    number = (await chat.rows("SELECT ticket_number FROM tickets"))[0][0]
    await chat.conversation.tell(
        "c1", events.TicketNews(ticket=await told(chat, ticket_id), kind="resolved"), "n1"
    )
    await chat.hear(events.Press(id="solved", about=str(number), version=0))
    await casework.reopen(ticket_id, by=OFFICER)
    await chat.say("Pelayanannya kurang ramah.")

    said = await chat.rows("SELECT author, body FROM messages ORDER BY received_at, id")
    assert said[1:] == [("staff", "Sudah."), ("submitter", "Pelayanannya kurang ramah.")]


async def told(chat: Chat, ticket_id: UUID) -> Ticket:
    return dialogue_ticket(await ChatTickets(chat.runtime).find(ticket_id))


async def test_a_unit_changed_by_hand_wins_over_the_poster(chat: Chat) -> None:
    await chat.hear(events.Start(payload=f"u_{TOKEN}"))
    await chat.say(STORY, "Ubah", "Unit", "Farmasi", "Kirim")

    assert await chat.rows("SELECT unit_id FROM tickets") == [(FARMASI,)]


async def test_units_are_offered_by_name_and_never_by_mailbox(runtime: Runtime) -> None:
    directory = await runtime.directory.fresh()

    units = units_of(directory, (FARMASI,))

    assert [unit.id for unit in units.all][-1] == units.desk
    assert units.busiest[:2] == (str(FARMASI), str(MELATI))
    assert units.find("apotek")[0].id == str(FARMASI)


async def test_stopping_silences_the_chat_and_keeps_the_news_for_another_address(
    chat: Chat,
) -> None:
    ticket_id = await chat.report()
    await Casework(chat.runtime).reply(ticket_id, "Sudah.", by=OFFICER)
    await chat.hear(events.Blocked())

    rows = await chat.rows("SELECT ticket_id IS NULL, status FROM deliveries")
    assert {status for replies, status in rows if replies} == {"cancelled"}
    assert {status for replies, status in rows if not replies} == {"pending"}
    blocked = "SELECT count(*) FROM ticket_addresses WHERE blocked_at IS NOT NULL"
    assert await chat.rows(blocked) == [(1,)]

    await chat.hear(events.Unblocked())
    assert await chat.rows("SELECT count(*) FROM ticket_addresses WHERE blocked_at IS NULL") == [
        (1,)
    ]


def test_every_effect_has_its_deed() -> None:
    assert set(DEEDS) == set(get_args(effects.Effect))


def test_messages_come_back_from_their_payload_as_they_were() -> None:
    say = Say(
        key="STATUS",
        params={"no": "TKT", "n": 3, "status": Term("status.open"),
                "since": Moment(MONDAY + timedelta(microseconds=1), "Asia/Jakarta")},
        choices=(Choice(id="add", about="TKT"), Choice(id="unit", text="Poli Gigi")),
        style="inline",
        edit=True,
        ticket="TKT",
        version=4,
    )  # fmt: skip

    assert load_say(dump_say(say)) == say


@pytest.mark.parametrize(
    ("heard", "stored"),
    [
        (events.Text(text="a\0"), events.Text(text="a\ufffd")),
        (
            events.Edited(message="1", text="a\0"),
            events.Edited(message="1", text="a\ufffd"),
        ),
        (
            events.Media(kind="file", ref="r", caption="a\0", seconds=3),
            events.Media(kind="file", ref="r", caption="a\ufffd", seconds=3),
        ),
    ],
    ids=["text", "edited", "media"],
)
def test_events_are_made_fit_for_the_database(heard: Event, stored: Event) -> None:
    assert storable(heard) == stored
