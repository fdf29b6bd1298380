"""The same demands on every channel. A channel folder without a driver fails here by name."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from core.ground.database import transaction
from core.ground.errors import DeliveryError, Reason
from core.ground.settings import Settings
from core.opening import open_runtime
from core.runtime import Runtime
from intake.channel import Outgoing, Sender
from intake.channel_folders import names
from tests.builders import Hands
from tests.intake.channels.contract import Driver, OpenDriver, Traits

CHANNELS = ("_skeleton", *names())
DRIVERS = {name: import_module(f"tests.intake.channels.{name}.driver") for name in CHANNELS}
TRAITS: dict[str, Traits] = {name: driver.TRAITS for name, driver in DRIVERS.items()}
SENDING = [name for name, traits in TRAITS.items() if traits.sends]
ALARMING = [name for name, traits in TRAITS.items() if traits.alarms]

WORDS = "Obat untuk ayah saya belum datang sejak pagi, mohon bantuannya."
HOSTILE = (
    "\0 nol \ud800 sendiri \u202e terbalik \ufeff",
    "'; DROP TABLE tickets; -- <script>alert(1)</script> {{7*7}}",
    "x" * 200_000,
    "🩺" * 5000,
)
DANGER = "Tolong, ayah saya tidak sadar dan tidak ada perawat!"

UNSTORABLE = {"\0": "\ufffd", "\ud800": "\ufffd"}
"""What PostgreSQL refuses, and what is kept in its place; of anything else every sign is kept."""


def kept(words: str, traits: Traits) -> str:
    """Return what a ticket holds of words: blanks at both ends are the only other thing to go."""
    for sign in traits.drops:
        words = words.replace(sign, "")
    return "".join(UNSTORABLE.get(sign, sign) for sign in words).strip()


def open_driver(name: str) -> OpenDriver:
    return DRIVERS[name].open_driver  # type: ignore[no-any-return] # a module's function


@pytest.fixture(params=CHANNELS)
async def driver(request: pytest.FixtureRequest, runtime: Runtime) -> AsyncIterator[Driver]:
    async with open_driver(request.param)(runtime) as opened:
        yield opened


async def rows(runtime: Runtime, query: str) -> list[tuple[object, ...]]:
    async with transaction(runtime.database) as session:
        return [tuple(row) for row in await session.execute(text(query))]


async def messages(runtime: Runtime) -> list[tuple[object, ...]]:
    """Return the number of each message's ticket, its author and words, in order."""
    query = (
        "SELECT t.ticket_number, m.author, m.body FROM messages m"
        " JOIN tickets t ON t.id = m.ticket_id ORDER BY m.received_at, m.id"
    )
    return await rows(runtime, query)


async def test_a_report_becomes_one_ticket(runtime: Runtime, driver: Driver) -> None:
    answer = await driver.report("k1", WORDS)
    await driver.settle()

    assert answer.verdict == "accepted"
    assert await rows(runtime, "SELECT source, description FROM tickets") == [
        (driver.channel.name, WORDS)
    ]


async def test_told_again_and_at_once_it_stays_one_ticket(runtime: Runtime, driver: Driver) -> None:
    answers = await asyncio.gather(*[driver.report("k1", WORDS) for _ in range(20)])
    await driver.settle()
    answers.append(await driver.report("k1", WORDS))
    await driver.settle()

    assert {answer.verdict for answer in answers} == {"accepted"}
    assert await rows(runtime, "SELECT description FROM tickets") == [(WORDS,)]
    assert await rows(runtime, "SELECT body FROM messages") == [(WORDS,)]


async def test_a_reply_joins_its_ticket(runtime: Runtime, driver: Driver) -> None:
    await driver.report("k1", WORDS)
    await driver.settle()

    answer = await driver.reply("k2", "Sudah datang, tetapi salah dosis.")
    await driver.settle()

    assert answer.verdict == "accepted"
    [(number,)] = await rows(runtime, "SELECT ticket_number FROM tickets")
    assert await messages(runtime) == [
        (number, "submitter", WORDS),
        (number, "submitter", "Sudah datang, tetapi salah dosis."),
    ]


