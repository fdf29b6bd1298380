"""How a call went and what was said in it are one act: both are kept, or neither, and once."""

import asyncio
import signal
import sys
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text, update

from core.calls.callback import Callback
from core.calls.calling import Calling, NotedBeforeError
from core.calls.outcomes import outcomes_of
from core.calls.wanting import News, Wanting
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.lifecycle import IllegalMoveError
from core.tickets.telling import Said, Telling
from core.tickets.ticket import Ticket
from tests.builders import OFFICER, Hands, submission
from tests.root import ROOT

NUMBER = "+6281200000001"
WORDS = "Belum ada yang datang."


async def waiting(runtime: Runtime) -> tuple[UUID, UUID]:
    """A solved ticket whose news waits to be spoken: the ticket and its call-back."""
    receipt = await Desk(runtime).submit(submission())
    event = await Casework(runtime).resolve(receipt.ticket_id, "Sudah diganti.", by=OFFICER)
    async with transaction(runtime.database) as session:
        delivery = await session.scalar(
            text(
                "INSERT INTO deliveries (id, ticket_id, event_id, channel, recipient_ref, audience,"
                " template, language, next_attempt_at, created_at, updated_at) VALUES"
                " (gen_random_uuid(), :ticket, :event, 'phone', :number, 'submitter', 'resolved',"
                " 'id', :now, :now, :now) RETURNING id"
            ),
            {
                "ticket": receipt.ticket_id,
                "event": event.id,
                "number": NUMBER,
                "now": runtime.clock(),
            },
        )
    news = News(
        delivery_id=delivery,
        ticket_id=receipt.ticket_id,
        number=NUMBER,
        language="id",
        template="resolved",
    )
    callback_id = await Wanting(runtime).want(news)
    await Calling(runtime).claim(callback_id, by=OFFICER)
    await Calling(runtime).release(callback_id, by=OFFICER)
    return receipt.ticket_id, callback_id


def said(words: str = WORDS, key: str = "k", *, solved: bool = False) -> Said:
    return Said(told=FollowUp(channel="phone", key=key, words=words), solved=solved)


async def state(runtime: Runtime, ticket_id: UUID) -> tuple[str, str, list[str]]:
    """The call-back's status, the ticket's, and what the person said on it after their report."""
    async with transaction(runtime.database) as session:
        call = await session.scalar(text("SELECT status FROM callbacks"))
        ticket = await session.get_one(Ticket, ticket_id)
        query = "SELECT body FROM messages WHERE author = 'submitter' ORDER BY created_at, id"
        words = list(await session.scalars(text(query)))
        return str(call), ticket.status, words[1:]


PROGRAM = """
import asyncio, sys
from pathlib import Path
from uuid import UUID
from core.calls.calling import Calling
from core.tickets.telling import Said
from core.ground.settings import Settings
from core.opening import open_runtime
from core.tickets.follow_up import FollowUp
async def main(url, folder, callback_id, by):
    settings = Settings(data=Path(folder), secret_key="a secret for tests, and long enough")
    async with open_runtime(settings, url) as runtime:
        told = FollowUp(channel="phone", key="k", words="Belum ada yang datang.")
        await Calling(runtime).note(
            UUID(callback_id), "reached", by=UUID(by), said=Said(told=told), seen=0
        )
asyncio.run(main(*sys.argv[1:]))
"""


async def noted_by_a_process(url: str, folder: Path, callback_id: UUID, fault: str = "") -> int:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, url, str(folder), str(callback_id), str(OFFICER)),
        env={"PYTHONPATH": str(ROOT), "KISS_TEST": "1", "FAULT_AT": fault},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await child.communicate()
    assert child.returncode in {0, -signal.SIGKILL}, told.decode()
    return child.returncode


@pytest.mark.fault
@pytest.mark.parametrize(
    ("at", "between"),
    [
        ("call.noted", ("open", "resolved", [])),
        ("call.committed", ("told", "open", [WORDS])),
    ],
)
async def test_killed_in_between_neither_is_there_or_both_and_told_again_both_once(
    runtime: Runtime,
    database_url: str,
    tmp_path: Path,
    at: str,
    between: tuple[str, str, list[str]],
) -> None:
    ticket_id, callback_id = await waiting(runtime)

    killed = await noted_by_a_process(database_url, tmp_path, callback_id, at)
    found = await state(runtime, ticket_id)
    again = await noted_by_a_process(database_url, tmp_path, callback_id)

    assert (killed, again) == (-signal.SIGKILL, 0)
    assert found == between
    assert await state(runtime, ticket_id) == ("told", "open", [WORDS])
    async with transaction(runtime.database) as session:
        assert [each.outcome for each in await outcomes_of(session, callback_id)] == ["reached"]


