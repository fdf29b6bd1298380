import asyncio
import logging
from datetime import timedelta

import pytest

from core.deliveries.new_address import NewAddress
from core.deliveries.resending import Resending
from core.ground.database import DatabaseAwayError
from core.ground.errors import DeliveryError, Reason
from core.jobs.leasing import Jobs
from core.jobs.queue import MOST_LOSSES
from core.notices.delivery import DELIVERIES
from core.runtime import Runtime
from intake.channel import Outgoing
from notifier.deliver import _insist, deliver
from tests.builders import OFFICER, Hands
from tests.notifier.posting import (
    CHAT,
    Provider,
    queue,
    reply,
    report,
    rows,
    run_once,
    senders,
    statuses,
)


async def test_what_was_sent_is_written_down(runtime: Runtime, hands: Hands) -> None:
    receipt = await report(runtime)
    provider = Provider(CHAT, "provider-77")

    await run_once(runtime, provider)

    [row] = await rows(runtime, "SELECT * FROM deliveries")
    assert (row["status"], row["provider_id"], row["attempts"]) == ("sent", "provider-77", 1)
    assert row["sent_at"] == hands.now
    assert row["lease_until"] is None
    [outgoing] = provider.accepted
    assert outgoing.delivery_id == row["id"]
    assert outgoing.ticket_number == receipt.number
    assert outgoing.recipient == "chat-1"


async def test_a_message_that_a_broker_repeats_sends_nothing(runtime: Runtime) -> None:
    await report(runtime)
    [delivery_id] = await queue(runtime)
    provider = Provider()

    await asyncio.gather(*[deliver(runtime, senders(provider), delivery_id) for _ in range(8)])

    assert len(provider.asked) == 1


async def test_a_passing_fault_is_tried_again_when_its_time_has_come(
    runtime: Runtime, hands: Hands
) -> None:
    await report(runtime)
    provider = Provider(
        CHAT, DeliveryError(Reason.THROTTLED, "429", retry_after=timedelta(seconds=90))
    )

    await run_once(runtime, provider)
    hands.move(seconds=89.9)
    early = await run_once(runtime, provider)
    hands.move(seconds=0.1)
    due = await run_once(runtime, provider)

    assert (early, due) == (0, 1)
    [row] = await rows(runtime, "SELECT status, attempts, last_error FROM deliveries")
    assert (row["status"], row["attempts"]) == ("sent", 2)
    assert row["last_error"] == "throttled: 429"


async def test_no_answer_in_time_is_flagged_as_unclear(runtime: Runtime) -> None:
    async def hang(_outgoing: Outgoing) -> str:
        await asyncio.sleep(60)
        return "never"

    await report(runtime)
    [delivery_id] = await queue(runtime)

    await deliver(runtime, senders(Provider(CHAT, hang)), delivery_id, limit_seconds=0.05)

    [row] = await rows(runtime, "SELECT status, last_error FROM deliveries")
    assert row == {"status": "pending", "last_error": "unclear: no answer in time"}


