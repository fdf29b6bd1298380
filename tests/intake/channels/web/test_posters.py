import aiohttp
import pytest

from core.runtime import Runtime
from intake.channels.web.channel import WebChannel, WebSettings
from tests.builders import TOKEN
from tests.intake.channels.web.forms import get, serve
from tests.intake.channels.web.tickets import rows


@pytest.mark.parametrize("path", ["/q/unknown", "/q/unknown/report", f"/q/{TOKEN}x", "/q/%00"])
async def test_an_unknown_poster_leads_to_the_general_form(
    visitor: aiohttp.ClientSession, path: str
) -> None:
    page = await get(visitor, path)

    assert (page.status, page.path) == (200, "/")


async def test_other_ways_to_speak_are_offered_at_a_poster(runtime: Runtime) -> None:
    settings = WebSettings(chat_url="https://t.me/rs_contoh_bot")
    async with serve(runtime, WebChannel(runtime, settings)) as visitor:
        page = await get(visitor, f"/q/{TOKEN}")

    links = [node.attributes["href"] for node in page.tree.css("a.button.second")]
    assert links == [f"https://t.me/rs_contoh_bot?start=u_{TOKEN}", "tel:080000000001"]


async def test_uses_of_a_poster_are_counted(
    runtime: Runtime, visitor: aiohttp.ClientSession
) -> None:
    [before] = await rows(runtime, "SELECT version FROM directory_version")
    for _ in range(3):
        await get(visitor, f"/q/{TOKEN}")

    assert await rows(runtime, "SELECT usage_count FROM qr_codes") == [{"usage_count": 3}]
    assert await rows(runtime, "SELECT version FROM directory_version") == [before]


async def test_the_code_on_the_poster_can_be_typed(visitor: aiohttp.ClientSession) -> None:
    found = await get(visitor, "/q?code=melati%201")
    unknown = await get(visitor, "/q?code=MAWAR-9")

    assert found.one("h1") == "Ruang Melati"
    assert (unknown.path, unknown.one("[role=alert] h2")) == ("/", "Kode ini tidak kami kenal")
