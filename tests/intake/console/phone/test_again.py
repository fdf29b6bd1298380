"""A page of the telephone desk that comes back: by Back, in a second tab, with somebody else."""

import asyncio
from typing import cast
from uuid import uuid4

import pytest

from core.runtime import Runtime
from core.tickets.casework import Casework
from tests.builders import OFFICER, Hands
from tests.intake.console.phone.agents import call, rows
from tests.intake.console.staff import Browser, Page, Served, hire

OTHER = "Toilet di lantai dua kotor."
ADD, ANOTHER = "add", "another"


async def stories(runtime: Runtime) -> list[str]:
    found = await rows(runtime, "SELECT description FROM tickets ORDER BY ticket_number")
    return [cast("str", story) for (story,) in found]


async def said(runtime: Runtime) -> list[tuple[object, ...]]:
    return await rows(
        runtime,
        "SELECT author, body FROM messages WHERE NOT is_internal ORDER BY created_at, id",
    )


async def answered(browser: Browser, asked: Page, again: str) -> Page:
    """Answer the desk's question with one of its buttons."""
    form = asked.fields('main form[action="/console/phone"]')
    return await browser.post("/console/phone", form | {"again": again})


# ── A call is sent from a page whose call is filed ──────────────────────────


async def test_other_words_are_asked_about_and_nothing_is_filed(
    runtime: Runtime, at_desk: Browser
) -> None:
    typed = call()
    first = await at_desk.post("/console/phone", typed)

    asked = await at_desk.post("/console/phone", typed | {"story": OTHER, "name": "Budi Contoh"})

    assert asked.status == 409
    assert first.one("#number") in asked.text
    assert asked.all("blockquote") == [typed["story"], OTHER]
    assert asked.values("[name=again]") == [ANOTHER, ADD]
    assert await stories(runtime) == [typed["story"]]
    assert len(await said(runtime)) == 1


async def test_another_call_is_a_report_of_its_own_however_often_it_is_sent(
    runtime: Runtime, at_desk: Browser
) -> None:
    typed = call()
    first = await at_desk.post("/console/phone", typed)
    asked = await at_desk.post("/console/phone", typed | {"story": OTHER})

    filed = await answered(at_desk, asked, ANOTHER)
    twice = await answered(at_desk, asked, ANOTHER)
    back = await at_desk.post("/console/phone", typed | {"story": OTHER})
    old = await at_desk.post("/console/phone", typed)

    assert await stories(runtime) == [typed["story"], OTHER]
    assert filed.one("#code") == twice.one("#code") == back.one("#code")
    assert first.one("#code") == old.one("#code") != filed.one("#code")
    assert await rows(runtime, "SELECT count(*) FROM calls") == [(2,)]


async def test_a_third_caller_from_the_same_page_is_asked_about_too(
    runtime: Runtime, at_desk: Browser
) -> None:
    typed = call()
    for story in (typed["story"], OTHER, "Parkir penuh.", "Lift macet."):
        page = await at_desk.post("/console/phone", typed | {"story": story})
        if page.status == 409:
            page = await answered(at_desk, page, ANOTHER)
        assert page.status == 200

    assert await stories(runtime) == [typed["story"], OTHER, "Parkir penuh.", "Lift macet."]


async def test_the_same_matter_is_added_once_and_its_receipt_stays(
    runtime: Runtime, at_desk: Browser
) -> None:
    typed = call()
    first = await at_desk.post("/console/phone", typed)
    asked = await at_desk.post("/console/phone", typed | {"story": OTHER, "number": "08130000009"})

    added = await answered(at_desk, asked, ADD)
    twice = await answered(at_desk, asked, ADD)
    back = await at_desk.post("/console/phone", typed | {"story": OTHER, "number": "08130000009"})

    assert await said(runtime) == [("submitter", typed["story"]), ("submitter", OTHER)]
    assert first.one("#code") == added.one("#code") == twice.one("#code") == back.one("#code")
    assert "laporan yang sama" in added.one("[data-done] h1")
    query = f"SELECT remarks->'remarks' FROM messages WHERE body = '{OTHER}'"
    assert "Telepon menurut penelepon: 08130000009" in str(await rows(runtime, query))


