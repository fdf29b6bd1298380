import aiohttp

from tests.builders import Hands
from tests.intake.channels.web.forms import filled, get, post


async def test_the_slip_carries_the_code_and_a_picture_of_its_link(
    visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    thanks = await post(visitor, "/", await filled(visitor, hands))

    slip = await get(visitor, "/slip")

    assert slip.one(".code") == thanks.one(".code")
    assert len(slip.all(".qr svg")) == 1


async def test_the_code_is_shown_for_a_quarter_of_an_hour_only(
    visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    thanks = await post(visitor, "/", await filled(visitor, hands))
    code = thanks.one(".code")

    again = await get(visitor, "/thanks")
    hands.move(minutes=16)
    later = [await get(visitor, path) for path in ("/thanks", "/slip")]

    assert again.one(".code") == code
    assert {(page.status, code in page.text) for page in later} == {(200, False)}
