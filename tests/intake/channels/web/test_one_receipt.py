"""One report, one ticket, one receipt: situation by situation, with and without cookies and script.

A browser with cookies and without script is led on with a 303, one with script is told where to go;
one without cookies gets the page as the answer, whether a script sent the form or not.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from tests.builders import FARMASI, OFFICER, Hands
from tests.intake.channels.web.forms import Page, get, post
from tests.intake.channels.web.tickets import PNG, rows

STORY = "Antrean farmasi tiga jam."
OTHER = "Perawat di kamar 5 ketus."
ANOTHER = "form[action='/']"
"""The form of one button under which the same goes out as another report."""


@dataclass
class Visitor:
    """Somebody with a browser of a kind; `lost` is what the browser never gets to see."""

    session: aiohttp.ClientSession
    hands: Hands
    cookies: bool
    script: bool

    async def open(self) -> dict[str, str]:
        """Open the form, take time over it and write the story."""
        page = await get(self.session, "/")
        self.hands.move(seconds=40)
        return page.fields() | {"story": STORY}

    async def send(
        self, fields: dict[str, str], files: dict[str, bytes] | None = None, *, lost: bool = False
    ) -> Page:
        """Send a form and look at what comes, unless it is lost on its way back."""
        before = list(self.session.cookie_jar)
        headers = {"X-Kiss-Script": "1"} if self.script else None
        page = await post(self.session, "/", fields, files, headers)
        if (further := page.headers.get("X-Kiss-Next")) and not lost:
            page = await get(self.session, further)
        if lost:
            self.session.cookie_jar.clear()
            for morsel in before:
                self.session.cookie_jar.update_cookies({morsel.key: morsel})
        return page

    async def press_another(self, page: Page) -> Page:
        """Press "this is another report"."""
        return await self.send(page.fields(ANOTHER))


@pytest.fixture(params=["cookies", "no cookies"])
def cookies(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "cookies")


@pytest.fixture(params=["script", "no script"])
async def browser(
    request: pytest.FixtureRequest, cookies: bool, home: str, hands: Hands
) -> AsyncIterator[Visitor]:
    jar = aiohttp.CookieJar(unsafe=True) if cookies else aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(home, cookie_jar=jar) as session:
        yield Visitor(session, hands, cookies, request.param == "script")


async def count(runtime: Runtime) -> tuple[int, int]:
    """Count tickets and what was said on them."""
    [row] = await rows(
        runtime, "SELECT (SELECT count(*) FROM tickets) t, (SELECT count(*) FROM messages) m"
    )
    return int(str(row["t"])), int(str(row["m"]))


async def test_a_report_has_number_code_and_slip(
    runtime: Runtime, browser: Visitor, cookies: bool
) -> None:
    thanks = await browser.send(await browser.open())

    assert thanks.status == 200
    assert thanks.one(".number") == "TKT-20261123-0001"
    ticket = await Desk(runtime).find(thanks.one(".code"))
    slip = await (
        get(browser.session, "/slip")
        if cookies
        else post(browser.session, "/slip", thanks.fields("#carried"))
    )
    assert slip.one(".code") == thanks.one(".code")
    assert thanks.all(ANOTHER) == []
    [row] = await rows(runtime, "SELECT id FROM tickets")
    assert row["id"] == ticket


async def test_neither_code_nor_receipt_stands_in_an_address(browser: Visitor) -> None:
    thanks = await browser.send(await browser.open())

    code = thanks.one(".code")
    links = [node.attributes.get("href") or "" for node in thanks.tree.css("a")]
    actions = [node.attributes.get("action") or "" for node in thanks.tree.css("form")]
    assert thanks.path in {"/thanks/TKT-20261123-0001", "/"}
    assert not [each for each in links + actions if code in each or len(each) > 100]


async def test_a_lost_answer_and_the_same_words_are_the_same_receipt(
    runtime: Runtime, browser: Visitor
) -> None:
    fields = await browser.open()
    await browser.send(fields, lost=True)

    thanks = await browser.send(fields)

    assert thanks.one(".number") == "TKT-20261123-0001"
    assert await count(runtime) == (1, 1)


async def test_a_lost_answer_and_other_words_are_a_follow_up(
    runtime: Runtime, browser: Visitor
) -> None:
    fields = await browser.open()
    await browser.send(fields, lost=True)

    pages = [await browser.send(fields | {"story": OTHER}, lost=True) for _ in range(2)]
    thanks = await browser.send(fields | {"story": OTHER})

    assert {page.status for page in pages} == {200}
    assert thanks.one(".number") == "TKT-20261123-0001"
    assert await count(runtime) == (1, 2)


async def test_a_lost_answer_and_an_address_are_kept_as_the_page_promises(
    runtime: Runtime, browser: Visitor
) -> None:
    fields = await browser.open()
    await browser.send(fields, lost=True)
    added = {"identity": "named", "name": "Sari", "email": "sari@example.org"}

    thanks = await browser.send(fields | added)

    assert "menulis kepada Anda" in thanks.text
    assert thanks.one(".banner h2") == "Ditambahkan ke laporan Anda sebelumnya"
    [ticket] = await rows(runtime, "SELECT submitter_name, submitter_email FROM tickets")
    assert ticket == {"submitter_name": "Sari", "submitter_email": "sari@example.org"}
    news = await rows(runtime, "SELECT template, recipient_ref FROM deliveries")
    assert {"template": "received", "recipient_ref": "sari@example.org"} in news
    assert await count(runtime) == (1, 1)


async def test_a_lost_answer_and_a_photo_unit_and_kind_are_merged(
    runtime: Runtime, browser: Visitor
) -> None:
    fields = await browser.open()
    await browser.send(fields, lost=True)
    changed = fields | {"unit": str(FARMASI), "type": "suggestion"}

    thanks = await browser.send(changed, {"antrean.png": PNG})

    assert "Farmasi" in thanks.text
    [ticket] = await rows(runtime, "SELECT type, unit_id FROM tickets")
    assert ticket == {"type": "suggestion", "unit_id": FARMASI}
    files = await rows(runtime, "SELECT file_name FROM ticket_attachments")
    assert files == [{"file_name": "antrean.png"}]
    events = await rows(runtime, "SELECT kind FROM events ORDER BY seq")
    assert [event["kind"] for event in events] == ["received", "amended", "moved", "followed_up"]


async def test_back_out_of_memory_and_the_same_shows_the_old_receipt_and_asks(
    runtime: Runtime, browser: Visitor
) -> None:
    fields = await browser.open()
    first = await browser.send(fields)

    again = await browser.send(fields)

    assert again.one(".code") == first.one(".code")
    assert again.one(".banner h2") == "Anda sudah mengirim persis ini"
    assert "10.00 WIB" in again.one(".banner p")
    assert again.one(f"{ANOTHER} button") == "Ini laporan lain: kirimkan"
    assert await count(runtime) == (1, 1)


async def test_this_is_another_report_files_one_more_and_only_one(
    runtime: Runtime, browser: Visitor
) -> None:
    fields = await browser.open()
    first = await browser.send(fields, {"antrean.png": PNG})
    again = await browser.send(fields, {"antrean.png": PNG})

    other = await browser.press_another(again)
    tapped = await browser.press_another(again)

    assert other.one(".code") == tapped.one(".code") != first.one(".code")
    assert await count(runtime) == (2, 2)
    files = await rows(runtime, "SELECT DISTINCT ticket_id, file_name FROM ticket_attachments")
    assert len(files) == 2


async def test_a_page_fetched_again_that_says_the_same_is_recognised_where_cookies_are(
    runtime: Runtime, browser: Visitor, cookies: bool
) -> None:
    first = await browser.send(await browser.open())

    again = await browser.send(await browser.open())

    is_same = again.one(".code") == first.one(".code")
    assert is_same is cookies  # without any, a double is better than a stranger's code
    assert bool(again.all(ANOTHER)) is cookies
    assert (await count(runtime))[0] == (1 if cookies else 2)


async def test_a_page_fetched_again_with_a_photo_more_adds_it_where_cookies_are(
    runtime: Runtime, browser: Visitor, cookies: bool
) -> None:
    await browser.send(await browser.open())

    await browser.send(await browser.open(), {"antrean.png": PNG})

    assert (await count(runtime))[0] == (1 if cookies else 2)
    assert len(await rows(runtime, "SELECT id FROM ticket_attachments")) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"story": OTHER},
        {"unit": str(FARMASI)},
        {"type": "suggestion"},
        {"email": "sari@example.org"},
        {"identity": "named", "name": "Sari"},
    ],
    ids=["words", "unit", "kind", "mailbox", "name"],
)
async def test_a_page_fetched_again_that_says_something_else_is_another_report(
    runtime: Runtime, browser: Visitor, changed: dict[str, str]
) -> None:
    await browser.send(await browser.open())

    again = await browser.send(await browser.open() | changed)

    assert again.one(".number") == "TKT-20261123-0002"
    assert again.all(ANOTHER) == []
    assert (await count(runtime))[0] == 2


async def test_after_a_quarter_of_an_hour_the_same_words_are_a_new_report(
    runtime: Runtime, browser: Visitor, hands: Hands
) -> None:
    await browser.send(await browser.open())
    hands.move(minutes=16)

    await browser.send(await browser.open())

    assert (await count(runtime))[0] == 2


async def test_a_duplicated_tab_with_other_words_is_another_report_where_cookies_are(
    runtime: Runtime, browser: Visitor, cookies: bool, hands: Hands
) -> None:
    fields = await browser.open()
    first = await browser.send(fields)
    hands.move(hours=3)

    pages = [await browser.send(fields | {"story": OTHER}) for _ in range(2)]

    assert pages[0].one(".code") == pages[1].one(".code")
    assert (pages[0].one(".code") != first.one(".code")) is cookies
    assert await count(runtime) == ((2, 2) if cookies else (1, 2))
    # who keeps no cookies is told, and can say that it is another report
    assert bool(pages[0].all(ANOTHER)) is not cookies


async def test_without_cookies_a_duplicated_tab_becomes_another_report_by_one_press(
    runtime: Runtime, home: str, hands: Hands
) -> None:
    async with aiohttp.ClientSession(home, cookie_jar=aiohttp.DummyCookieJar()) as session:
        browser = Visitor(session, hands, cookies=False, script=False)
        fields = await browser.open()
        await browser.send(fields)

        added = await browser.send(fields | {"story": OTHER})
        other = await browser.press_another(added)

    assert added.one(".banner h2") == "Ditambahkan ke laporan Anda sebelumnya"
    assert other.one(".number") != added.one(".number")
    assert await count(runtime) == (2, 3)


async def test_two_patients_with_the_same_word_are_never_shown_each_others_receipt(
    runtime: Runtime, home: str, hands: Hands, cookies: bool
) -> None:
    codes = set()
    for _ in range(2):
        jar = aiohttp.CookieJar(unsafe=True) if cookies else aiohttp.DummyCookieJar()
        async with aiohttp.ClientSession(home, cookie_jar=jar) as session:
            browser = Visitor(session, hands, cookies, script=False)
            page = await browser.send(await browser.open() | {"story": "Kotor"})
            codes.add(page.one(".code"))

    assert len(codes) == 2
    assert await count(runtime) == (2, 2)


async def test_a_follow_up_of_a_repeat_to_a_report_closed_long_ago_has_a_receipt(
    runtime: Runtime, browser: Visitor, hands: Hands
) -> None:
    fields = await browser.open()
    await browser.send(fields, lost=True)
    [ticket] = await rows(runtime, "SELECT id FROM tickets")
    await Casework(runtime).close(ticket["id"], "Selesai.", by=OFFICER)  # type: ignore[arg-type]
    hands.move(days=31)
    page = await browser.open()  # with a stamp that is young enough

    late = fields | {"stamp": page["stamp"], "story": OTHER}
    doubted = await browser.send(late)
    hands.move(seconds=5)
    thanks = await browser.send(doubted.fields())

    assert thanks.one(".number") == "TKT-20261224-0001"
    assert await Desk(runtime).find(thanks.one(".code")) != ticket["id"]


async def test_the_page_without_cookies_can_be_read_in_another_language(
    home: str, hands: Hands
) -> None:
    async with aiohttp.ClientSession(home, cookie_jar=aiohttp.DummyCookieJar()) as session:
        browser = Visitor(session, hands, cookies=False, script=False)
        thanks = await browser.send(await browser.open())

        english = await post(session, "/thanks", thanks.fields("#carried") | {"lang": "en"})
        slip = await post(session, "/slip", english.fields("#carried"))
        hands.move(minutes=16)
        late = await post(session, "/slip", english.fields("#carried"))

    assert english.one("h1") == "Thank you. Your report has arrived."
    assert english.one(".code") == slip.one(".code") == thanks.one(".code")
    assert (late.status, thanks.one(".code") in late.text) == (200, False)


@pytest.mark.parametrize("receipt", ["", "A" * 60, "é" * 20_000])
async def test_a_receipt_that_is_none_says_that_what_was_sent_has_arrived(
    visitor: aiohttp.ClientSession, receipt: str
) -> None:
    pages = [
        await get(visitor, "/thanks"),
        await get(visitor, "/slip"),
        await post(visitor, "/thanks", {"receipt": receipt, "lang": "xx"}),
        await post(visitor, "/slip", {"receipt": receipt}),
    ]

    assert {page.status for page in pages} == {200}
    assert {page.one("h1") for page in pages} == {
        "Jika Anda baru saja mengirim laporan, laporan itu sudah kami terima"
    }


@pytest.mark.parametrize("nothing", ["\u200b\u200b", "\ufeff\u2060", "\u3164", "\u2800 \u0301"])
async def test_nothing_that_anybody_sees_is_asked_for_words(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands, nothing: str
) -> None:
    browser = Visitor(visitor, hands, cookies=True, script=False)

    page = await browser.send(await browser.open() | {"story": nothing})
    angry = await browser.send(page.fields() | {"story": "😡"})

    assert page.status == 422
    assert page.one("#story-problem") == "Tulis dulu apa yang terjadi; beberapa kata pun cukup."
    assert angry.one(".number") == "TKT-20261123-0001"
    assert await count(runtime) == (1, 1)


async def test_a_press_that_is_doubted_is_still_another_report(
    runtime: Runtime, visitor: aiohttp.ClientSession, hands: Hands
) -> None:
    browser = Visitor(visitor, hands, cookies=True, script=False)
    fields = await browser.open()
    await browser.send(fields)
    again = await browser.send(fields)

    doubted = await browser.send(again.fields(ANOTHER) | {"website": "http://spam"})
    hands.move(seconds=5)
    other = await browser.send(doubted.fields())

    assert doubted.status == 429
    assert other.one(".number") != again.one(".number")
    assert await count(runtime) == (2, 2)
