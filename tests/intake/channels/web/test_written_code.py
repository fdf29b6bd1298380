"""A tracking code typed where words are asked for: no report of its own, and its report opens."""

import aiohttp
import pytest

from core.runtime import Runtime
from core.tickets.casework import Casework
from intake.pages.kiosk import Kiosk
from tests.builders import OFFICER, TOKEN, Hands
from tests.intake.channels.web.forms import Page, filled, get, post
from tests.intake.channels.web.tickets import PNG, filed, rows

HERE = Kiosk(TOKEN)
OPEN = "form[action='/tracking/code'] [name=code]"


async def tickets(runtime: Runtime) -> list[object]:
    found = await rows(runtime, "SELECT description FROM tickets ORDER BY created_at, id")
    return [row["description"] for row in found]


async def opened(visitor: aiohttp.ClientSession, page: Page) -> Page:
    """Press the button that opens the other report."""
    return await post(visitor, "/tracking/code", {"code": page.attribute(OPEN, "value")})


@pytest.mark.parametrize(
    "story",
    [
        "{code}",
        "Halo, ini kode saya {code}",
        "https://rs.example.org/t/{code}",
        "Nomor laporan\n{number}\nKode pelacakan\n{code}\nSalin kode",
    ],
)
async def test_a_story_that_is_a_code_opens_its_report_and_files_nothing(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands, story: str
) -> None:
    receipt = await filed(runtime)
    story = story.format(code=receipt.tracking_code.lower(), number=receipt.number)

    told = await post(visitor, "/", await filled(visitor, hands, story=story))
    report = await opened(visitor, told)

    assert told.status == 422
    assert "kode pelacakan laporan yang sudah ada" in told.one("#story-problem")
    assert told.fields()["story"].splitlines() == story.splitlines()
    assert len(await tickets(runtime)) == 1
    assert report.one("h1.number") == receipt.number


async def test_with_words_a_code_is_covered_and_the_thanks_offer_its_report(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    receipt = await filed(runtime)
    story = f"Lampu mati lagi, seperti di {receipt.tracking_code}"

    thanks = await post(visitor, "/", await filled(visitor, hands, story=story))
    again = await get(visitor, thanks.path)
    report = await opened(visitor, again)

    assert (await tickets(runtime))[1] == "Lampu mati lagi, seperti di ••••"
    assert thanks.path.startswith("/thanks/TKT-")
    assert again.one("#that-report") == "Anda juga menulis kode pelacakan"
    assert report.one("h1.number") == receipt.number


async def test_the_offer_is_for_that_receipt_alone_and_can_be_forgotten(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    receipt = await filed(runtime)
    story = f"Lampu mati, lihat {receipt.tracking_code}"
    await post(visitor, "/", await filled(visitor, hands, story=story))

    plain = await post(visitor, "/", await filled(visitor, hands, story="Keran bocor."))
    await post(visitor, "/", await filled(visitor, hands, story=f"{story} ya"))
    await post(visitor, "/forget", {})

    assert plain.all("#that-report") == []
    held = [cookie.value for cookie in visitor.cookie_jar]
    assert not any(receipt.tracking_code in value for value in held)


async def test_a_photo_beside_a_code_is_a_report(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    receipt = await filed(runtime)
    sent = await filled(visitor, hands, story=receipt.tracking_code)

    await post(visitor, "/", sent, {f"{receipt.tracking_code}.png": PNG})

    assert len(await tickets(runtime)) == 2
    assert receipt.tracking_code not in str(await rows(runtime, "SELECT * FROM messages"))
    assert receipt.tracking_code not in str(await rows(runtime, "SELECT * FROM ticket_attachments"))


async def test_what_only_looks_like_a_code_is_a_story(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    thanks = await post(visitor, "/", await filled(visitor, hands, story="4X7K-29PQ-ABCD-1234"))

    assert thanks.status == 200
    assert await tickets(runtime) == ["4X7K-29PQ-ABCD-1234"]


async def test_a_kiosk_says_so_and_opens_no_report(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    receipt = await filed(runtime)
    form = await get(visitor, HERE.form)
    hands.move(seconds=40)

    alone = await post(visitor, HERE.form, form.fields() | {"story": receipt.tracking_code})
    words = {"story": f"AC mati, seperti {receipt.tracking_code}"}
    thanks = await post(visitor, HERE.form, form.fields() | words)

    assert (alone.status, alone.all(OPEN), thanks.all(OPEN)) == (422, [], [])
    assert "ponsel Anda sendiri" in alone.one(".banner.info")
    assert "Anda juga menulis kode pelacakan" in thanks.one(".banner.info")
    assert receipt.tracking_code not in thanks.text
    held = [cookie.value for cookie in visitor.cookie_jar]
    assert not any(receipt.tracking_code in value for value in held)
    assert len(await tickets(runtime)) == 2


async def test_a_code_is_no_addition_to_a_report(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    mine, other = await filed(runtime), await filed(runtime, key="other", words="Keran bocor.")
    page = await get(visitor, f"/t/{mine.tracking_code}")

    sent = page.fields() | {"story": other.tracking_code}
    told = await post(visitor, "/tracking/message", sent)
    report = await opened(visitor, told)

    assert told.status == 422
    assert len(await rows(runtime, "SELECT 1 FROM messages")) == 2
    assert report.one("h1.number") == other.number


async def test_a_code_beside_solved_is_no_addition_either(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    receipt = await filed(runtime)
    await Casework(runtime).resolve(receipt.ticket_id, "Sudah diperbaiki.", by=OFFICER)
    page = await get(visitor, f"/t/{receipt.tracking_code}")

    sent = page.fields() | {"story": receipt.tracking_code, "solved": "yes"}
    await post(visitor, "/tracking/solved", sent)

    assert await rows(runtime, "SELECT status FROM tickets") == [{"status": "closed"}]
    assert "••••" not in str(await rows(runtime, "SELECT body FROM messages"))
