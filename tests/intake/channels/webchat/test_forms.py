"""The chat as plain forms, without any script."""

import asyncio
from uuid import UUID

from sqlalchemy import text

from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.file_names import revealed
from tests.builders import MELATI, OFFICER, TOKEN, set_to
from tests.intake.channels.webchat.visiting import Visitor, message_id, served, visitor

STORY = "Toilet di lorong depan kotor sejak kemarin, mohon dibersihkan."


async def tickets(runtime: Runtime) -> list[tuple[object, ...]]:
    async with transaction(runtime.database) as session:
        query = "SELECT id, ticket_number, unit_id, source, description FROM tickets ORDER BY 2"
        return [tuple(row) for row in await session.execute(text(query))]


async def test_a_poster_leads_to_a_ticket_and_its_answer_into_the_chat(
    runtime: Runtime, guest: Visitor
) -> None:
    first = await guest.open(f"/chat?u={TOKEN}")
    await guest.say(STORY)
    page = await guest.press("Kirim")

    [(ticket_id, number, unit, source, words)] = await tickets(runtime)
    assert "Ruang Melati" in first.said[0]
    assert (unit, source, words) == (MELATI, "webchat", STORY)
    assert str(number) in page.said[-1]
    assert page.mine == [STORY, "Kirim"]

    await Casework(runtime).reply(UUID(str(ticket_id)), "Sudah dibersihkan.", by=OFFICER)
    for _ in range(200):
        page = await guest.open()
        if "Sudah dibersihkan." in page.said[-1]:
            break
        await asyncio.sleep(0.05)
    assert "Sudah dibersihkan." in page.said[-1]


async def test_looking_makes_nothing(runtime: Runtime, guest: Visitor) -> None:
    page = await guest.open(f"/chat?u={TOKEN}")

    async with transaction(runtime.database) as session:
        assert await session.scalar(text("SELECT count(*) FROM chat_sessions")) == 0
    assert page.status == 200
    assert page.said
    assert "Kirim" not in page.buttons()


async def test_a_sending_told_twenty_times_is_heard_once(guest: Visitor) -> None:
    await guest.open(f"/chat?u={TOKEN}")
    fields = guest.page.hidden()

    pages = await asyncio.gather(
        *[guest.session.post("/chat", data=fields | {"say": STORY}) for _ in range(20)]
    )

    assert {page.status for page in pages} == {200}
    page = await guest.open()
    assert page.mine == [STORY]


async def test_the_link_opens_the_chat_elsewhere_and_nothing_else_does(
    guest: Visitor, home: str
) -> None:
    await guest.open(f"/chat?u={TOKEN}")
    await guest.say(STORY)
    [shown] = guest.page.tree.css(".code")
    link = shown.text(strip=True)
    path = "/chat/" + link.rsplit("/", 1)[1]

    async with visitor(home) as elsewhere:
        found = await elsewhere.open(path)
        assert found.mine == [STORY]
        assert path not in found.url
    async with visitor(home) as stranger:
        changed = path[:-3] + ("AAA" if not path.endswith("AAA") else "BBB")
        found = await stranger.open(changed)
        assert found.mine == []


async def test_files_come_with_their_words_and_are_on_the_ticket(
    runtime: Runtime, guest: Visitor
) -> None:
    await guest.open(f"/chat?u={TOKEN}")
    files = {"foto.jpg": b"\xff\xd8\xff not really", "surat.pdf": b"%PDF-1.4\n"}
    await guest.send(files, say=STORY)
    await guest.press("Kirim")

    async with transaction(runtime.database) as session:
        rows = await session.execute(
            text("SELECT file_name, file_size, status FROM ticket_attachments ORDER BY position")
        )
        names = [revealed(runtime.secret, row.file_name) for row in rows]
    assert names == ["foto.jpg", "surat.pdf"]


