"""Words after a report against PostgreSQL: in parallel, moved, put on the newest, never lost."""

import asyncio
import json
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from core.chats.chats import Chats
from core.ground.database import transaction
from core.hospital.channel import Channel
from core.runtime import Runtime
from core.tickets.casework import Casework
from intake.chat.conversation import Conversation
from intake.chat.outbox import Deliveries, load_say
from intake.chat.timers import Timers, lives
from intake.chat.update import ChatUpdate
from intake.dialogue import events
from intake.dialogue.events import Event
from intake.dialogue.machine import SCREENS
from intake.dialogue.state import Said, State, dump, load
from tests.builders import OFFICER, TOKEN, Hands

STORY = "Toilet di lorong depan kotor sejak kemarin."
MORE = "Baunya sampai ke ruang tunggu."
PATIENCE = 30.0


class Person:
    """Somebody in a chat whose messages reach any of several processes."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime, self.address = runtime, uuid4().hex
        self.conversation = Conversation(chats=Chats(runtime, "testchat"), outbox=Deliveries())

    async def do(self, event: Event) -> None:
        heard = ChatUpdate(key=uuid4().hex, address=self.address, events=(event,))
        assert await self.conversation.hear(heard) == "done"

    async def say(self, *texts: str) -> None:
        for each in texts:
            await self.do(said(each))

    async def report(self, words: str = STORY) -> None:
        await self.do(events.Start(payload=f"u_{TOKEN}"))
        await self.say(words, "Kirim")

    async def rows(self, query: str, **facts: object) -> list[tuple[object, ...]]:
        async with transaction(self.runtime.database) as session:
            return [tuple(row) for row in await session.execute(text(query), facts)]

    async def bodies(self) -> list[object]:
        query = "SELECT body FROM messages WHERE author = 'submitter' ORDER BY received_at, id"
        return [body for (body,) in await self.rows(query)]

    async def state(self) -> State:
        query = "SELECT state FROM chat_sessions WHERE address = :chat"
        [(stored,)] = await self.rows(query, chat=self.address)
        return load(stored, frozenset(SCREENS))

    async def last_button(self) -> events.Press:
        query = "SELECT payload FROM deliveries WHERE template = 'chat' ORDER BY seq DESC LIMIT 1"
        [(payload,)] = await self.rows(query)
        say = load_say(payload)
        [choice] = say.choices
        return events.Press(id=choice.id, about=choice.about, version=say.version)

    async def ring(self) -> None:
        while await Timers(self.conversation).ring_one():
            pass


def said(words: str) -> events.Text:
    return events.Text(text=words, message=uuid4().hex)


@pytest.fixture
async def person(runtime: Runtime) -> Person:
    """Give the test somebody in a chat of a channel of its own."""
    async with transaction(runtime.database) as session:
        session.add(Channel(name="testchat", reporting="tulisan", can_send=True, is_active=True))
    return Person(runtime)


async def until_waiting(person: Person, number: int) -> None:
    """Wait until so many wait for a row of a chat."""
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND datname = current_database() AND query LIKE '%chat_sessions%'"
    )
    end = time.monotonic() + PATIENCE
    while True:
        if await person.rows(waiting) == [(number,)]:
            return
        assert time.monotonic() < end, "nobody waits"
        await asyncio.sleep(0.01)


async def in_this_order(person: Person, *happening: Event) -> None:
    """Let updates wait at the chat's locked row, on connections of their own, and go in order."""
    chats = Chats(person.runtime, "testchat")
    tasks = []
    async with chats.step(person.address):
        for number, event in enumerate(happening, 1):
            tasks.append(asyncio.create_task(person.do(event)))
            await until_waiting(person, number)
    await asyncio.gather(*tasks)


@pytest.mark.parametrize("others", [0, 2])
@pytest.mark.parametrize("first", ["words", "send"])
async def test_words_beside_the_send_are_on_the_ticket_whichever_is_first(
    person: Person, first: str, others: int
) -> None:
    for number in range(others):
        await person.report(f"Laporan lain yang masih terbuka nomor {number}.")
    await person.do(events.Start(payload=f"u_{TOKEN}"))
    await person.say(STORY)
    words, send = said(MORE), said("Kirim")

    await in_this_order(person, *((words, send) if first == "words" else (send, words)))

    expected = [f"{STORY}\n{MORE}"] if first == "words" else [STORY, MORE]
    assert (await person.bodies())[others:] == expected
    assert await person.rows("SELECT count(*) FROM tickets") == [(others + 1,)]
    assert (await person.state()).held == ()


