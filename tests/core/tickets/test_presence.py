"""Who else is at a ticket, and for how long after their last word."""

from datetime import timedelta

import pytest

from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets import presence
from core.tickets.desk import Desk
from core.tickets.presence import LOOKING, WRITING, Attendance, Beside
from tests.builders import MONDAY, OFFICER, Hands, submission
from tests.intake.console.staff import hire

A_MOMENT = timedelta(seconds=1)
SOMEBODY = Beside(name="Petugas Contoh", writing=True)
SILENT = Beside(name="Petugas Contoh", writing=False)


@pytest.mark.parametrize(
    ("after", "seen"),
    [
        (A_MOMENT, (SOMEBODY,)),
        (WRITING + A_MOMENT, (SILENT,)),
        (LOOKING + A_MOMENT, ()),
        (-A_MOMENT, (SOMEBODY,)),  # the other process is a little ahead
        (-timedelta(days=1), ()),  # a clock was ahead and came back
    ],
)
async def test_somebody_is_beside_for_a_while(
    runtime: Runtime, after: timedelta, seen: tuple[Beside, ...]
) -> None:
    ticket_id = (await Desk(runtime).submit(submission())).ticket_id

    async with transaction(runtime.database) as session:
        await presence.look(session, ticket_id, OFFICER, MONDAY, writing=True)
        beside = await presence.beside(session, ticket_id, ticket_id, MONDAY + after)

    assert beside == seen


async def test_who_looks_and_who_writes_is_seen_by_the_others(
    runtime: Runtime, hands: Hands
) -> None:
    ticket_id = (await Desk(runtime).submit(submission())).ticket_id
    ayu, attendance = await hire(runtime, "ayu", "officer"), Attendance(runtime)

    alone = await attendance.look(ticket_id, OFFICER)
    await attendance.write(ticket_id, ayu.user_id)
    writing = await attendance.look(ticket_id, OFFICER)
    hands.now += WRITING + A_MOMENT
    silent = await attendance.look(ticket_id, OFFICER)
    hands.now += LOOKING - WRITING
    forgotten = await attendance.look(ticket_id, OFFICER)

    assert alone.others == ()
    assert [(one.name, one.writing) for one in writing.others] == [("Ayu Contoh", True)]
    assert [one.writing for one in silent.others] == [False]
    assert forgotten.others == ()
    assert alone.version is not None


async def test_whoever_left_is_gone_at_once(runtime: Runtime) -> None:
    ticket_id = (await Desk(runtime).submit(submission())).ticket_id
    ayu, attendance = await hire(runtime, "ayu", "officer"), Attendance(runtime)
    await attendance.look(ticket_id, ayu.user_id)

    await attendance.leave(ticket_id, ayu.user_id)

    assert (await attendance.look(ticket_id, OFFICER)).others == ()
