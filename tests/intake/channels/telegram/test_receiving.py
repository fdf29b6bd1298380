"""What must hold however updates come: in order, once, confirmed after the commit."""

import asyncio
import io

import aiohttp
import pytest

from core.jobs.raw_messages import RawMessages
from core.runtime import Runtime
from tests.builders import TOKEN as POSTER
from tests.intake.channels.telegram.fake import TOKEN, FakeTelegram, Person
from tests.intake.channels.telegram.house import House, house
from tests.intake.channels.telegram.test_files import lay, stored
from tests.intake.chat.breaking import break_messages, mend_messages

STORY = "Toilet di lorong depan kotor sejak kemarin."


async def pending(fake: FakeTelegram) -> int:
    """Count the updates that Telegram still keeps."""
    return int(fake._update_queues.info(TOKEN)["pending_update_count"])


async def test_a_wrong_secret_is_refused_and_the_update_stays(webhook: House, sari: Person) -> None:
    update = {"update_id": 1, **sari.text("halo")}

    for secret in ("wrong", None, "ü"):
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        path = webhook.settings.path(webhook.runtime.secret)
        async with aiohttp.ClientSession() as session:
            url = webhook.url + path
            async with session.post(url, json=update, headers=headers) as answer:
                assert answer.status == 403
    assert await webhook.rows("SELECT count(*) FROM inbound") == [(0,)]
    assert await webhook.post(update) == 200
    assert await webhook.rows("SELECT count(*) FROM inbound") == [(1,)]


async def test_neither_path_nor_rows_hold_the_token(webhook: House, sari: Person) -> None:
    lay(webhook, "F1")
    await webhook.say(sari, f"/start u_{POSTER}", STORY)
    await webhook.do(sari, sari.photo("F1"))
    await webhook.say(sari, "Kirim")
    await webhook.until(lambda: stored(webhook, 1))

    assert TOKEN not in webhook.settings.path(webhook.runtime.secret)
    for table in ("inbound", "deliveries", "chat_files", "ticket_attachments", "chat_sessions"):
        rows = await webhook.rows(f"SELECT * FROM {table}")
        assert rows, table
        assert TOKEN not in str(rows)


async def test_what_is_no_update_is_set_aside_and_answered_200(
    webhook: House, sari: Person
) -> None:
    path = webhook.url + webhook.settings.path(webhook.runtime.secret)
    header = {"X-Telegram-Bot-Api-Secret-Token": webhook.settings.secret(webhook.runtime.secret)}
    bad = (b"", b"{", b"[1]", b'"x"', b"\xff\xfe", b"[" * 100_000, b"x" * 2_000_000)

    async with aiohttp.ClientSession() as session:
        for body in bad:
            async with session.post(path, data=io.BytesIO(body), headers=header) as answer:
                assert answer.status == 200
    assert await webhook.post({"update_id": 7, "message": {"chat": {"id": sari.id}}}) == 200
    assert await webhook.post({"update_id": 8, "strange": {}}) == 200

    rows = await webhook.rows("SELECT status, last_error FROM inbound ORDER BY seq")
    assert {status for status, _ in rows} == {"quarantined"}
    assert all(error for _, error in rows)
    assert await webhook.say(sari, f"/start u_{POSTER}")


async def test_a_poison_update_in_a_batch_blocks_nobody(polling: House, sari: Person) -> None:
    other = Person(polling.telegram, id=5002)
    poison = {"message": {"message_id": 1, "chat": sari.chat, "text": "no date"}}

    await polling.update(
        poison, sari.text("/start"), {"callback_query": {"id": "1"}}, other.text("/start")
    )
    await polling.until(
        lambda: polling.telegram.texts(sari.id) and polling.telegram.texts(other.id)
    )

    await polling.until(lambda: emptied(polling.telegram))
    rows = await polling.rows("SELECT status, count(*) FROM inbound GROUP BY 1 ORDER BY 1")
    assert rows == [("done", 2), ("quarantined", 2)]


async def emptied(fake: FakeTelegram) -> bool:
    return await pending(fake) <= 1  # the last is confirmed by the next poll


async def test_the_same_update_a_hundred_times_on_two_replicas_is_heard_once(
    runtime: Runtime, fake: tuple[FakeTelegram, str], sari: Person
) -> None:
    async with (
        house(runtime, *fake, mode="webhook") as one,
        house(runtime, *fake, mode="webhook", works=False) as other,
    ):
        updates = [sari.text(f"/start u_{POSTER}"), sari.text(STORY), sari.text("Kirim")]
        for number, update in enumerate(updates):
            told = {"update_id": 1000 + number, **update}
            statuses = await asyncio.gather(
                *[(one if turn % 2 else other).post(told) for turn in range(100)]
            )
            assert set(statuses) <= {200, 503}  # 503: come back, every connection is busy
            assert await other.post(told) == 200
        await one.quiet()

        assert await one.rows("SELECT count(*) FROM tickets") == [(1,)]
        assert await one.rows("SELECT count(*) FROM messages") == [(1,)]
        assert await one.rows("SELECT count(*) FROM inbound") == [(3,)]
        assert len(fake[0].texts(sari.id)) == 3


async def test_a_press_resent_under_a_new_number_files_nothing_twice(
    webhook: House, sari: Person
) -> None:
    await webhook.say(sari, f"/start u_{POSTER}", STORY)
    press = sari.pressed("send:2:")

    await asyncio.gather(*[webhook.post({"update_id": 2000 + n, **press}) for n in range(10)])
    await webhook.quiet()

    assert await webhook.rows("SELECT count(*) FROM tickets") == [(1,)]