async def test_a_form_from_another_site_is_refused(guest: Visitor) -> None:
    await guest.open()
    headers = {"Sec-Fetch-Site": "cross-site"}
    fields = guest.page.hidden() | {"say": STORY}

    async with guest.session.post("/chat", data=fields, headers=headers) as answer:
        assert answer.status == 403


async def test_a_file_over_the_limit_is_refused_in_words_and_the_words_stay(
    runtime: Runtime, guest: Visitor
) -> None:
    await guest.open(f"/chat?u={TOKEN}")
    page = await guest.send({"film.mp4": bytes(20_000_100)}, say=STORY)
    await guest.press("Kirim")

    assert "20 MB" in " ".join(page.said)
    [(_, _, _, _, words)] = await tickets(runtime)
    assert words == STORY
    async with transaction(runtime.database) as session:
        assert await session.scalar(text("SELECT count(*) FROM ticket_attachments")) == 0


async def test_a_poster_scanned_in_a_chat_that_has_a_draft_asks_which(guest: Visitor) -> None:
    await guest.open("/chat")
    await guest.say("Antrean obat sangat lama hari ini, sudah tiga jam.")
    page = await guest.open(f"/chat?u={TOKEN}")

    assert "Ruang Melati" in page.said[-1]
    assert "Antrean obat" in page.said[-1]

    page = await guest.press("Lanjutkan")
    assert page.mine[-1] == "Lanjutkan"


async def test_two_tabs_send_one_report_once(runtime: Runtime, guest: Visitor) -> None:
    await guest.open(f"/chat?u={TOKEN}")
    await guest.say(STORY)
    press = guest.page.buttons()["Kirim"]
    sealed = {"chat": guest.page.hidden()["chat"]}

    await asyncio.gather(
        *[guest.session.post("/chat", data=sealed | {"press": press}) for _ in range(5)]
    )

    assert len(await tickets(runtime)) == 1


async def test_hostile_words_are_shown_as_words(guest: Visitor) -> None:
    words = '<script>alert(1)</script> {{ 7*7 }} "><img src=x onerror=alert(1)>'
    await guest.open(f"/chat?u={TOKEN}")
    page = await guest.say(words)

    assert words in page.mine
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


async def test_a_chat_goes_on_after_a_restart(runtime: Runtime, guest: Visitor) -> None:
    await guest.open(f"/chat?u={TOKEN}")
    await guest.say(STORY)
    key = guest.page.hidden()["chat"]

    async with served(runtime) as again, visitor(again) as same:
        page = await same.open(f"/chat/{key}")
        assert page.mine == [STORY]
        await same.press("Kirim")

    assert len(await tickets(runtime)) == 1


async def test_a_file_over_the_operators_limit_is_not_kept_and_the_person_hears_of_it(
    runtime: Runtime,
) -> None:
    async with served(set_to(runtime, file_limit=500_000)) as url, visitor(url) as guest:
        await guest.open(f"/chat?u={TOKEN}")
        small, large = {"kecil.txt": b"halo"}, {"besar.txt": b"halo " * 100_001}
        await guest.send(files=large, say=STORY)
        refused = guest.page.said
        await guest.send(files=small, say="")
        await guest.press("Kirim")

    async with transaction(runtime.database) as session:
        names = list(await session.scalars(text("SELECT file_name FROM ticket_attachments")))
    assert any("0,5 MB" in said for said in refused)
    assert [revealed(runtime.secret, name) for name in names] == ["kecil.txt"]


async def words_of(runtime: Runtime) -> list[str]:
    async with transaction(runtime.database) as session:
        query = "SELECT body FROM messages WHERE author = 'submitter' ORDER BY received_at, id"
        return list(await session.scalars(text(query)))


