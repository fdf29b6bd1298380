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

from core.database import transaction
from core.runtime import Runtime, open_runtime
from core.settings import Settings
from intake import registry
from intake.channel import LOSES_ADDRESS, DeliveryError, Outgoing, Reason, Sender
from tests.builders import Hands
from tests.channels.contract import Driver, OpenDriver

CHANNELS = ("_skeleton", *registry.names())
SENDING = ("_skeleton", *(name for name in registry.names() if name not in {"web", "phone"}))
"""Channels with a provider behind them; the telephone has people (tests/channels/phone)."""

WORDS = "Obat untuk ayah saya belum datang sejak pagi, mohon bantuannya."
HOSTILE = (
    "\0 nol \ud800 sendiri \u202e terbalik \ufeff",
    "'; DROP TABLE tickets; -- <script>alert(1)</script> {{7*7}}",
    "x" * 200_000,
    "🩺" * 5000,
)


def open_driver(name: str) -> OpenDriver:
    return import_module(f"tests.channels.{name}.driver").open_driver  # type: ignore[no-any-return] # a module's function


@pytest.fixture(params=CHANNELS)
async def driver(request: pytest.FixtureRequest, runtime: Runtime) -> AsyncIterator[Driver]:
    async with open_driver(request.param)(runtime) as opened:
        yield opened


async def count(runtime: Runtime, table: str, where: str = "true") -> int:
    async with transaction(runtime.database) as session:
        found = await session.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}"))
        return int(found or 0)


async def test_a_report_becomes_one_ticket(runtime: Runtime, driver: Driver) -> None:
    answer = await driver.report("k1", WORDS)
    await driver.settle()

    assert answer.verdict == "accepted"
    async with transaction(runtime.database) as session:
        rows = (await session.execute(text("SELECT source, description FROM tickets"))).all()
    assert [tuple(row) for row in rows] == [(driver.channel.name, WORDS)]


async def test_told_again_and_at_once_it_stays_one_ticket(runtime: Runtime, driver: Driver) -> None:
    answers = await asyncio.gather(*[driver.report("k1", WORDS) for _ in range(20)])
    await driver.settle()
    answers.append(await driver.report("k1", WORDS))
    await driver.settle()

    assert {answer.verdict for answer in answers} == {"accepted"}
    assert await count(runtime, "tickets") == 1
    assert await count(runtime, "messages") == 1


async def test_a_reply_joins_its_ticket(runtime: Runtime, driver: Driver) -> None:
    await driver.report("k1", WORDS)
    await driver.settle()

    answer = await driver.reply("k2", "Sudah datang, tetapi salah dosis.")
    await driver.settle()

    assert answer.verdict == "accepted"
    assert await count(runtime, "tickets") == 1
    assert await count(runtime, "messages", "body LIKE 'Sudah datang%'") == 1


@pytest.mark.parametrize("words", HOSTILE, ids=["unstorable", "injection", "long", "astral"])
async def test_hostile_words_are_kept(runtime: Runtime, driver: Driver, words: str) -> None:
    answer = await driver.report("k1", words)
    await driver.settle()

    assert answer.verdict == "accepted"
    assert await count(runtime, "tickets") == 1


async def test_empty_words_never_break_anything(runtime: Runtime, driver: Driver) -> None:
    answer = await driver.report("k1", "")
    await driver.settle()

    assert answer.verdict in {"accepted", "refused"}
    assert await count(runtime, "tickets") <= 1


@pytest.mark.parametrize("name", CHANNELS)
async def test_while_the_database_is_away_the_sender_is_told_to_come_back(
    name: str, tmp_path: Path, hands: Hands
) -> None:
    settings = Settings(data=tmp_path, secret_key="a secret for tests")
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

    passing = reason in {Reason.THROTTLED, Reason.UNREACHABLE}
    assert failed.value.retryable is passing
    if reason is Reason.BLOCKED:
        assert failed.value.reason in LOSES_ADDRESS
    if failed.value.retry_after is not None:
        assert failed.value.retry_after > timedelta(0)


async def test_neither_words_nor_tokens_are_logged(
    driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "KenariRahasia 0800-0000-7777"

    await driver.report("k1", canary)
    await driver.settle()
    if isinstance(driver.channel, Sender):
        await driver.channel.send(notice(driver, canary))

    ours = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("asyncio")
    )
    for secret in ("KenariRahasia", "0800-0000-7777", *driver.secrets):
        assert secret not in ours