@pytest.mark.parametrize("words", HOSTILE, ids=["unstorable", "injection", "long", "astral"])
async def test_hostile_words_are_kept(runtime: Runtime, driver: Driver, words: str) -> None:
    answer = await driver.report("k1", words)
    await driver.settle()

    whole = kept(words, driver.traits)
    assert answer.verdict == "accepted"
    assert await rows(runtime, "SELECT description FROM tickets") == [(whole,)]
    assert await rows(runtime, "SELECT body FROM messages") == [(whole,)]


async def test_empty_words_never_break_anything(runtime: Runtime, driver: Driver) -> None:
    answer = await driver.report("k1", "")
    await driver.settle()

    verdict, tickets = driver.traits.of_nothing
    assert answer.verdict == verdict
    assert await rows(runtime, "SELECT description FROM tickets") == [(each,) for each in tickets]


@pytest.mark.parametrize("driver", ALARMING, indirect=True)
async def test_words_of_danger_sound_one_alarm(runtime: Runtime, driver: Driver) -> None:
    for _ in range(2):
        await driver.report("k1", DANGER)
        await driver.settle()

    [(ticket_id, received_at)] = await rows(runtime, "SELECT id, received_at FROM tickets")
    query = "SELECT channel, words, matched, ticket_id, raised_at, seen_at FROM alarms"
    assert await rows(runtime, query) == [
        (driver.channel.name, DANGER, ["tidak sadar"], ticket_id, received_at, None)
    ]
    assert await rows(runtime, "SELECT urgency_level, priority FROM tickets") == [(5, "critical")]


@pytest.mark.parametrize("name", CHANNELS)
async def test_while_the_database_is_away_the_sender_is_told_to_come_back(
    name: str, tmp_path: Path, hands: Hands
) -> None:
    settings = Settings(data=tmp_path, secret_key="a secret for tests, and long enough")
    nowhere = f"postgresql://postgres@/kiss?host={tmp_path}/nowhere"
    async with (
        open_runtime(settings, nowhere, clock=hands) as ill,
        open_driver(name)(ill) as driver,
    ):
        answer = await driver.report("k1", WORDS)

    assert answer.verdict == "later"
    for leak in ("Traceback", "asyncpg", "OSError", str(tmp_path)):
        assert leak not in answer.text


def notice(driver: Driver, words: str = "Kabar baik.") -> Outgoing:
    return Outgoing(
        delivery_id=uuid4(),
        recipient=driver.recipient,  # type: ignore[attr-defined] # only sending drivers come here
        language="id",
        template="replied",
        subject="Laporan Anda",
        text=words,
    )


@pytest.fixture(params=SENDING)
async def sending(request: pytest.FixtureRequest, runtime: Runtime) -> AsyncIterator[Driver]:
    async with open_driver(request.param)(runtime) as opened:
        yield opened


async def test_news_reaches_the_provider(sending: Driver) -> None:
    assert isinstance(sending.channel, Sender)

    provider_id = await sending.channel.send(notice(sending))

    assert provider_id
    [text_sent] = sending.received()  # type: ignore[attr-defined] # a sending driver
    assert "Kabar baik." in text_sent


@pytest.mark.parametrize(
    "reason", [Reason.THROTTLED, Reason.UNREACHABLE, Reason.BLOCKED, Reason.REFUSED]
)
async def test_a_refusal_is_told_in_our_words(sending: Driver, reason: Reason) -> None:
    assert isinstance(sending.channel, Sender)
    sending.provider_says(reason)  # type: ignore[attr-defined] # a sending driver

    with pytest.raises(DeliveryError) as failed:
        await sending.channel.send(notice(sending))

    traits, passing = sending.traits, reason in {Reason.THROTTLED, Reason.UNREACHABLE}
    assert failed.value.reason is traits.says_otherwise.get(reason, reason)
    assert failed.value.retryable is passing
    told = traits.names_a_pause and reason is Reason.THROTTLED
    assert failed.value.retry_after == (timedelta(seconds=7) if told else None)


async def test_neither_words_nor_tokens_are_logged(
    driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "KenariRahasia 0800-0000-7777"

    answer = await driver.report("k1", canary)
    await driver.settle()
    if isinstance(driver.channel, Sender):
        await driver.channel.send(notice(driver, canary))

    logging.getLogger("intake").debug("The end of the test.")
    ours = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("asyncio")
    )
    assert answer.verdict == "accepted"
    assert "The end of the test." in ours  # so it is our lines that were read
    for secret in ("KenariRahasia", "0800-0000-7777", *driver.secrets):
        assert secret not in ours
