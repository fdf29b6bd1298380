"""A burst of short messages has one answer; what must not wait does not. Against PostgreSQL."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from core.chats.chats import Chats
from core.ground.database import transaction
from core.ground.rate_limits import CHAT_MESSAGES
from core.hospital.channel import Channel
from core.runtime import Runtime
from intake.chat.conversation import Conversation
from intake.chat.outbox import Deliveries
from intake.chat.timers import Timers
from intake.chat.update import ChatUpdate
from intake.dialogue import events
from intake.dialogue.events import Event
from intake.dialogue.facts import Limits
from tests.builders import TOKEN, Hands

PAUSE = Limits().burst_pause
BREATH = ("halo", "saya mau lapor", "ac kamar 3", "mati")


class Person:
    """Somebody in a chat whose messages reach any of several processes."""

    def __init__(self, runtime: Runtime, hands: Hands) -> None:
        self.runtime, self.hands, self.address, self.count = runtime, hands, uuid4().hex, 0

    @property
    def conversation(self) -> Conversation:
        """A process: it remembers nothing of what another one heard."""
        chats = Chats(self.runtime, "testchat")
        return Conversation(chats=chats, outbox=Deliveries(), pause=PAUSE)

    async def do(self, event: Event, **facts: object) -> None:
        self.count += 1
        heard = ChatUpdate(
            key=f"{self.address}:{self.count}", address=self.address, events=(event,), **facts  # type: ignore[arg-type]  # keyword overrides
        )  # fmt: skip
        assert await self.conversation.hear(heard) == "done"

    async def say(self, *texts: str) -> None:
        for each in texts:
            self.hands.move(seconds=1)
            await self.do(said(each))

    async def wait(self, span: timedelta = PAUSE) -> None:
        self.hands.now += span
        while await Timers(self.conversation).ring_one():
            pass

    async def at_a_poster(self) -> None:
        await self.do(events.Start(payload=f"u_{TOKEN}"))

    async def keys(self) -> list[object]:
        query = (
            "SELECT payload->>'key' FROM deliveries"
            " WHERE ticket_id IS NULL AND recipient_ref = :chat ORDER BY seq"
        )
        return [key for (key,) in await self.rows(query, chat=self.address)]

    async def told(self) -> list[object]:
        """Name what was said since this was asked last."""
        before, self.seen = getattr(self, "seen", 0), len(keys := await self.keys())
        return keys[before:]

    async def rows(self, query: str, **facts: object) -> list[tuple[object, ...]]:
        async with transaction(self.runtime.database) as session:
            return [tuple(row) for row in await session.execute(text(query), facts)]


def said(words: str) -> events.Text:
    return events.Text(text=words, message=uuid4().hex)


@pytest.fixture
async def person(runtime: Runtime, hands: Hands) -> Person:
    async with transaction(runtime.database) as session:
        session.add(Channel(name="testchat", reporting="tulisan", can_send=True, is_active=True))
    return Person(runtime, hands)


async def test_four_messages_of_one_breath_have_one_answer(person: Person) -> None:
    await person.at_a_poster()
    assert await person.told() == ["MENU_AT"]

    await person.say(*BREATH)
    assert await person.told() == []
    await person.wait()

    assert await person.told() == ["NOTED"]
    await person.do(said("Lanjut"))
    assert await person.told() == ["REVIEW"]
    await person.do(said("Kirim"))
    [(words,)] = await person.rows("SELECT description FROM tickets")
    assert words == "ac kamar 3\nmati"


async def test_a_breath_is_not_over_before_its_pause(person: Person) -> None:
    await person.at_a_poster()
    await person.say("ac kamar 3", "mati sejak tadi pagi")
    await person.told()

    await person.wait(PAUSE - timedelta(seconds=1))
    assert await person.told() == []
    await person.wait(timedelta(seconds=1))

    assert await person.told() == ["REVIEW"]


async def test_who_never_pauses_is_answered_all_the_same(person: Person) -> None:
    await person.at_a_poster()
    await person.told()

    for number in range(16):
        await person.say(f"kalimat {number} tentang ac", "lalu")
        await person.wait(timedelta(seconds=2))

    assert "REVIEW" in await person.told()


@pytest.mark.parametrize(
    ("event", "answer"),
    [
        (events.Command(name="help"), "HELP"),
        (said("/bantuan"), "HELP"),
        (events.Media(kind="photo", ref="f1"), "REVIEW"),
        (said("ibu saya kejang, tolong"), "EMERGENCY"),
        (said("TKT-20200101-0001"), "CODE"),
    ],
)
async def test_what_must_not_wait_takes_along_what_waited(
    person: Person, event: Event, answer: str
) -> None:
    await person.at_a_poster()
    await person.say("ac kamar 3", "mati sejak tadi pagi")
    await person.told()

    await person.do(event)
    at_once = await person.told()
    await person.wait()

    assert answer in at_once
    assert await person.told() == []
    [(state,)] = await person.rows("SELECT state FROM chat_sessions")
    assert isinstance(state, dict)
    assert [each["text"] for each in state["draft"]["said"]][:2] == [
        "ac kamar 3",
        "mati sejak tadi pagi",
    ]


async def test_a_button_takes_along_what_was_written_before_it(person: Person) -> None:
    await person.at_a_poster()
    await person.say("ac kamar 3 mati sejak tadi pagi")
    await person.wait()
    await person.say("oh ya", "kamar nya 5")

    await person.do(events.Text(text="Kirim", message="send"))

    [(words,)] = await person.rows("SELECT description FROM tickets")
    assert words == "ac kamar 3 mati sejak tadi pagi\noh ya\nkamar nya 5"


async def test_every_message_of_a_breath_can_be_edited_by_itself(person: Person) -> None:
    await person.at_a_poster()
    for name, words in (("m1", "ac kamar 3 mati"), ("m2", "sejak kemaren sore")):
        await person.do(events.Text(text=words, message=name))
    await person.wait()

    await person.do(events.Edited(message="m2", text="sejak tadi pagi"))
    await person.do(said("Kirim"))

    [(kept,)] = await person.rows("SELECT description FROM tickets")
    assert kept == "ac kamar 3 mati\nsejak tadi pagi"


async def test_messages_that_reach_several_processes_are_one_breath(person: Person) -> None:
    await person.at_a_poster()
    await person.told()

    await asyncio.gather(*[person.do(said(f"bagian {number} dari cerita")) for number in range(8)])
    person.hands.now += PAUSE
    await asyncio.gather(*[Timers(person.conversation).ring_one() for _ in range(4)])
    await person.wait(timedelta(0))

    assert await person.told() == ["REVIEW"]
    await person.do(said("Kirim"))
    [(words,)] = await person.rows("SELECT description FROM tickets")
    assert sorted(str(words).splitlines()) == [f"bagian {n} dari cerita" for n in range(8)]


async def test_where_nobody_watches_for_the_answer_it_comes_at_once(person: Person) -> None:
    await person.at_a_poster()
    await person.told()

    await person.do(said("ac kamar 3 mati sejak tadi pagi"), waits=False)

    assert await person.told() == ["REVIEW"]


async def test_too_many_messages_are_kept_and_only_words_wait(person: Person) -> None:
    await person.at_a_poster()
    for number in range(30):
        await person.do(said(f"pesan nomor {number} tentang antrian"))
    told = await person.told()
    assert told.count("SLOW") == 1
    assert person.runtime.refusals.take()[CHAT_MESSAGES.name] == 1

    await person.do(said("ibu saya kejang, tolong"))
    assert (await person.told())[0] == "EMERGENCY"
    await person.do(events.Command(name="status"))
    assert "NOSTATUS" in await person.told()
    await person.do(events.Media(kind="photo", ref="f1"))
    assert await person.told() == []
    await person.wait()
    assert await person.told() == ["KEPT_ALL", "REVIEW"]
    await person.do(said("Kirim"))

    [(words,)] = await person.rows("SELECT description FROM tickets")
    assert all(f"pesan nomor {number} " in str(words) for number in range(30))
    assert await person.rows("SELECT count(*) FROM alarms") == [(1,)]
