"""Which of the staff's verbs answers the person first: one rule, whatever the words came with."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import pytest

from core.deliveries.new_address import NewAddress
from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.grading import Grading
from core.tickets.lifecycle import ANSWERS, MOVES
from core.tickets.merging import Merging
from core.tickets.submission import StoredFile
from core.tickets.ticket import Ticket
from tests.builders import FARMASI, OFFICER, Hands, submission

Act = Callable[[Runtime, UUID, UUID], Awaitable[object]]
"""Does something to a ticket, beside which there is another."""

LETTER = StoredFile(name="surat.pdf", path="ab/abc", size=3, mime_type="application/pdf")

ANSWERED: dict[str, Act] = {
    "reply": lambda r, t, _: Casework(r).reply(t, "Sudah.", by=OFFICER),
    "reply with a file alone": lambda r, t, _: Casework(r).reply(
        t, "", by=OFFICER, files=(LETTER,)
    ),
    "reply of the house": lambda r, t, _: Casework(r).reply(t, "Sudah.", by=None),
    "ask": lambda r, t, _: Casework(r).ask(t, "Kamar berapa?", by=OFFICER),
    "resolve": lambda r, t, _: Casework(r).resolve(t, "Sudah diganti.", by=OFFICER),
    "close": lambda r, t, _: Casework(r).close(t, "Bukan urusan kami.", by=OFFICER),
    "merge": lambda r, t, o: Merging(r).merge(t, o, by=OFFICER, words=lambda *_: "Digabung."),
}
SILENT: dict[str, Act] = {
    "note": lambda r, t, _: Casework(r).note(t, "Kabel tua.", by=OFFICER),
    "move": lambda r, t, _: Casework(r).move(t, FARMASI, by=OFFICER, reason="Soal obat."),
    "assign": lambda r, t, _: Casework(r).assign(t, OFFICER, by=OFFICER),
    "start": lambda r, t, _: Casework(r).start(t, by=OFFICER),
    "escalate": lambda r, t, _: Casework(r).escalate(t, by=OFFICER, reason="Sudah lama."),
    "grade": lambda r, t, _: Grading(r).grade(t, "red", by=OFFICER),
    "keep_from": lambda r, t, _: Casework(r).keep_from(t, OFFICER, by=None),
    "link": lambda r, t, o: Merging(r).link(t, o, by=OFFICER),
    "readdress": lambda r, t, _: NewAddress(r).change(t, "email", "a@example.org", by=OFFICER),
    "follow up": lambda r, t, _: Desk(r).follow_up(t, FollowUp(channel="web", key="k", words="?")),
    "withdraw": lambda r, t, _: Desk(r).withdraw(t),
}


async def first_answer(runtime: Runtime, ticket_id: UUID) -> datetime | None:
    async with transaction(runtime.database) as session:
        return (await session.get_one(Ticket, ticket_id)).first_response_at


async def two(runtime: Runtime) -> tuple[UUID, UUID]:
    desk = Desk(runtime)
    one, other = await desk.submit(submission()), await desk.submit(submission())
    return one.ticket_id, other.ticket_id


@pytest.mark.parametrize("verb", ANSWERED)
async def test_words_that_reach_the_person_are_the_first_answer(
    runtime: Runtime, hands: Hands, verb: str
) -> None:
    ticket_id, other = await two(runtime)
    hands.move(hours=1)
    answered = hands.now

    await ANSWERED[verb](runtime, ticket_id, other)

    assert await first_answer(runtime, ticket_id) == answered
    assert await first_answer(runtime, other) is None


@pytest.mark.parametrize("verb", SILENT)
async def test_what_says_nothing_to_the_person_is_no_answer(runtime: Runtime, verb: str) -> None:
    ticket_id, other = await two(runtime)

    await SILENT[verb](runtime, ticket_id, other)

    assert await first_answer(runtime, ticket_id) is None


async def test_opened_again_and_answered_again_the_first_stays_the_first(
    runtime: Runtime, hands: Hands
) -> None:
    ticket_id, other = await two(runtime)
    casework, answered = Casework(runtime), hands.now
    await casework.close(ticket_id, "Selesai.", by=OFFICER)
    hands.move(hours=2)

    await casework.reopen(ticket_id, by=OFFICER, reason="Ternyata belum.")
    await casework.reply(ticket_id, "Kami lihat lagi.", by=OFFICER)
    await casework.resolve(ticket_id, "Kini sudah.", by=OFFICER)
    await Desk(runtime).confirm(ticket_id)

    assert await first_answer(runtime, ticket_id) == answered
    assert await first_answer(runtime, other) is None


async def test_closed_without_words_after_it_was_solved_nothing_is_answered_anew(
    runtime: Runtime, hands: Hands
) -> None:
    ticket_id, _ = await two(runtime)
    answered = hands.now
    await Casework(runtime).resolve(ticket_id, "Sudah.", by=OFFICER)
    hands.move(hours=1)

    await Casework(runtime).close(ticket_id, by=OFFICER)

    assert await first_answer(runtime, ticket_id) == answered


def test_every_verb_of_staff_is_told_apart() -> None:
    submitters = {"follow_up", "confirm", "withdraw", "rate"}
    tried = {name.partition(" ")[0] for name in (*ANSWERED, *SILENT)}

    assert set(MOVES) - submitters - {"reopen"} <= tried
    assert set(ANSWERS) == {"replied", "asked", "resolved", "closed", "called"}
