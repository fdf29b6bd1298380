"""Finding tickets."""

from datetime import timedelta

from core.ground.clock import system_clock
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.submission import Receipt
from tests import builders
from tests.intake.commands.conftest import Kiss


async def test_tickets_are_found_by_what_is_known_of_them(
    kiss: Kiss, runtime: Runtime, receipt: Receipt
) -> None:
    pharmacy = builders.submission(words="Antrean obat 100% penuh.", qr_token=None)
    other = await Desk(runtime).submit(
        builders.submission(words=pharmacy.words, qr_token=None, unit_code="FARMASI")
    )

    async def numbers(*words: str) -> set[str]:
        told = await kiss("tickets", *words, "--json")
        assert told.code == 0, told.err
        return {row["number"] for row in told.json}

    assert await numbers() == {receipt.number, other.number}
    assert await numbers("--unit", "farmasi") == {other.number}
    assert await numbers("kepanasan") == {receipt.number}
    assert await numbers("0% pen") == {other.number}
    assert await numbers("0_pen") == set()
    assert await numbers(receipt.number[4:]) == {receipt.number}
    assert await numbers("--status", "closed") == set()
    assert await numbers("--open", "--source", "web", "--limit", "1") == {other.number}


async def test_a_late_answer_is_listed_as_overdue(
    kiss: Kiss, runtime: Runtime, hands: builders.Hands
) -> None:
    hands.now = system_clock() - timedelta(days=30)
    late = await Desk(runtime).submit(builders.submission())
    hands.now = system_clock()
    await Desk(runtime).submit(builders.submission())

    told = await kiss("tickets", "--overdue")

    assert [line.split()[0] for line in told.out.splitlines()[1:]] == [late.number]


async def test_no_ticket_is_a_sentence(kiss: Kiss) -> None:
    told = await kiss("tickets", "--open")

    assert (told.code, told.out) == (0, "No ticket is like that.\n")
