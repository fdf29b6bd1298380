"""Files: fetched after acceptance, with patience; too large ones refused before."""

from io import BytesIO

from PIL import Image

from core.runtime import Runtime
from core.tickets.file_names import revealed
from tests.builders import TOKEN as POSTER
from tests.builders import set_to
from tests.core.ground.fake_s3 import fake_s3
from tests.intake.channels.telegram.fake import TOKEN, FakeTelegram, Person
from tests.intake.channels.telegram.house import House, house
from tests.intake.uploads.cleaning import canaries
from tests.intake.uploads.cleaning.canaries import CANARY, everything_in
from tests.intake.uploads.cleaning.working import in_storage, in_tables
from tests.stores import with_bucket

STORY = "Toilet di lorong depan kotor sejak kemarin."


def jpeg(shade: int = 90) -> bytes:
    """Draw a small picture."""
    drawn = BytesIO()
    Image.new("RGB", (40, 30), (shade, 120, 110)).save(drawn, "JPEG")
    return drawn.getvalue()


def lay(house: House, *refs: str, data: bytes | None = None) -> None:
    """Let Telegram keep pictures under these ids."""
    for number, ref in enumerate(refs):
        content = data if data is not None else jpeg(10 * number)
        house.telegram.assets[ref] = {"filename": ref, "data": content, "size": len(content)}


async def stored(house: House, count: int) -> bool:
    query = "SELECT count(*) FROM ticket_attachments WHERE status = 'stored' AND file_path <> ''"
    return await house.rows(query) == [(count,)]


async def test_an_album_of_ten_is_one_answer_and_ten_attachments(
    polling: House, sari: Person
) -> None:
    refs = [f"F{number}" for number in range(10)]
    lay(polling, *refs)
    await polling.say(sari, f"/start u_{POSTER}")
    before = len(polling.telegram.texts(sari.id))

    album = [sari.photo(ref, media_group_id="g1") for ref in refs]
    album[3]["message"]["caption"] = STORY
    await polling.update(*album)
    await polling.until(lambda: len(polling.telegram.texts(sari.id)) > before)
    await polling.until(lambda: inside(polling, "F9"))
    await polling.quiet()
    answers = len(polling.telegram.texts(sari.id)) - before
    await polling.say(sari, "Kirim")

    await polling.until(lambda: stored(polling, 10))
    rows = await polling.rows(
        "SELECT mime_type, display_path IS NOT NULL, remote_ref FROM ticket_attachments"
    )
    assert answers == 1
    assert set(rows) == {("image/jpeg", True, None)}
    assert await polling.rows("SELECT description FROM tickets") == [(STORY,)]


async def test_a_photo_is_fetched_and_waits_here_while_the_store_is_away(
    runtime: Runtime, fake: tuple[FakeTelegram, str], sari: Person
) -> None:
    async with fake_s3() as s3:
        s3.fault = "refuses"
        ill = with_bucket(runtime, s3)
        async with house(ill, *fake) as served:
            lay(served, "F1")
            await served.say(sari, f"/start u_{POSTER}", STORY)
            await served.do(sari, sari.photo("F1"))
            await served.say(sari, "Kirim")
            await served.until(lambda: stored(served, 1))
            await served.until(lambda: cleaned(served))  # until then its key changes
            [(key,)] = await served.rows("SELECT file_path FROM ticket_attachments")
        await ill.storage.close()

    assert ill.storage.spool.holds(str(key))


async def inside(house: House, words: str) -> bool:
    return words in str(await house.rows("SELECT state::text FROM chat_sessions"))


async def test_a_voice_note_is_the_report(polling: House, sari: Person) -> None:
    lay(polling, "V1", data=b"OggS" + bytes(100))
    await polling.say(sari, f"/start u_{POSTER}")
    await polling.do(sari, sari.voice("V1", 32))
    await polling.say(sari, "Kirim")

    [(words,)] = await polling.rows("SELECT description FROM tickets")
    assert "0:32" in words
    await polling.until(lambda: fetched(polling))
    [(name, size)] = await polling.rows("SELECT file_name, file_size FROM ticket_attachments")
    assert revealed(polling.runtime.secret, str(name)).endswith(".ogg")  # hidden once cleaned
    assert size == 104