async def test_two_agents_at_once_and_one_outcome_stands(runtime: Runtime) -> None:
    ticket_id, callback_id = await waiting(runtime)
    calling = Calling(runtime)

    told = await asyncio.gather(
        calling.note(callback_id, "reached", by=OFFICER, said=said(key="one"), seen=0),
        calling.note(callback_id, "busy", by=OFFICER, said=said(key="two"), seen=0),
        return_exceptions=True,
    )

    assert [isinstance(each, NotedBeforeError) for each in told].count(True) == 1
    async with transaction(runtime.database) as session:
        assert len(await outcomes_of(session, callback_id)) == 1
        query = text("SELECT count(*) FROM messages WHERE body = :words")
        assert await session.scalar(query, {"words": WORDS}) == 1
    assert (await state(runtime, ticket_id))[1] in {"open", "resolved"}


async def test_the_same_outcome_with_other_words_is_another(runtime: Runtime) -> None:
    ticket_id, callback_id = await waiting(runtime)
    calling = Calling(runtime)
    await calling.note(callback_id, "reached", by=OFFICER, said=said(), seen=0)

    assert await calling.note(callback_id, "reached", by=OFFICER, said=said(), seen=0) == ticket_id
    with pytest.raises(NotedBeforeError):
        await calling.note(
            callback_id, "reached", by=OFFICER, said=said("Lain.", key="other"), seen=0
        )

    assert (await state(runtime, ticket_id))[2] == [WORDS]


async def test_solved_where_it_does_not_wait_for_that_any_more_keeps_the_words(
    runtime: Runtime,
) -> None:
    ticket_id, callback_id = await waiting(runtime)
    await Casework(runtime).reopen(ticket_id, by=OFFICER)

    await Calling(runtime).note(
        callback_id, "reached", by=OFFICER, said=said("Sudah beres.", solved=True), seen=0
    )

    assert await state(runtime, ticket_id) == ("told", "open", ["Sudah beres."])


async def test_said_to_be_solved_or_nothing_of_it_is_filed(runtime: Runtime) -> None:
    ticket_id, _ = await waiting(runtime)
    await Casework(runtime).reopen(ticket_id, by=OFFICER)

    with pytest.raises(IllegalMoveError):
        await Telling(runtime).file(ticket_id, said(solved=True))
    with pytest.raises(NotFoundError):
        await Telling(runtime).file(UUID(int=0), said())

    assert (await state(runtime, ticket_id))[1:] == ("open", [])


async def test_reached_and_told_is_an_answer_where_nothing_was_one(
    runtime: Runtime, hands: Hands
) -> None:
    ticket_id, callback_id = await waiting(runtime)
    async with transaction(runtime.database) as session:  # as older versions left it
        await session.execute(update(Ticket).values(first_response_at=None))
    hands.move(minutes=5)

    await Calling(runtime).note(callback_id, "no_answer", by=OFFICER)
    async with transaction(runtime.database) as session:
        before = (await session.get_one(Ticket, ticket_id)).first_response_at
        await session.execute(update(Callback).values(next_at=hands.now))
    await Calling(runtime).note(callback_id, "reached", by=OFFICER)

    async with transaction(runtime.database) as session:
        after = (await session.get_one(Ticket, ticket_id)).first_response_at
    assert (before, after) == (None, hands.now)


async def test_news_without_a_ticket_keeps_its_outcome_alone(runtime: Runtime) -> None:
    news = News(
        delivery_id=UUID(int=7),
        ticket_id=None,
        number=NUMBER,
        language="id",
        template="other",
        words="Kabar baik.",
    )
    callback_id = await Wanting(runtime).want(news)

    told = await Calling(runtime).note(callback_id, "reached", by=OFFICER, seen=0)

    async with transaction(runtime.database) as session:
        assert (told, await outcomes_of(session, callback_id)) == (None, [])
        assert (await session.get_one(Callback, callback_id)).status == "told"