async def test_the_same_words_with_another_number_are_asked_about(
    runtime: Runtime, at_desk: Browser
) -> None:
    typed = call()
    await at_desk.post("/console/phone", typed)

    asked = await at_desk.post("/console/phone", typed | {"number": "0813 0000 0009"})
    await answered(at_desk, asked, ADD)

    assert asked.status == 409
    [_, (author, words)] = await said(runtime)
    assert (author, str(words).startswith("Rincian laporan")) == ("submitter", True)


@pytest.mark.parametrize(
    "changes", [{"read_back": "yes"}, {"consent": "ya"}, {"story": "Obat untuk ayah belum "
    "datang sejak pagi.  \n"}], ids=["read back", "consent", "white space"]
)  # fmt: skip
async def test_what_the_agent_ticks_of_the_talk_is_no_other_call(
    runtime: Runtime, at_desk: Browser, changes: dict[str, str]
) -> None:
    typed = call()
    first = await at_desk.post("/console/phone", typed)

    again = await at_desk.post("/console/phone", typed | changes)

    assert again.one("#code") == first.one("#code")
    assert len(await stories(runtime)) == 1


async def test_two_tabs_at_once_with_two_callers_never_become_one_report(
    runtime: Runtime, at_desk: Browser
) -> None:
    typed = call()

    pages = await asyncio.gather(
        *(at_desk.post("/console/phone", typed | {"story": f"Cerita {n}."}) for n in range(4))
    )

    asked = [page for page in pages if page.status == 409]
    assert (len(asked), len(await stories(runtime)), len(await said(runtime))) == (3, 1, 1)
    for page in asked:
        await answered(at_desk, page, ANOTHER)
    assert sorted(await stories(runtime)) == [f"Cerita {n}." for n in range(4)]


async def test_added_where_nothing_is_filed_it_is_the_call(
    runtime: Runtime, at_desk: Browser
) -> None:
    page = await at_desk.post("/console/phone", call() | {"again": ADD})

    assert page.all("#code")
    assert len(await stories(runtime)) == 1


async def test_danger_that_is_told_later_sounds_the_alarm(
    runtime: Runtime, at_desk: Browser
) -> None:
    typed = call()
    await at_desk.post("/console/phone", typed)
    asked = await at_desk.post("/console/phone", typed | {"story": "Tolong, ayah tidak sadar!"})

    await answered(at_desk, asked, ADD)

    query = "SELECT a.words FROM alarms a JOIN tickets t ON t.id = a.ticket_id"
    assert await rows(runtime, query) == [("Tolong, ayah tidak sadar!",)]


async def test_a_page_of_somebody_else_s_call_shows_nothing_of_it(
    runtime: Runtime, served: Served, at_desk: Browser
) -> None:
    typed = call()
    first = await at_desk.post("/console/phone", typed)
    other = await hire(runtime, "lain", "agent")

    async with served.signed_in(other) as browser:
        equal = await browser.post("/console/phone", typed)
        asked = await browser.post("/console/phone", typed | {"story": OTHER})
        forced = await answered(browser, asked, ADD)
        filed = await answered(browser, asked, ANOTHER)

    for page in (equal, asked, forced):
        assert page.status == 409
        assert "Agen Contoh" in page.text
        assert first.one("#number") not in page.text
        assert page.values("[name=again]") == [ANOTHER]
    assert filed.status == 200
    assert await stories(runtime) == [typed["story"], OTHER]


async def test_the_page_s_address_names_its_call_whenever_it_is_asked_for(
    runtime: Runtime, at_desk: Browser
) -> None:
    async with at_desk.session.get("/console/phone", allow_redirects=False) as response:
        address = response.headers["Location"]
    shown, anew = await at_desk.get(address), await at_desk.get(address)
    typed = call(id=shown.fields("#call-form")["id"])

    await at_desk.post("/console/phone", typed)
    back = await at_desk.get(address)
    again = await at_desk.post("/console/phone", typed | {"page": str(uuid4())})

    ids = {page.fields("#call-form")["id"] for page in (shown, anew)}
    pages = {page.fields("#call-form")["page"] for page in (shown, anew)}
    assert (len(ids), len(pages)) == (1, 2)
    assert back.one("#code") == again.one("#code")
    assert len(await stories(runtime)) == 1