async def test_a_message_changed_after_a_lost_answer_is_kept_and_told_again_is_not(
    runtime: Runtime, guest: Visitor
) -> None:
    await guest.open(f"/chat?u={TOKEN}")
    fields = guest.page.hidden()
    changed = "Air di toilet itu juga tidak mengalir."
    for say in (STORY, STORY, changed, STORY, changed):
        await guest.session.post("/chat", data=fields | {"say": say})
    page = await guest.open()

    assert page.mine == [STORY, changed]
    await guest.press("Kirim")
    assert await words_of(runtime) == [f"{STORY}\n{changed}"]


async def test_a_button_pressed_after_a_lost_answer_is_no_repeat_of_the_words(
    runtime: Runtime, guest: Visitor
) -> None:
    await guest.open(f"/chat?u={TOKEN}")
    fields = guest.page.hidden()
    await guest.session.post("/chat", data=fields | {"say": STORY})
    press = (await guest.open()).buttons()["Kirim"]
    for _ in range(2):
        await guest.session.post("/chat", data=fields | {"press": press})

    assert await words_of(runtime) == [STORY]


async def test_a_message_changed_after_the_report_is_on_its_ticket_too(
    runtime: Runtime, guest: Visitor
) -> None:
    await guest.open(f"/chat?u={TOKEN}")
    await guest.say(STORY)
    await guest.press("Kirim")
    fields = guest.page.hidden()
    for say in ("Masih bau.", "Masih bau, dan lantainya licin.", "Masih bau."):
        await guest.session.post("/chat", data=fields | {"say": say})

    assert await words_of(runtime) == [STORY, "Masih bau.", "Masih bau, dan lantainya licin."]


async def test_a_tab_opened_before_the_chat_began_goes_on_in_it(
    runtime: Runtime, guest: Visitor
) -> None:
    await guest.open()
    early = guest.page.hidden()
    await guest.open()
    await guest.say(STORY)
    await guest.session.post("/chat", data=early | {"say": "Baunya sampai ke lorong."})
    page = await guest.open()

    assert page.mine == [STORY, "Baunya sampai ke lorong."]
    async with transaction(runtime.database) as session:
        assert await session.scalar(text("SELECT count(*) FROM chat_sessions")) == 1


async def test_words_after_a_report_are_on_its_ticket_and_a_button_moves_them_once(
    runtime: Runtime, guest: Visitor
) -> None:
    await guest.open(f"/chat?u={TOKEN}")
    await guest.say(STORY)
    await guest.press("Kirim")
    page = await guest.say("Lampu parkiran motor mati semua.")
    [(_, number, *_)] = await tickets(runtime)
    assert str(number) in page.said[-1]
    button = page.buttons()["Bukan, ini laporan baru"]

    for _ in range(3):
        await guest.send(press=button, say="")
    await guest.press("Tidak tahu")
    await guest.press("Kirim")
    await guest.send(press=button, say="")

    assert len(await tickets(runtime)) == 2
    assert await words_of(runtime) == [STORY, *["Lampu parkiran motor mati semua."] * 2]


async def test_words_and_the_send_in_one_moment_lose_nothing_whichever_is_first(
    runtime: Runtime, home: str
) -> None:
    more = "Baunya sampai ke ruang tunggu."
    for first, then in (("say", "press"), ("press", "say"), ("both", "")):
        async with visitor(home) as guest:
            await guest.open(f"/chat?u={TOKEN}")
            await guest.say(STORY)
            sealed = {"chat": guest.page.hidden()["chat"]}
            fields = {
                "say": sealed | {"say": more, "id": message_id()},
                "press": sealed | {"press": guest.page.buttons()["Kirim"], "id": message_id()},
            }
            if first == "both":
                await asyncio.gather(
                    *[guest.session.post("/chat", data=each) for each in fields.values()]
                )
            else:
                for each in (first, then):
                    await guest.session.post("/chat", data=fields[each])

    said = await words_of(runtime)
    assert len(await tickets(runtime)) == 3
    assert "\n".join(said).count(STORY) == "\n".join(said).count(more) == 3
