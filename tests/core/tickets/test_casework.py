"""What staff say under a key of its own is said once."""

import asyncio

import pytest

from core.runtime import Runtime
from core.tickets.casework import Casework, SaidBeforeError
from core.tickets.desk import Desk
from tests.builders import OFFICER, submission


async def test_what_is_said_again_under_its_key_is_refused_and_adds_nothing(
    runtime: Runtime,
) -> None:
    ticket_id = (await Desk(runtime).submit(submission())).ticket_id
    casework = Casework(runtime)

    said = await asyncio.gather(
        casework.note(ticket_id, "Satu.", by=OFFICER, key="k"),
        casework.note(ticket_id, "Satu.", by=OFFICER, key="k"),
        return_exceptions=True,
    )
    with pytest.raises(SaidBeforeError):
        await casework.reply(ticket_id, "Satu.", by=OFFICER, key="k")

    assert [isinstance(each, SaidBeforeError) for each in said].count(True) == 1