async def test_an_album_an_edit_and_the_send_in_one_moment_lose_nothing(person: Person) -> None:
    await person.do(events.Start(payload=f"u_{TOKEN}"))
    first = said(STORY)
    await person.do(first)
    photos = [events.Media(kind="photo", ref=f"f{number}", group="a", message=uuid4().hex)
              for number in range(3)]  # fmt: skip
    changed = events.Edited(message=str(first.message), text=f"{STORY} Juga lantainya.")

    happening: tuple[Event, ...] = (*photos, said("Kirim"), changed)
    await asyncio.gather(*[person.do(each) for each in happening])

    words = "\n".join(map(str, await person.bodies()))
    assert "Juga lantainya." in words
    assert await person.rows("SELECT count(*) FROM ticket_attachments") == [(3,)]
    assert await person.rows("SELECT count(*) FROM tickets") == [(1,)]


async def test_the_button_pressed_on_two_processes_moves_the_words_once(person: Person) -> None:
    await person.report()
    await person.say("Lampu parkiran motor mati semua.")
    button = await person.last_button()

    await asyncio.gather(*[person.do(button) for _ in range(4)])
    await person.say("Tidak tahu", "Kirim")
    await person.do(button)

    assert await person.rows("SELECT count(*) FROM tickets") == [(2,)]
    rows = await person.rows(
        "SELECT remarks->>'retracted', jsonb_array_length(remarks->'remarks') FROM messages"
        " WHERE body LIKE 'Lampu%' ORDER BY received_at, id"
    )
    assert rows[0] == ("true", 1)
    assert rows[1][0] is None


async def test_a_question_of_staff_waits_again_once_its_answer_was_taken_back(
    person: Person,
) -> None:
    await person.report()
    [(ticket_id,)] = await person.rows("SELECT id FROM tickets")
    await Casework(person.runtime).ask(ticket_id, "Di lantai berapa?", by=OFFICER)  # type: ignore[arg-type]  # a row's value

    async def asked() -> bool:
        async with person.conversation.chats.look(person.address) as chat:
            return (await chat.tickets())[-1].asked_at is not None

    before = await asked()
    await person.say("Lampu parkiran motor mati semua.")
    answered = await asked()
    await person.do(await person.last_button())

    assert (before, answered, await asked()) == (True, False, True)


async def test_words_nobody_placed_go_to_the_newest_with_a_remark_on_one_of_two_processes(
    person: Person, hands: Hands
) -> None:
    await person.report("Laporan pertama tentang antrean yang panjang.")
    hands.move(hours=2)
    await person.report()
    hands.move(hours=2)
    await person.say(MORE)
    assert (await person.state()).held
    hands.move(minutes=11)

    await asyncio.gather(*[Timers(person.conversation).ring_one() for _ in range(4)])
    await person.ring()

    query = (
        "SELECT t.description, m.remarks->'remarks'->>0 FROM messages m"
        " JOIN tickets t ON t.id = m.ticket_id WHERE m.body = :body"
    )
    [(on, remark)] = await person.rows(query, body=MORE)
    assert on == STORY
    assert "tidak menyebut laporan mana" in str(remark)
    assert (await person.state()).held == ()


async def test_a_chat_that_held_words_before_states_ended_is_given_its_end(
    person: Person, hands: Hands
) -> None:
    await person.report()
    old = State(at="FOLLOWUP_PICK", held=(Said(text=MORE, message="m1"),))
    stored = {**dump(old), "form": 1}
    await person.rows("DELETE FROM chat_timers RETURNING name")
    await person.rows(
        "UPDATE chat_sessions SET state = CAST(:state AS jsonb) RETURNING id",
        state=json.dumps(stored),
    )
    hands.move(days=3)
    chats = person.conversation.chats

    for _ in range(2):
        await chats.give_timers("end", lives())
    await person.ring()

    assert (await person.bodies())[1:] == [MORE]
    assert (await person.state()).at == "IDLE"


def test_every_state_with_an_end_of_its_own_is_given_a_timer() -> None:
    assert lives().keys() == {name for name, screen in SCREENS.items() if screen.ends.act}
    assert all(life > timedelta(0) for life in lives().values())