# ── Drafts ──────────────────────────────────────────────────────────────────


async def drafts(runtime: Runtime) -> list[object]:
    query = "SELECT fields->>'story' FROM call_drafts ORDER BY fields->>'story' COLLATE \"C\""
    return [story for (story,) in await rows(runtime, query)]


async def test_what_is_typed_after_a_call_was_filed_is_a_draft_of_its_own(
    runtime: Runtime, at_desk: Browser
) -> None:
    typed = call()
    await at_desk.post("/console/phone", typed)

    saved = await at_desk.post("/console/phone/drafts", typed | {"story": "Baru"})
    await at_desk.post("/console/phone/drafts", typed | {"story": "Baru setengah"})
    desk = await at_desk.get("/console/phone")
    [link] = [link for link in desk.links() if "draft=" in link]
    taken_up = await at_desk.get(link)
    filed = await at_desk.post("/console/phone", taken_up.fields("#call-form") | {"consent": "yes"})

    assert saved.status == 204
    assert taken_up.fields("#call-form")["story"] == "Baru setengah"
    assert filed.status == 200
    assert await stories(runtime) == [typed["story"], "Baru setengah"]
    assert await drafts(runtime) == []


async def test_two_tabs_with_one_draft_keep_two_callers_apart(
    runtime: Runtime, at_desk: Browser
) -> None:
    begun = call(story="Awal.")
    await at_desk.post("/console/phone/drafts", begun)
    one = (await at_desk.get(f"/console/phone?draft={begun['id']}")).fields("#call-form")
    two = (await at_desk.get(f"/console/phone?draft={begun['id']}")).fields("#call-form")

    for _ in range(2):
        await at_desk.post("/console/phone/drafts", one | {"story": "Penelepon satu."})
        await at_desk.post("/console/phone/drafts", two | {"story": "Penelepon dua."})
    kept = await drafts(runtime)
    consent = {"consent": "yes"}
    await at_desk.post("/console/phone", one | consent | {"story": "Penelepon satu."})
    left = await drafts(runtime)
    asked = await at_desk.post("/console/phone", two | consent | {"story": "Penelepon dua."})
    await answered(at_desk, asked, ANOTHER)

    assert kept == ["Penelepon dua.", "Penelepon satu."]
    assert left == ["Penelepon dua."]
    assert await stories(runtime) == ["Penelepon satu.", "Penelepon dua."]
    assert await drafts(runtime) == []


async def test_looked_up_without_a_script_after_it_was_filed_it_leads_to_its_receipt(
    at_desk: Browser,
) -> None:
    typed = call()
    first = await at_desk.post("/console/phone", typed)

    equal = await at_desk.post("/console/phone/look", typed)
    other = await at_desk.post("/console/phone/look", typed | {"story": OTHER})

    assert equal.one("#code") == first.one("#code")
    assert other.fields("#call-form")["story"] == OTHER
    assert other.fields("#call-form")["id"] != typed["id"]


# ── An earlier report ───────────────────────────────────────────────────────


@pytest.fixture
async def proven(runtime: Runtime, at_desk: Browser) -> Page:
    """A solved report, shown to its caller."""
    done = await at_desk.post("/console/phone", call())
    [(ticket_id,)] = await rows(runtime, "SELECT id FROM tickets")
    await Casework(runtime).resolve(ticket_id, "Selesai.", by=OFFICER)  # type: ignore[arg-type]  # a UUID
    facts = {"prove": "yes", "code": done.one("#code")}
    return await at_desk.post("/console/phone/earlier-report", facts)


async def add(browser: Browser, page: Page, words: str, **more: str) -> Page:
    form = page.fields("form[action$=add]") | {"words": words} | more
    return await browser.post("/console/phone/earlier-report/add", form)


