"""A kiosk's page that is sent again: the next person may hold it, so nothing is merged unasked."""

import aiohttp
import pytest

from core.runtime import Runtime
from tests.builders import TOKEN, Hands
from tests.intake.channels.web.forms import get, post
from tests.intake.channels.web.tickets import rows

FORM = f"/k/{TOKEN}/report"


@pytest.mark.parametrize("cookies", [True, False], ids=["cookies", "no cookies"])
async def test_other_words_on_a_page_that_was_sent_are_another_report(
    runtime: Runtime, home: str, hands: Hands, cookies: bool
) -> None:
    jar = aiohttp.CookieJar(unsafe=True) if cookies else aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(home, cookie_jar=jar) as session:
        fields = (await get(session, FORM)).fields()
        hands.move(seconds=40)
        first = await post(session, FORM, fields | {"story": "AC mati."})
        await get(session, f"/k/{TOKEN}")

        other = await post(session, FORM, fields | {"story": "Lantai kotor."})

    assert other.one(".code") != first.one(".code")
    said = await rows(runtime, "SELECT description FROM tickets ORDER BY ticket_number")
    assert len(said) == 2


async def test_the_next_persons_equal_word_is_a_report_of_its_own(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    codes = set()
    for _ in range(2):
        fields = (await get(visitor, FORM)).fields()  # whoever skips the start page, too
        hands.move(seconds=40)
        codes.add((await post(visitor, FORM, fields | {"story": "Kotor"})).one(".code"))

    assert len(codes) == 2
    assert await rows(runtime, "SELECT count(*) FROM tickets") == [{"count": 2}]