async def test_a_fault_in_a_channel_costs_one_attempt_and_logs_no_words(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    await report(runtime)

    await run_once(runtime, Provider(CHAT, ValueError("kata rahasia")))

    [row] = await rows(runtime, "SELECT status, last_error FROM deliveries")
    assert row == {"status": "pending", "last_error": "unreachable: fault: ValueError"}
    assert "rahasia" not in caplog.text


async def test_a_channel_that_is_off_keeps_its_notices_waiting(runtime: Runtime) -> None:
    await report(runtime)

    await run_once(runtime)

    [row] = await rows(runtime, "SELECT status, last_error FROM deliveries")
    assert row == {"status": "pending", "last_error": "misconfigured: the channel is off"}


async def test_a_refused_notice_goes_to_the_next_address_and_staff_see_it(runtime: Runtime) -> None:
    await report(runtime, (CHAT, "chat-1"), ("email", "ibu@example.org"))
    chat, mail = Provider(CHAT, DeliveryError(Reason.REFUSED, "content 5.7.1")), Provider("email")

    await run_once(runtime, chat, mail)
    await run_once(runtime, chat, mail)

    assert await statuses(runtime) == ["failed", "sent"]
    assert [outgoing.template for outgoing in mail.accepted] == ["received"]
    [event] = await rows(runtime, "SELECT actor, data FROM events WHERE kind = 'delivery_failed'")
    assert event["actor"] == "system"
    assert isinstance(event["data"], dict)
    assert event["data"]["reason"] == "refused"
    assert event["data"]["detail"] == "content 5.7.1"
    assert event["data"]["status"] == "failed"
    addresses = await rows(runtime, "SELECT blocked_at FROM ticket_addresses")
    assert [row["blocked_at"] for row in addresses] == [None, None]


@pytest.mark.parametrize("reason", [Reason.BLOCKED, Reason.UNKNOWN_RECIPIENT])
async def test_a_lost_address_is_not_written_to_again(runtime: Runtime, reason: Reason) -> None:
    receipt = await report(runtime, (CHAT, "chat-1"), ("email", "ibu@example.org"))
    chat, mail = Provider(CHAT, DeliveryError(reason)), Provider("email")
    await run_once(runtime, chat, mail)

    await reply(runtime, receipt.ticket_id)
    for _ in range(3):
        await run_once(runtime, chat, mail)

    assert len(chat.asked) == 1
    assert [outgoing.template for outgoing in mail.accepted] == ["received", "replied"]
    [row] = await rows(runtime, "SELECT * FROM ticket_addresses WHERE channel = 'skeleton'")
    assert row["blocked_reason"] == reason.value


async def test_an_address_given_meanwhile_is_tried_when_the_older_notice_dies(
    runtime: Runtime, hands: Hands
) -> None:
    receipt = await report(runtime, ("email", "salah@example.org"))
    mail = Provider("email", DeliveryError(Reason.UNREACHABLE), DeliveryError(Reason.REFUSED))
    await run_once(runtime, mail)
    await NewAddress(runtime).change(receipt.ticket_id, CHAT, "chat-1", by=OFFICER)
    hands.move(hours=1)

    chat = Provider()
    for _ in range(3):
        await run_once(runtime, mail, chat)

    assert [sent.template for sent in chat.accepted] == ["received"]
    kinds = await rows(runtime, "SELECT kind FROM events")
    assert "call_needed" not in {row["kind"] for row in kinds}


async def test_a_receipt_that_went_with_the_units_notice_follows_to_the_next_address(
    runtime: Runtime,
) -> None:
    addresses = (("email", "melati@rs.example.org"), (CHAT, "chat-1"))
    await report(runtime, *addresses, unit_code="MELATI")
    mail, chat = Provider("email", DeliveryError(Reason.REFUSED)), Provider()

    for _ in range(2):
        await run_once(runtime, mail, chat)

    assert [sent.template for sent in mail.asked] == ["unit_received_receipt"]
    assert [sent.template for sent in chat.accepted] == ["received"]


async def test_a_database_that_blinks_while_sending_is_no_attempt_and_no_loss(
    runtime: Runtime, hands: Hands
) -> None:
    await report(runtime)
    provider = Provider(CHAT, *[DatabaseAwayError()] * (MOST_LOSSES + 2))

    for _ in range(MOST_LOSSES + 2):
        await run_once(runtime, provider)
        hands.move(seconds=6)
    [row] = await rows(runtime, "SELECT status, attempts, losses FROM deliveries")
    await run_once(runtime, provider)

    assert row == {"status": "pending", "attempts": 0, "losses": 0}
    assert await statuses(runtime) == ["sent"]


async def test_where_no_address_is_left_somebody_has_to_call(runtime: Runtime) -> None:
    await report(runtime)

    await run_once(runtime, Provider(CHAT, DeliveryError(Reason.BLOCKED)))

    events = await rows(runtime, "SELECT kind FROM events ORDER BY seq")
    assert [row["kind"] for row in events] == ["received", "delivery_failed", "call_needed"]
    assert await statuses(runtime) == ["failed"]


async def test_a_failed_notice_to_staff_needs_no_call(runtime: Runtime) -> None:
    await report(runtime, unit_code="MELATI", acknowledged=True)

    await run_once(runtime, Provider("email", DeliveryError(Reason.UNKNOWN_RECIPIENT)))

    events = await rows(runtime, "SELECT kind FROM events ORDER BY seq")
    assert [row["kind"] for row in events] == ["received", "delivery_failed"]


async def test_the_version_staff_look_at_stays_when_a_notice_fails(runtime: Runtime) -> None:
    await report(runtime)

    await run_once(runtime, Provider(CHAT, DeliveryError(Reason.BLOCKED)))

    assert await rows(runtime, "SELECT version FROM tickets") == [{"version": 1}]


async def test_who_moved_is_followed_with_everything_still_on_its_way(runtime: Runtime) -> None:
    receipt = await report(runtime, (CHAT, "group-1"))
    await reply(runtime, receipt.ticket_id)
    provider = Provider(CHAT, DeliveryError(Reason.MOVED, new_address="group-2"))

    for _ in range(3):
        await run_once(runtime, provider)

    assert [outgoing.recipient for outgoing in provider.accepted] == ["group-2", "group-2"]
    assert [outgoing.template for outgoing in provider.accepted] == ["received", "replied"]
    assert await rows(runtime, "SELECT address FROM ticket_addresses") == [{"address": "group-2"}]


async def test_what_the_new_address_was_told_already_is_not_told_twice(runtime: Runtime) -> None:
    await report(runtime, (CHAT, "group-1"), (CHAT, "group-2"))
    await rows(
        runtime,
        "INSERT INTO deliveries (ticket_id, event_id, channel, recipient_ref, template, language,"
        " status, next_attempt_at, created_at, updated_at)"
        " SELECT ticket_id, event_id, channel, 'group-2', template,"
        " language, 'sent', next_attempt_at, created_at, updated_at FROM deliveries RETURNING id",
    )
    provider = Provider(CHAT, DeliveryError(Reason.MOVED, new_address="group-2"))

    for _ in range(2):
        await run_once(runtime, provider)

    assert provider.accepted == []
    assert await statuses(runtime) == ["cancelled", "sent"]


async def test_patience_ends_in_a_dead_notice_that_can_be_sent_again(
    runtime: Runtime, hands: Hands
) -> None:
    await report(runtime)
    provider = Provider(CHAT, *[DeliveryError(Reason.UNREACHABLE)] * 2)

    await run_once(runtime, provider)
    hands.move(hours=25)
    await run_once(runtime, provider)
    assert await statuses(runtime) == ["dead"]

    [row] = await rows(runtime, "SELECT id FROM deliveries")
    await Resending(runtime).resend(row["id"])  # type: ignore[arg-type]  # a UUID
    await run_once(runtime, provider)

    assert await statuses(runtime) == ["sent"]


async def test_a_notice_that_takes_its_workers_down_ends_and_the_person_hears_elsewhere(
    runtime: Runtime, hands: Hands
) -> None:
    await report(runtime, (CHAT, "chat-1"), ("email", "ibu@example.org"))
    chat, mail, jobs = Provider(), Provider("email"), Jobs(runtime, DELIVERIES)
    for _ in range(MOST_LOSSES):
        [delivery_id] = await queue(runtime)
        async with jobs.held(delivery_id):
            pass  # and there it dies
        hands.move(seconds=11)
        await jobs.sweep()
        hands.move(hours=1)

    for _ in range(2):
        await run_once(runtime, chat, mail)

    assert chat.asked == []
    assert await statuses(runtime) == ["failed", "sent"]


async def test_a_notice_sent_again_after_weeks_has_all_its_patience(
    runtime: Runtime, hands: Hands
) -> None:
    await report(runtime)
    await run_once(runtime, Provider(CHAT, DeliveryError(Reason.REFUSED)))
    hands.move(days=20)
    [row] = await rows(runtime, "SELECT id FROM deliveries")
    await Resending(runtime).resend(row["id"])  # type: ignore[arg-type]  # a UUID

    await run_once(runtime, Provider(CHAT, DeliveryError(Reason.UNREACHABLE)))

    assert await statuses(runtime) == ["pending"]


async def test_news_that_follows_to_the_next_address_has_all_its_patience(
    runtime: Runtime, hands: Hands
) -> None:
    await report(runtime, (CHAT, "chat-1"), ("email", "ibu@example.org"))
    unreachable = DeliveryError(Reason.UNREACHABLE)
    chat, mail = Provider(CHAT, *[unreachable] * 2), Provider("email", unreachable)
    await run_once(runtime, chat, mail)
    hands.move(days=6)
    await run_once(runtime, chat, mail)

    await run_once(runtime, chat, mail)

    assert await statuses(runtime) == ["dead", "pending"]


async def test_news_at_an_address_given_later_has_all_its_patience(
    runtime: Runtime, hands: Hands
) -> None:
    receipt = await report(runtime)
    await run_once(runtime, Provider(CHAT, DeliveryError(Reason.REFUSED)))
    hands.move(days=20)
    await NewAddress(runtime).change(receipt.ticket_id, CHAT, "chat-1", by=OFFICER)

    await run_once(runtime, Provider(CHAT, DeliveryError(Reason.UNREACHABLE)))

    assert (await statuses(runtime))[0] == "pending"


async def test_a_cancelled_notice_is_not_sent(runtime: Runtime) -> None:
    await report(runtime)
    [delivery_id] = await queue(runtime)
    provider = Provider()

    await Resending(runtime).cancel(delivery_id)
    await deliver(runtime, senders(provider), delivery_id)

    assert provider.asked == []
    assert await statuses(runtime) == ["cancelled"]


async def test_giving_up_late_changes_nothing(runtime: Runtime, hands: Hands) -> None:
    async def be_overtaken(_outgoing: Outgoing) -> str:
        hands.move(minutes=10)
        await Jobs(runtime, DELIVERIES).sweep()
        hands.move(hours=2)
        await queue(runtime)
        async with Jobs(runtime, DELIVERIES).held(delivery_id):
            raise DeliveryError(Reason.REFUSED)

    await report(runtime)
    [delivery_id] = await queue(runtime)

    await deliver(runtime, senders(Provider(CHAT, be_overtaken)), delivery_id)

    assert await statuses(runtime) == ["sending"]
    assert len(await rows(runtime, "SELECT 1 AS one FROM events")) == 1


async def test_a_mark_is_insisted_on_while_the_database_blinks() -> None:
    faults = [DatabaseAwayError(), DatabaseAwayError()]
    written: list[str] = []

    async def write() -> None:
        if faults:
            raise faults.pop()
        written.append("sent")

    await _insist(write, wait_seconds=0.001)

    assert written == ["sent"]


async def test_a_database_that_stays_away_leaves_the_row_to_its_lease() -> None:
    async def write() -> None:
        raise DatabaseAwayError

    with pytest.raises(DatabaseAwayError):
        await _insist(write, wait_seconds=0.001)


async def test_nothing_personal_is_logged(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await report(runtime, (CHAT, "chat-kenari"), words="kata kenari")

    await run_once(runtime, Provider(CHAT, DeliveryError(Reason.BLOCKED)))

    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("asyncio")]
    assert await statuses(runtime) == ["failed"]
    assert ours
    assert "kenari" not in "\n".join(ours)
