from uuid import UUID

from core.deliveries.confirmation_limit import WHY
from core.deliveries.resending import Resending
from core.ground.rate_limits import CONFIRMATIONS
from core.runtime import Runtime
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
    [kept] = await rows(runtime, "SELECT key FROM rate_limits")
    assert "stranger" not in str(kept["key"])

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
