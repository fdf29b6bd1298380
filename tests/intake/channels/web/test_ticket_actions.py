import aiohttp

from core.runtime import Runtime
from core.tickets.casework import Casework
from tests.builders import OFFICER, Hands
from tests.intake.channels.web.forms import Page, get, post
from tests.intake.channels.web.tickets import PNG, filed, rows


async def test_a_follow_up_with_a_file_lands_on_the_ticket_once(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    page = await get(visitor, f"/t/{receipt.tracking_code}")
    fields = page.fields() | {"story": "Sekarang air juga mati."}

    for _ in range(2):
        after = await post(visitor, "/tracking/message", fields, {"keran.png": PNG})

    assert after.one("[role=status] h2") == "Sudah ditambahkan"
    assert after.all(".message.yours .said")[1:] == ["Sekarang air juga mati."]
    assert await rows(runtime, "SELECT file_name, file_size FROM ticket_attachments") == [
        {"file_name": "keran.png", "file_size": len(PNG)}
    ]
    assert await rows(runtime, "SELECT count(*) FROM tickets") == [{"count": 1}]


async def test_an_addition_edited_after_it_arrived_adds_the_new_words(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    page = await get(visitor, f"/t/{(await filed(runtime)).tracking_code}")

    for story in ("Lampu mati.", "Lampu mati.", "Lampu dan kipas mati."):
        after = await post(visitor, "/tracking/message", page.fields() | {"story": story})

    assert after.all(".message.yours .said")[1:] == ["Lampu mati.", "Lampu dan kipas mati."]


async def test_the_same_words_from_a_page_brought_again_by_back_are_asked_about(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)

    async def send(story: str, page: Page | None = None) -> Page:
        page = page or await get(visitor, f"/t/{receipt.tracking_code}")
        return await post(visitor, "/tracking/message", page.fields() | {"story": story})

    await send("Lampu mati.")
    asked = await send("Lampu mati.")
    other = await send("Kipas mati.")
    meant = await send("Lampu mati.", asked)

    assert asked.status == 409
    assert asked.one("[role=status] h2") == "Anda sudah mengirim persis ini"
    assert asked.fields()["story"] == "Lampu mati."
    assert other.all(".message.yours .said")[1:] == ["Lampu mati.", "Kipas mati."]
    assert meant.all(".message.yours .said")[1:] == ["Lampu mati.", "Kipas mati.", "Lampu mati."]


async def test_the_same_words_much_later_are_said_once_more(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    receipt = await filed(runtime)

    for _ in range(2):
        page = await get(visitor, f"/t/{receipt.tracking_code}")
        after = await post(visitor, "/tracking/message", page.fields() | {"story": "Lampu mati."})
        hands.move(minutes=16)

    assert after.all(".message.yours .said")[1:] == ["Lampu mati.", "Lampu mati."]


async def test_words_of_danger_added_later_point_to_the_numbers(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    page = await get(visitor, f"/t/{(await filed(runtime)).tracking_code}")
    story = "Sekarang ibu saya pingsan dan tidak bernapas!"

    after = await post(visitor, "/tracking/message", page.fields() | {"story": story})

    assert after.one("[role=status] h2") == "Ada yang dalam bahaya sekarang?"
    assert after.all(".message.yours .said")[-1] == story


async def test_an_empty_follow_up_is_asked_for_words_and_keeps_its_page(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    page = await get(visitor, f"/t/{(await filed(runtime)).tracking_code}")

    after = await post(visitor, "/tracking/message", page.fields())

    assert after.status == 422
    assert len(after.all("#story-problem")) == 1
    assert len(after.all(".timeline")) == 1


async def test_one_tap_closes_and_stars_are_kept(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    await Casework(runtime).resolve(receipt.ticket_id, "AC sudah dingin.", by=OFFICER)
    page = await get(visitor, f"/t/{receipt.tracking_code}")

    closed = await post(visitor, "/tracking/solved", {"solved": "yes"})
    again = await post(visitor, "/tracking/solved", {"solved": "yes"})
    rated = await post(visitor, "/tracking/rating", {"stars": "4"})
    ignored = [await post(visitor, "/tracking/rating", {"stars": s}) for s in ("", "9", "x")]

    assert page.one("#solved") == "Sudah selesai?"
    assert closed.one(".badge") == "Ditutup"
    assert again.status == 200
    assert rated.one("[role=status] h2") == "Terima kasih"
    assert {answer.status for answer in ignored} == {200}
    [ticket] = await rows(runtime, "SELECT status, rating FROM tickets")
    assert ticket == {"status": "closed", "rating": 4}


async def test_not_yet_opens_it_again_once(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    await Casework(runtime).resolve(receipt.ticket_id, "Sudah.", by=OFFICER)
    await get(visitor, f"/t/{receipt.tracking_code}")

    for _ in range(2):
        page = await post(visitor, "/tracking/solved", {"solved": "no"})

    assert page.one("[role=status] h2") == "Dibuka kembali"
    assert await rows(runtime, "SELECT status FROM tickets") == [{"status": "open"}]
    assert page.all(".message.yours .said")[1:] == ["Belum selesai."]


async def test_words_and_a_file_go_with_solved_and_open_nothing(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    await Casework(runtime).resolve(receipt.ticket_id, "AC sudah dingin.", by=OFFICER)
    page = await get(visitor, f"/t/{receipt.tracking_code}")
    fields = page.fields() | {"story": "Terima kasih, sudah dingin sejak pagi.", "solved": "yes"}

    for _ in range(2):
        after = await post(visitor, "/tracking/solved", fields, {"ac.png": PNG})

    assert after.one(".badge") == "Ditutup"
    assert after.all(".message.yours .said")[1:] == ["Terima kasih, sudah dingin sejak pagi."]
    assert len(after.all(".message.yours .files li")) == 1
    assert await rows(runtime, "SELECT status FROM tickets") == [{"status": "closed"}]


async def test_words_go_with_not_yet_in_place_of_ours(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    await Casework(runtime).resolve(receipt.ticket_id, "Sudah.", by=OFFICER)
    page = await get(visitor, f"/t/{receipt.tracking_code}")
    fields = page.fields() | {"story": "Masih menetes di malam hari.", "solved": "no"}

    for _ in range(2):
        after = await post(visitor, "/tracking/solved", fields)

    assert after.all(".message.yours .said")[1:] == ["Masih menetes di malam hari."]
    assert await rows(runtime, "SELECT status FROM tickets") == [{"status": "open"}]


async def test_words_with_solved_are_kept_where_the_report_moved_on(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    await Casework(runtime).resolve(receipt.ticket_id, "Sudah.", by=OFFICER)
    page = await get(visitor, f"/t/{receipt.tracking_code}")
    await Casework(runtime).reopen(receipt.ticket_id, by=OFFICER)
    fields = page.fields() | {"story": "Terima kasih.", "solved": "yes"}

    after = await post(visitor, "/tracking/solved", fields)

    assert after.all(".message.yours .said")[1:] == ["Terima kasih."]
    assert (await rows(runtime, "SELECT status FROM tickets"))[0]["status"] != "closed"


async def test_words_with_solved_wait_until_the_code_is_given_again(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    await Casework(runtime).resolve(receipt.ticket_id, "Sudah.", by=OFFICER)
    page = await get(visitor, f"/t/{receipt.tracking_code}")
    fields = page.fields() | {"story": "Terima kasih.", "solved": "yes"}
    visitor.cookie_jar.clear()

    after = await post(visitor, "/tracking/solved", fields)

    assert after.status == 401
    assert "Terima kasih." in after.text


async def test_words_on_a_ticket_closed_long_ago_become_a_new_one(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    receipt = await filed(runtime)
    await Casework(runtime).close(receipt.ticket_id, "Selesai.", by=OFFICER)
    hands.move(days=60)
    page = await get(visitor, f"/t/{receipt.tracking_code}")

    thanks = await post(visitor, "/tracking/message", page.fields() | {"story": "Rusak lagi."})
    opened = await get(visitor, "/tracking")

    assert thanks.path.startswith("/thanks/")
    assert thanks.one(".number") == opened.one("h1") != receipt.number
