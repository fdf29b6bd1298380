"""Who else is at a ticket, and for how long after their last word."""

from datetime import timedelta

import pytest

from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets import presence
from core.tickets.desk import Desk
from core.tickets.presence import LOOKING, WRITING, Beside
from tests.builders import MONDAY, OFFICER, submission

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