async def fetched(house: House) -> bool:
    return await house.rows("SELECT count(*) FROM chat_files WHERE status = 'pending'") == [(0,)]


async def test_over_twenty_megabytes_is_refused_kindly_and_never_asked_for(
    polling: House, sari: Person
) -> None:
    await polling.say(sari, f"/start u_{POSTER}")

    await polling.do(sari, sari.document("BIG", 20_000_001))
    refused = polling.telegram.texts(sari.id)[1]
    await polling.say(sari, STORY, "Kirim")

    assert "20 MB" in refused
    assert polling.telegram.calls["getFile"] == 0
    assert await polling.rows("SELECT count(*) FROM ticket_attachments") == [(0,)]


async def test_a_file_that_fails_at_first_is_fetched_again(polling: House, sari: Person) -> None:
    lay(polling, "F1")
    for fault in ((502, "Bad Gateway"), (429, "Too Many")):
        polling.telegram.fail("getFile", *fault, parameters={"retry_after": 1})

    await polling.say(sari, f"/start u_{POSTER}", STORY)
    await polling.do(sari, sari.photo("F1"))
    await polling.say(sari, "Kirim")
    await polling.until(lambda: stored(polling, 1))

    assert polling.telegram.calls["getFile"] == 1
    assert await polling.rows("SELECT attempts FROM chat_files") == [(3,)]


async def test_a_file_that_is_gone_is_said_to_be_and_the_report_stands(
    polling: House, sari: Person
) -> None:
    await polling.say(sari, f"/start u_{POSTER}", STORY)
    await polling.do(sari, sari.photo("NOWHERE"))
    await polling.say(sari, "Kirim")
    await polling.until(lambda: fetched(polling))

    [(status, reason)] = await polling.rows("SELECT status, reason FROM ticket_attachments")
    assert (status, reason) == ("failed", "not_fetched")


async def test_files_of_a_follow_up_come_too(polling: House, sari: Person) -> None:
    lay(polling, "F1")
    await polling.report(sari, STORY)
    await polling.do(sari, sari.press("Cek status"))
    await polling.do(sari, sari.press("Tambah keterangan"))
    await polling.do(sari, sari.photo("F1", caption="Ini fotonya"))

    await polling.until(lambda: stored(polling, 1))
    bodies = await polling.rows("SELECT body FROM messages ORDER BY received_at, id")
    assert bodies[-1] == ("Ini fotonya",)
    assert TOKEN not in str(await polling.rows("SELECT * FROM chat_files"))


async def test_a_file_over_the_operators_limit_is_refused_or_not_kept_when_it_lied(
    runtime: Runtime, fake: tuple[FakeTelegram, str], sari: Person
) -> None:
    async with house(set_to(runtime, file_limit=2000), *fake) as served:
        lay(served, "HONEST", "LIES", data=b"a" * 2001)
        await served.say(sari, f"/start u_{POSTER}", STORY)
        told = len(served.telegram.texts(sari.id))
        await served.do(sari, sari.document("HONEST", 2001))
        refused = served.telegram.texts(sari.id)[told]
        await served.do(sari, sari.document("LIES", 100))
        await served.say(sari, "Kirim")
        await served.until(lambda: fetched(served))

        rows = await served.rows("SELECT status, reason, file_path FROM ticket_attachments")
    assert "0,002 MB" in refused
    assert served.telegram.calls["getFile"] == 1
    assert rows == [("failed", "file_too_large", "")]


async def test_nobody_finds_an_anonymous_person_in_what_they_sent(
    runtime: Runtime, polling: House, sari: Person
) -> None:
    content = canaries.pdf()
    lay(polling, "D1", data=content)
    document = sari.document("D1", len(content))
    document["message"]["document"]["file_name"] = f"rumah {CANARY}.pdf"
    await polling.say(sari, f"/start u_{POSTER}", STORY)
    await polling.do(sari, document)
    await polling.say(sari, "Kirim")

    await polling.until(lambda: cleaned(polling))
    await polling.quiet()

    assert await polling.rows("SELECT is_anonymous FROM tickets") == [(True,)]
    assert CANARY not in await in_tables(runtime)
    kept = in_storage(runtime)
    assert not [path for path, one in kept.items() if CANARY.encode() in everything_in(one)]


async def cleaned(house: House) -> bool:
    return await house.rows("SELECT status FROM cleanings") == [("done",)]
