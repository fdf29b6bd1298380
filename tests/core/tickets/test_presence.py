"""Who is at a ticket: said by pages that are open, forgotten when they no longer say so."""

from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.presence import LOOKING, WRITING, Attendance
from tests.builders import OFFICER, Hands, submission
from tests.intake.console.staff import hire


async def test_who_looks_and_who_writes_is_seen_by_the_others(
    runtime: Runtime, hands: Hands
) -> None:
    ticket_id = (await Desk(runtime).submit(submission())).ticket_id
    ayu, attendance = await hire(runtime, "ayu", "officer"), Attendance(runtime)

    alone = await attendance.look(ticket_id, OFFICER)
    await attendance.write(ticket_id, ayu.user_id)
    writing = await attendance.look(ticket_id, OFFICER)
    hands.now += WRITING
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
