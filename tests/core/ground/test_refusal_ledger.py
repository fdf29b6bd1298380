"""What limits refuse is counted by the hour, for all processes, whatever the database does."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from core.ground.database import transaction
from core.ground.rate_limits import ADDRESS, WEB_REPORTS
from core.ground.refusal_ledger import RefusalLedger, refused_since
from core.ground.refusals import Refusals
from core.reading.refusals import refused_lately
from core.runtime import Runtime
from notifier.retention import REFUSALS, forget_refusals
from tests.builders import Hands


def ledger(runtime: Runtime, refusals: Refusals | None = None) -> RefusalLedger:
    return RefusalLedger(
        database=runtime.database, refusals=refusals or Refusals(), clock=runtime.clock
    )


async def test_two_processes_and_two_hours_are_added_up(runtime: Runtime, hands: Hands) -> None:
    one, other = ledger(runtime), ledger(runtime)
    one.refusals.note(WEB_REPORTS, 3)
    other.refusals.note(WEB_REPORTS)
    other.refusals.note(ADDRESS, 2)
    await asyncio.gather(one.write(), other.write())
    hands.move(hours=1)
    one.refusals.note(ADDRESS)
    await one.write()
    await one.write()

    written = await refused_since(runtime.database, hands() - timedelta(hours=3))
    lately = {each.limit: each for each in (await refused_lately(runtime)).limits}

    assert [(row.name, row.times) for row in written] == [
        ("address", 1),
        ("address", 2),
        ("web reports", 4),
    ]
    assert written[0].hour - written[1].hour == timedelta(hours=1)
    assert (lately[ADDRESS].in_day, lately[ADDRESS].latest) == (3, written[0].hour)
    hands.move(days=2)
    later = {each.limit: each for each in (await refused_lately(runtime)).limits}
    assert (later[ADDRESS].in_day, later[ADDRESS].in_week) == (0, 3)


async def test_what_cannot_be_written_is_counted_on(runtime: Runtime, hands: Hands) -> None:
    one = ledger(runtime)
    one.refusals.note(ADDRESS, 2)
    async with transaction(runtime.database) as session:
        await session.execute(text("LOCK TABLE refusals IN ACCESS EXCLUSIVE MODE"))
        await one.write()
    one.refusals.note(ADDRESS)

    await one.end()

    [row] = await refused_since(runtime.database, hands() - timedelta(hours=3))
    assert (row.name, row.times) == ("address", 3)


async def test_they_are_forgotten_after_their_time(runtime: Runtime, hands: Hands) -> None:
    one = replace(ledger(runtime))
    one.refusals.note(ADDRESS)
    await one.write()
    hands.move(days=1)
    one.refusals.note(WEB_REPORTS)
    await one.write()
    hands.move(seconds=(REFUSALS - timedelta(hours=1)).total_seconds())

    await forget_refusals(runtime)

    left = await refused_since(runtime.database, hands() - 2 * REFUSALS)
    assert [row.name for row in left] == ["web reports"]
