"""What a channel says of itself reaches its row, the directory, and whoever sends by it."""

from dataclasses import replace
from datetime import timedelta
from typing import cast
from uuid import UUID

import pytest
from sqlalchemy import text

from core.ground.database import transaction
from core.jobs.leasing import Jobs
from core.jobs.retry_schedule import SCHEDULES
from core.notices.delivery import DELIVERIES
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.submission import Address
from intake.channel_facts import ChannelFacts
from intake.channel_folders import all_facts, facts_of
from intake.console.labels import channel_word
from intake.language import LANGUAGES
from intake.registry import Registry, write_channels
from tests.builders import submission
from tests.core.example import DIRECTORY
from tests.notifier.posting import Provider, rows


def provider(facts: ChannelFacts, name: str = "pigeon") -> Provider:
    channel = Provider(name)
    channel.facts = facts
    return channel


async def test_a_channel_that_leaves_keeps_its_word_and_sends_no_more(runtime: Runtime) -> None:
    facts = ChannelFacts(label={"id": "Merpati", "en": "Pigeon"}, sign="plane", takes="phone")
    pigeon = provider(facts)
    await write_channels(runtime, Registry({"pigeon": pigeon}))
    arrived = await runtime.directory.reload()

    await write_channels(runtime, Registry({}))
    left = await runtime.directory.reload()

    assert arrived.channels["pigeon"].sends
    assert left.channels["pigeon"] == replace(arrived.channels["pigeon"], sends=False)
    assert channel_word(left, "id", "pigeon") == ("Merpati", "plane")
    assert left.channels["pigeon"].takes == "phone"


def test_what_never_said_anything_is_called_by_its_name() -> None:
    assert channel_word(DIRECTORY, "id", "carrier_pigeon") == ("Carrier pigeon", "mail")


@pytest.mark.parametrize(("patience", "wait"), [("hours", 5), ("days", 60)])
async def test_news_is_tried_as_long_as_the_channel_says(
    runtime: Runtime, patience: str, wait: int
) -> None:
    facts = replace(facts_of("_skeleton"), patience=patience)
    await write_channels(runtime, Registry({"pigeon": provider(facts)}))
    await Desk(runtime).submit(submission(addresses=(Address(channel="pigeon", address="roof"),)))
    await Jobs(runtime, DELIVERIES).hand_out(10)
    [row] = await rows(runtime, "SELECT id FROM deliveries WHERE channel = 'pigeon'")

    async with Jobs(runtime, DELIVERIES).held(cast("UUID", row["id"])) as held:
        assert held is not None
        assert SCHEDULES[held.patience].first == timedelta(seconds=wait)


async def test_staff_are_told_by_whatever_channel_tells_them(runtime: Runtime) -> None:
    async with transaction(runtime.database) as session:
        await session.execute(text("UPDATE channels SET tells_staff = false"))
    facts = replace(facts_of("_skeleton"), tells_staff=True)
    await write_channels(runtime, Registry({"pigeon": provider(facts)}))

    await Desk(runtime).submit(submission())

    told = await rows(runtime, "SELECT channel, audience, recipient_ref FROM deliveries")
    assert [tuple(row.values()) for row in told] == [("pigeon", "unit", "melati@rs.example.org")]


def test_every_channel_has_a_word_in_every_language() -> None:
    for name, facts in all_facts().items():
        assert facts.label.keys() == set(LANGUAGES), name
