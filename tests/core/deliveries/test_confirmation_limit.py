from uuid import UUID

from core.deliveries.confirmation_limit import WHY
from core.deliveries.resending import Resending
from core.ground.rate_limits import (
    CONFIRMATIONS,
    CONFIRMATIONS_OF_TICKET,
    CONFIRMATIONS_TO_DOMAIN,
)
from core.runtime import Runtime
from core.tickets.submission import Again
from notifier.retention import forget_rate_limits
from tests.builders import Hands
from tests.notifier.posting import CHAT, Provider, reply, report, rows, run_once, statuses


async def test_a_strangers_address_gets_few_confirmations_and_every_report_its_ticket(
    runtime: Runtime,
) -> None:
    provider = Provider()
    for _ in range(CONFIRMATIONS.burst + 7):
        await report(runtime, (CHAT, "stranger"), confirmed=False)

    await run_once(runtime, provider)

    assert len(provider.accepted) == CONFIRMATIONS.burst
    assert len(await rows(runtime, "SELECT 1 AS one FROM tickets")) == CONFIRMATIONS.burst + 7
    held = await rows(runtime, "SELECT last_error FROM deliveries WHERE status = 'cancelled'")
    assert [row["last_error"] for row in held] == [WHY] * 7


async def test_after_a_while_there_is_room_for_another(runtime: Runtime, hands: Hands) -> None:
    provider = Provider()
    for _ in range(CONFIRMATIONS.burst):
        await report(runtime, (CHAT, "Stranger "), confirmed=False)
    await run_once(runtime, provider)

    hands.move(seconds=CONFIRMATIONS.refill.total_seconds())
    for _ in range(2):
        await report(runtime, (CHAT, "stranger"), confirmed=False)
    await run_once(runtime, provider)

    assert len(provider.accepted) == CONFIRMATIONS.burst + 1


async def test_who_showed_that_the_address_is_theirs_hears_of_every_report(
    runtime: Runtime,
) -> None:
    provider = Provider()
    for _ in range(CONFIRMATIONS.burst + 3):
        await report(runtime, (CHAT, "own"), confirmed=True)

    await run_once(runtime, provider)

    assert len(provider.accepted) == CONFIRMATIONS.burst + 3


async def test_answers_are_never_held_back(runtime: Runtime) -> None:
    provider = Provider()
    for _ in range(CONFIRMATIONS.burst + 1):
        receipt = await report(runtime, (CHAT, "stranger"), confirmed=False)
    await reply(runtime, receipt.ticket_id)

    await run_once(runtime, provider)
    await run_once(runtime, provider)

    assert provider.accepted[-1].template == "replied"


async def test_what_is_kept_for_it_names_no_address_and_is_forgotten(
    runtime: Runtime, hands: Hands
) -> None:
    await report(runtime, (CHAT, "stranger"), confirmed=False)
    await run_once(runtime, Provider())
    kept = await rows(runtime, "SELECT key FROM rate_limits")
    assert kept
    assert "stranger" not in str(kept)

    hands.move(hours=1)
    await forget_rate_limits(runtime)

    assert await rows(runtime, "SELECT key FROM rate_limits") == []
    assert await statuses(runtime) == ["sent"]


async def test_what_staff_send_again_goes_out_however_many_there_were(runtime: Runtime) -> None:
    provider = Provider()
    for _ in range(CONFIRMATIONS.burst + 1):
        await report(runtime, (CHAT, "stranger"), confirmed=False)
    await run_once(runtime, provider)
    [quiet] = await rows(runtime, "SELECT id FROM deliveries WHERE status = 'cancelled'")

    await Resending(runtime).resend(UUID(str(quiet["id"])))
    await run_once(runtime, provider)

    assert len(provider.accepted) == CONFIRMATIONS.burst + 1


SPELLINGS = (
    "korban.satu@gmail.com", "KORBAN.satu@gmail.com", "korbansatu@gmail.com",
    "k.o.r.b.a.n.satu@googlemail.com", "korbansatu+1@gmail.com", "korbansatu+a.b@gmail.com",
    "korbansatu@GMAIL.com.", "\uff4borbansatu@gmail.com", '"korbansatu"@gmail.com',
    "korban\u200bsatu@gmail.com",
)  # fmt: skip


async def test_every_spelling_of_a_mailbox_draws_on_one_budget(runtime: Runtime) -> None:
    provider = Provider("email")
    for spelled in SPELLINGS:
        await report(runtime, ("email", spelled), confirmed=False)

    await run_once(runtime, provider)

    assert len(provider.accepted) == CONFIRMATIONS.burst
    assert len(await rows(runtime, "SELECT 1 AS one FROM tickets")) == len(SPELLINGS)
    held = await rows(runtime, "SELECT last_error FROM deliveries WHERE status = 'cancelled'")
    assert {row["last_error"] for row in held} == {WHY}
    assert runtime.refusals.take() == {CONFIRMATIONS.name: len(held)}


async def test_one_mailbox_after_another_of_a_domain_is_one_victim_in_the_end(
    runtime: Runtime,
) -> None:
    provider, many = Provider("email"), CONFIRMATIONS_TO_DOMAIN.burst + 4
    for n in range(many):
        await report(runtime, ("email", f"a{n}@mail{n % 3}.korban.example"), confirmed=False)
    await report(runtime, ("email", "tetangga@gmail.com"), confirmed=False)

    await run_once(runtime, provider)

    told = [one.recipient for one in provider.accepted]
    assert len(told) == CONFIRMATIONS_TO_DOMAIN.burst + 1
    assert told[-1] == "tetangga@gmail.com", "a neighbour is told all the same"
    assert runtime.refusals.take() == {CONFIRMATIONS_TO_DOMAIN.name: 4}


async def test_one_report_tells_few_addresses_that_it_was_received(runtime: Runtime) -> None:
    provider = Provider("email")
    told = {"key": "one", "words": "Sama.", "again": Again.MERGE}
    for n in range(CONFIRMATIONS_OF_TICKET.burst + 3):
        await report(runtime, ("email", f"tamu{n}@gmail.com"), confirmed=False, **told)
        await run_once(runtime, provider)

    assert len(await rows(runtime, "SELECT 1 AS one FROM tickets")) == 1
    assert len(provider.accepted) == CONFIRMATIONS_OF_TICKET.burst
