"""What becomes of messages when Telegram refuses, hangs or answers nothing."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from core.ground.errors import DeliveryError, Reason
from core.ground.settings import Settings
from core.opening import open_runtime
from core.runtime import Runtime
from core.tickets.casework import Casework
from intake.channel import Outgoing
from tests.builders import OFFICER
from tests.builders import TOKEN as POSTER
from tests.intake.channels.telegram.fake import TOKEN, FakeTelegram, Person
from tests.intake.channels.telegram.house import House, house
from tests.intake.channels.web.wire import Wire

STORY = "Toilet di lorong depan kotor sejak kemarin."


def notice(chat: int = 5001, text: str = "Kabar baik.", **changes: object) -> Outgoing:
    facts: dict[str, object] = {
        "delivery_id": uuid4(),
        "recipient": str(chat),
        "language": "id",
        "template": "started",
        "subject": "-",
        "text": text,
    }
    return Outgoing(**(facts | changes))  # type: ignore[arg-type]  # keyword overrides


@pytest.mark.parametrize(
    ("status", "text", "parameters", "reason"),
    [
        (429, "Too Many Requests: retry after 7", {"retry_after": 7}, Reason.THROTTLED),
        (403, "Forbidden: bot was blocked by the user", {}, Reason.BLOCKED),
        (403, "Forbidden: user is deactivated", {}, Reason.BLOCKED),
        (400, "Bad Request: chat not found", {}, Reason.UNKNOWN_RECIPIENT),
        (400, "Bad Request: message is too long", {}, Reason.REFUSED),
        (400, "Bad Request: group upgraded", {"migrate_to_chat_id": -100123}, Reason.MOVED),
        (401, "Unauthorized", {}, Reason.MISCONFIGURED),
        (409, "Conflict", {}, Reason.UNREACHABLE),
        (500, "Internal Server Error", {}, Reason.UNREACHABLE),
        (502, "Bad Gateway", {}, Reason.UNREACHABLE),
    ],
)
async def test_every_refusal_is_told_in_our_words(
    webhook: House, *, status: int, text: str, parameters: dict[str, int], reason: Reason
) -> None:
    webhook.telegram.fail("sendMessage", status, text, parameters=parameters)

    with pytest.raises(DeliveryError) as failed:
        await webhook.channel.send(notice())

    assert failed.value.reason is reason
    assert TOKEN not in str(failed.value)
    if reason is Reason.THROTTLED:
        assert failed.value.retry_after == timedelta(seconds=7)
    if reason is Reason.MOVED:
        assert failed.value.new_address == "-100123"


async def test_an_answer_that_does_not_come_is_unclear(webhook: House) -> None:
    webhook.telegram.fail("sendMessage", 200, hang=3.0)

    with pytest.raises(DeliveryError) as failed:
        await webhook.channel.send(notice())

    assert failed.value.reason is Reason.UNCLEAR


async def test_a_connection_that_breaks_is_unclear_and_one_never_made_is_not(
    runtime: Runtime, fake: tuple[FakeTelegram, str], webhook: House
) -> None:
    webhook.telegram.fail("sendMessage")
    with pytest.raises(DeliveryError) as broken:
        await webhook.channel.send(notice())

    async with house(runtime, fake[0], "http://127.0.0.1:9", works=False, mode="webhook") as away:
        with pytest.raises(DeliveryError) as refused:
            await away.channel.send(notice())

    assert broken.value.reason is Reason.UNCLEAR
    assert refused.value.reason is Reason.UNREACHABLE


async def test_retry_after_holds_its_chat_back_and_nobody_else(webhook: House) -> None:
    webhook.telegram.fail("sendMessage", 429, "Too Many", parameters={"retry_after": 600})
    with pytest.raises(DeliveryError):
        await webhook.channel.send(notice(5001))

    with pytest.raises(DeliveryError) as held:
        await webhook.channel.send(notice(5001))
    await webhook.channel.send(notice(5002))

    assert held.value.reason is Reason.THROTTLED
    assert held.value.retry_after
    assert held.value.retry_after > timedelta(seconds=500)
    assert webhook.telegram.texts(5002) == ["Kabar baik."]
    assert webhook.telegram.calls["sendMessage"] == 1


async def test_refused_in_two_chats_all_of_them_slow_down(webhook: House) -> None:
    for chat in (5001, 5002):
        webhook.telegram.fail("sendMessage", 429, "Too Many", parameters={"retry_after": 600})
        with pytest.raises(DeliveryError):
            await webhook.channel.send(notice(chat))

    with pytest.raises(DeliveryError) as held:
        await webhook.channel.send(notice(5003))

    assert held.value.reason is Reason.THROTTLED
    assert webhook.telegram.texts(5003) == []


async def test_long_answers_arrive_whole_in_order_with_buttons_under_the_last(
    polling: House, sari: Person
) -> None:
    await polling.report(sari, STORY)
    [(ticket_id,)] = await polling.rows("SELECT id FROM tickets")
    answer = " ".join(f"Ini kalimat nomor {number}, dengan emoji 🩺." for number in range(250))

    await Casework(polling.runtime).reply(ticket_id, answer, by=OFFICER)
    await polling.until(lambda: "nomor 249" in polling.telegram.texts(sari.id)[-1])

    parts = [each for each in polling.telegram.texts(sari.id) if "Ini kalimat" in each]
    assert len(parts) > 2
    assert all(len(part.encode("utf-16-le")) // 2 <= 4096 for part in parts)
    assert all(part.endswith("🩺.") for part in parts[:-1])
    assert answer in " ".join(parts)
    assert polling.telegram.labels(sari.id)


async def test_what_telegram_refuses_for_good_never_blocks_the_chat(
    polling: House, sari: Person
) -> None:
    polling.telegram.fail("sendMessage", 400, "Bad Request: message text is empty")

    await polling.update(sari.text("/start"))
    await polling.quiet()
    answer = await polling.say(sari, STORY)

    assert answer.startswith("Di bagian mana kejadiannya?")
    assert await polling.rows("SELECT status FROM deliveries ORDER BY seq") == [
        ("failed",),
        ("sent",),
    ]


async def test_blocked_while_sending_the_address_is_marked(polling: House, sari: Person) -> None:
    await polling.report(sari, STORY)
    [(ticket_id,)] = await polling.rows("SELECT id FROM tickets")
    polling.telegram.fail("sendMessage", 403, "Forbidden: bot was blocked by the user")

    await Casework(polling.runtime).reply(ticket_id, "Sudah.", by=OFFICER)
    await polling.quiet()

    rows = await polling.rows("SELECT blocked_at IS NOT NULL FROM ticket_addresses")
    assert rows == [(True,)]
    assert await polling.rows("SELECT status FROM deliveries WHERE template = 'replied'") == [
        ("failed",)
    ]


async def test_a_lost_answer_repeats_a_text_and_never_a_ticket(
    polling: House, sari: Person
) -> None:
    await polling.say(sari, f"/start u_{POSTER}", STORY)
    polling.telegram.fail("sendMessage", after=True)

    await polling.update(sari.text("Kirim"))
    await polling.until(lambda: len(polling.telegram.texts(sari.id)) == 4)
    await polling.quiet()

    assert await polling.rows("SELECT count(*) FROM tickets") == [(1,)]
    assert len(set(polling.telegram.texts(sari.id))) == 3


async def test_neither_token_nor_words_are_logged(
    polling: House, sari: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    polling.telegram.fail("sendMessage", 502, "Bad Gateway")
    polling.telegram.fail("getUpdates", 502, "Bad Gateway")

    await polling.say(sari, f"/start u_{POSTER}", "Kata rahasia kenari.")

    lines = "\n".join(each.getMessage() for each in caplog.records)
    assert "bad gateway" in lines  # what went wrong was logged
    assert TOKEN not in lines
    assert TOKEN.partition(":")[2] not in lines
    assert "kenari" not in lines


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_while_the_database_is_away_telegram_keeps_everything(
    database_url: str, tmp_path: Path, fake: tuple[FakeTelegram, str], sari: Person, *, mode: str
) -> None:
    (tmp_path / "s").mkdir()
    wire, url = Wire.to(database_url, tmp_path / "s")
    settings = Settings(data=tmp_path, secret_key="a secret for tests, and long enough")
    async with (
        wire,
        open_runtime(settings, url) as runtime,
        house(runtime, *fake, mode=mode) as ours,
    ):
        await ours.say(sari, f"/start u_{POSTER}")
        wire.cut()
        await fake[0].enqueue_update(sari.text(STORY), token=TOKEN)
        if mode == "webhook":
            assert await ours.post({"update_id": 99, **sari.text("x")}) == 503
        await asyncio.sleep(2)
        assert fake[0]._update_queues.info(TOKEN)["pending_update_count"] >= 1
        wire.mend()
        await fake[0].deliver_updates(token=TOKEN)
        await ours.until(lambda: len(fake[0].texts(sari.id)) == 2)
        await ours.say(sari, "Kirim")
        assert await ours.rows("SELECT description FROM tickets") == [(STORY,)]