async def test_words_and_a_press_at_once_on_two_replicas_lose_nothing(
    runtime: Runtime, fake: tuple[FakeTelegram, str], sari: Person
) -> None:
    async with (
        house(runtime, *fake, mode="webhook") as one,
        house(runtime, *fake, mode="webhook", works=False) as other,
    ):
        await one.say(sari, f"/start u_{POSTER}", STORY)
        await asyncio.gather(
            one.post({"update_id": 3000, **sari.text("Baunya sampai ke kamar.")}),
            other.post({"update_id": 3001, **sari.text("Kirim")}),
            other.post({"update_id": 3002, **sari.text("Kirim")}),
        )
        await one.quiet()
        await one.say(sari, "Kirim")

        rows = await one.rows("SELECT body FROM messages")
        states = await one.rows("SELECT state::text FROM chat_sessions")
        assert await one.rows("SELECT count(*) FROM tickets") == [(1,)]
        assert "Baunya" in str(rows) + str(states)


async def test_updates_of_one_chat_are_understood_in_their_order(
    polling: House, sari: Person
) -> None:
    words = [f"bagian {number} dari cerita saya" for number in range(12)]

    await polling.update(
        sari.text(f"/start u_{POSTER}"), sari.text("Keluhan"), *[sari.text(each) for each in words]
    )
    await polling.until(lambda: inside(polling, words[-1]))
    await polling.say(sari, "Lanjut", "Kirim")

    assert await polling.rows("SELECT description FROM tickets") == [("\n".join(words),)]


async def inside(house: House, words: str) -> bool:
    return words in str(await house.rows("SELECT state::text FROM chat_sessions"))


async def test_only_one_of_two_processes_polls_and_the_other_takes_over(
    runtime: Runtime, fake: tuple[FakeTelegram, str], sari: Person
) -> None:
    async with house(runtime, *fake) as one:
        await one.say(sari, "/start")
        async with house(runtime, *fake, works=False) as other:
            await asyncio.sleep(0.5)
            conflicts = [each for each in fake[0].requests if each["status"] == 409]
            assert conflicts == []
            pids = await one.rows(
                "SELECT pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                " WHERE datname = current_database()"
                " AND locktype = 'advisory' AND classid = 5523277"
            )
            assert len(pids) == 1
            await one.rows("SELECT pg_terminate_backend(:pid)", pid=pids[0][0])
            await other.say(sari, "halo")


async def test_commands_are_set_in_both_languages_once(polling: House) -> None:
    await polling.until(lambda: polling.telegram.commands.keys() >= {"", "en"})

    names = {language: [each["command"] for each in menu]
             for language, menu in polling.telegram.commands.items()}  # fmt: skip
    assert "lapor" in names[""]
    assert "report" in names["en"]
    assert polling.telegram.calls["setMyCommands"] == 2
    assert polling.telegram.calls["setWebhook"] == 0


async def test_the_webhook_is_told_once_and_only_if_it_is_another(
    runtime: Runtime, fake: tuple[FakeTelegram, str]
) -> None:
    async with house(runtime, *fake, mode="webhook") as served:
        await served.until(lambda: fake[0].commands.keys() >= {"", "en"})
        info = fake[0]._update_queues.info(TOKEN)
        assert info["url"] == served.url + served.settings.path(runtime.secret)
        assert fake[0].calls["setWebhook"] == 1


async def test_polling_removes_a_webhook_that_was_left_over(
    runtime: Runtime, fake: tuple[FakeTelegram, str], sari: Person
) -> None:
    await fake[0]._update_queues.set_webhook(TOKEN, {"url": "https://old.example.org/hook"})

    async with house(runtime, *fake) as served:
        assert await served.say(sari, "/start")


@pytest.mark.parametrize("fault", [(502, "Bad Gateway"), (500, "Internal"), (429, "Too Many")])
async def test_polling_survives_what_telegram_answers(
    polling: House, sari: Person, fault: tuple[int, str]
) -> None:
    parameters = {"retry_after": 1} if fault[0] == 429 else {}
    polling.telegram.fail("getUpdates", *fault, parameters=parameters)

    assert await polling.say(sari, "/start")


async def test_an_operator_lets_what_was_set_aside_be_understood_again(
    webhook: House, sari: Person, owner_url: str
) -> None:
    await webhook.say(sari, f"/start u_{POSTER}", STORY)
    await break_messages(owner_url, "Toilet")
    try:
        apology = await webhook.say(sari, "Kirim")
    finally:
        await mend_messages(owner_url)
    [(inbound_id,)] = await webhook.rows("SELECT id FROM inbound WHERE status = 'quarantined'")

    assert await RawMessages(webhook.runtime).retry(inbound_id)
    await webhook.until(lambda: filed(webhook))
    await webhook.quiet()

    assert "belum bisa diproses" in apology
    assert await webhook.rows("SELECT status FROM inbound WHERE id = :id", id=inbound_id) == [
        ("done",)
    ]
    assert "TKT-" in webhook.telegram.texts(sari.id)[-1]


async def filed(house: House) -> bool:
    return await house.rows("SELECT description FROM tickets") == [(STORY,)]


async def test_what_nobody_can_read_stays_for_a_person_to_look_at(
    webhook: House, sari: Person
) -> None:
    await webhook.post({"update_id": 7, "message": {"chat": {"id": sari.id}}})
    [(inbound_id,)] = await webhook.rows("SELECT id FROM inbound WHERE status = 'quarantined'")

    assert await RawMessages(webhook.runtime).retry(inbound_id)
    await webhook.until(lambda: quarantined_again(webhook))


async def quarantined_again(house: House) -> bool:
    return await house.rows("SELECT status, attempts FROM inbound") == [("quarantined", 1)]