async def test_other_words_for_an_earlier_report_are_asked_about_and_stay(
    runtime: Runtime, at_desk: Browser, proven: Page
) -> None:
    await add(at_desk, proven, "Belum sampai.")

    asked = await add(at_desk, proven, "Parkir penuh.")
    before = await said(runtime)
    added = await add(at_desk, asked, "Parkir penuh.", again="yes")
    await add(at_desk, proven, "Parkir penuh.")
    await add(at_desk, proven, "Belum sampai.")

    assert asked.status == 409
    assert asked.fields("form[action$=add]")["words"] == "Parkir penuh."
    assert asked.values("[name=again]") == ["yes"]
    assert added.status == 200
    own = [words for author, words in before if author == "submitter"]
    assert own[1:] == ["Belum sampai."]
    assert [w for a, w in await said(runtime) if a == "submitter"][1:] == [
        "Belum sampai.",
        "Parkir penuh.",
    ]


async def test_the_same_words_from_a_page_shown_anew_are_asked_about(
    runtime: Runtime, at_desk: Browser, proven: Page, hands: Hands
) -> None:
    shown_anew = await add(at_desk, proven, "Belum sampai.")

    asked = await add(at_desk, shown_anew, "Belum sampai.")
    more = await add(at_desk, shown_anew, "Sudah tiga hari.")
    hands.move(minutes=29)
    meant = await add(at_desk, asked, "Belum sampai.", again="yes")

    assert (asked.status, more.status, meant.status) == (409, 200, 200)
    own = [words for author, words in await said(runtime) if author == "submitter"]
    assert sorted(map(str, own[1:])) == ["Belum sampai.", "Belum sampai.", "Sudah tiga hari."]


async def test_words_for_another_caller_go_along_to_the_next_proof(
    at_desk: Browser, proven: Page
) -> None:
    await add(at_desk, proven, "Belum sampai.")
    asked = await add(at_desk, proven, "Parkir penuh.")

    anew = await at_desk.post("/console/phone/earlier-report", asked.fields("form[action$=add]"))

    assert anew.all("[name=code]")
    assert anew.fields("main form")["words"] == "Parkir penuh."


async def test_solved_keeps_what_the_caller_says_with_it_and_opens_nothing(
    runtime: Runtime, at_desk: Browser, proven: Page
) -> None:
    form = proven.fields("form[action$=add]") | {"words": "Terima kasih, sudah beres."}

    page = await at_desk.post("/console/phone/earlier-report/confirm", form)
    again = await at_desk.post("/console/phone/earlier-report/confirm", form)

    assert page.status == 200
    assert again.status == 409
    assert again.all("#words-problem")
    assert await rows(runtime, "SELECT status FROM tickets") == [("closed",)]
    assert (await said(runtime))[-1] == ("submitter", "Terima kasih, sudah beres.")
    assert [words for _, words in await said(runtime)].count("Terima kasih, sudah beres.") == 1


async def test_a_report_that_was_erased_meanwhile_is_not_there(
    runtime: Runtime, at_desk: Browser, proven: Page
) -> None:
    await rows(runtime, "DELETE FROM tickets RETURNING id")
    form = proven.fields("form[action$=add]") | {"words": "Belum."}

    added = await at_desk.post("/console/phone/earlier-report/add", form)
    confirmed = await at_desk.post("/console/phone/earlier-report/confirm", form)

    assert (added.status, confirmed.status) == (404, 404)


async def test_words_outlive_the_proof(
    runtime: Runtime, served: Served, at_desk: Browser, proven: Page, hands: Hands
) -> None:
    hands.move(minutes=31)
    agent = await hire(runtime, "baru", "agent")

    late = await add(at_desk, proven, "Belum sampai.")
    async with served.signed_in(agent) as browser:
        stolen = await add(browser, proven, "Belum sampai juga.")

    for page, words in ((late, "Belum sampai."), (stolen, "Belum sampai juga.")):
        assert page.status == 404
        assert "Pembuktian berlaku setengah jam" in page.one("#summary")
        assert page.fields("main form")["words"] == words
    assert all(author != "submitter" for author, _ in (await said(runtime))[1:])
