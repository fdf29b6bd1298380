"""The people who wait to be called: listed, claimed, told; what they answer is filed."""

from uuid import UUID

import pytest

from core.calls.wanting import News, Wanting
from core.runtime import Runtime
from core.tickets.casework import Casework
from tests.builders import OFFICER, Hands
from tests.intake.console.phone.agents import carry_out, rows, take_down
from tests.intake.console.staff import Browser, Person, Served, hire


@pytest.fixture
async def waiting(runtime: Runtime, at_desk: Browser) -> str:
    """A caller whose report was solved; returns the call-back's path."""
    await take_down(at_desk)
    [(ticket_id,)] = await rows(runtime, "SELECT id FROM tickets")
    assert isinstance(ticket_id, UUID)
    await Casework(runtime).resolve(ticket_id, "Obat sudah diantar.", by=OFFICER)
    await carry_out(runtime)
    [(callback_id,)] = await rows(runtime, "SELECT id FROM callbacks")
    return f"/console/callbacks/{callback_id}"


async def test_a_status_change_becomes_a_call_and_the_call_becomes_history(
    runtime: Runtime, at_desk: Browser, waiting: str
) -> None:
    listed = await at_desk.get("/console/callbacks")
    taken = await at_desk.post(f"{waiting}/claim")
    told = await at_desk.post(f"{waiting}/outcome", {"outcome": "reached"})

    assert "Sari Contoh" in listed.one("#callbacks .lines li")
    assert (taken.path, taken.all("blockquote")) == (waiting, ["Obat sudah diantar."])
    assert "Apakah saya berbicara dengan Bapak/Ibu Sari Contoh?" in taken.text
    assert told.path == "/console/callbacks"
    assert told.all("#callbacks .lines") == []
    query = "SELECT kind, data->>'outcome' FROM events ORDER BY seq DESC LIMIT 1"
    assert await rows(runtime, query) == [("called", "reached")]


async def test_who_has_it_is_seen_by_the_others(
    runtime: Runtime, served: Served, at_desk: Browser, waiting: str
) -> None:
    other = await hire(runtime, "lain", "agent")
    await at_desk.post(f"{waiting}/claim")

    async with served.signed_in(other) as browser:
        listed = await browser.get("/console/callbacks")
        page = await browser.get(waiting)
        late = await browser.post(f"{waiting}/claim")
        told = await browser.post(f"{waiting}/outcome", {"outcome": "reached"})

    assert "Agen Contoh sedang menelepon" in listed.text
    assert page.all("blockquote") == []
    assert late.path == told.path == "/console/callbacks"
    assert "sudah diambil orang lain" in late.one(".banner")
    assert await rows(runtime, "SELECT status FROM callbacks") == [("open",)]


async def test_given_back_it_is_anybody_s(at_desk: Browser, waiting: str) -> None:
    await at_desk.post(f"{waiting}/claim")

    page = await at_desk.post(f"{waiting}/release")

    assert page.all("[aria-labelledby=mine-title]") == []
    assert page.all("[aria-labelledby=due-title] li")


async def test_not_solved_opens_the_report_again(
    runtime: Runtime, at_desk: Browser, waiting: str
) -> None:
    await at_desk.post(f"{waiting}/claim")

    await at_desk.post(
        f"{waiting}/outcome", {"outcome": "reached", "words": "Belum ada yang datang."}
    )

    assert await rows(runtime, "SELECT status FROM tickets") == [("open",)]
    query = "SELECT author FROM messages WHERE body = 'Belum ada yang datang.'"
    assert await rows(runtime, query) == [("submitter",)]


async def test_solved_closes_it(runtime: Runtime, at_desk: Browser, waiting: str) -> None:
    await at_desk.post(f"{waiting}/claim")

    await at_desk.post(f"{waiting}/outcome", {"outcome": "reached", "solved": "yes"})

    assert await rows(runtime, "SELECT status FROM tickets") == [("closed",)]


async def test_no_answer_waits_two_hours(
    served: Served, agent: Person, at_desk: Browser, waiting: str, hands: Hands
) -> None:
    await at_desk.post(f"{waiting}/claim")

    after = await at_desk.post(f"{waiting}/outcome", {"outcome": "no_answer"})
    hands.move(hours=2)
    async with served.signed_in(agent) as browser:  # the session was idle for too long
        later = await browser.get("/console/callbacks")

    assert after.all("[aria-labelledby=due-title] li") == []
    assert after.all("[aria-labelledby=later-title] li")
    assert "percobaan 2 dari 3" in later.one("[aria-labelledby=due-title] li")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "outcome"),
        ({"outcome": "later"}, "again_at"),
        ({"outcome": "later", "again_at": "2026-11-20T09:00"}, "again_at"),
    ],
)
async def test_what_is_missing_is_said_and_the_words_stay(
    at_desk: Browser, waiting: str, told: dict[str, str], field: str
) -> None:
    await at_desk.post(f"{waiting}/claim")

    page = await at_desk.post(f"{waiting}/outcome", told | {"words": "Titip salam."})

    assert page.status == 422
    assert page.all(f"#{field}-problem")
    assert page.fields("form[action$=outcome]")["words"] == "Titip salam."


async def test_taking_a_call_is_audited(runtime: Runtime, at_desk: Browser, waiting: str) -> None:
    await at_desk.post(f"{waiting}/claim")

    read = await rows(runtime, "SELECT what, data->>'by' FROM audit.reads")
    assert ("ticket", "callback") in read


async def test_the_list_s_line_tells_of_a_change(at_desk: Browser, waiting: str) -> None:
    async with at_desk.session.get("/console/callbacks/events") as line:
        told = b""
        while b"data:" not in told:
            told += await line.content.readline()

    assert waiting.rpartition("/")[2].encode() in told


async def test_a_call_that_never_was_is_not_there(at_desk: Browser) -> None:
    for path in ("/console/callbacks/none", f"/console/callbacks/{OFFICER}"):
        assert (await at_desk.get(path)).status == 404


async def test_an_empty_list_says_something_kind(at_desk: Browser) -> None:
    page = await at_desk.get("/console/callbacks")

    assert "Saat ini tidak ada yang menunggu ditelepon." in page.text


# ── The page of a call comes back ───────────────────────────────────────────


async def taken(browser: Browser, waiting: str) -> dict[str, str]:
    """Take a call in hand; return its form as the page has it."""
    page = await browser.post(f"{waiting}/claim")
    return page.fields("form[action$=outcome]")


async def own_words(runtime: Runtime) -> list[object]:
    query = "SELECT body FROM messages WHERE author = 'submitter' ORDER BY created_at, id"
    return [words for (words,) in await rows(runtime, query)][1:]


@pytest.mark.parametrize(
    ("outcome", "attempts"), [("reached", 1), ("busy", 1), ("no_answer", 1), ("later", 0)]
)
async def test_the_same_outcome_sent_again_is_noted_once(
    runtime: Runtime, at_desk: Browser, waiting: str, outcome: str, attempts: int
) -> None:
    form = await taken(at_desk, waiting)
    form |= {"outcome": outcome, "words": "Terima kasih.", "again_at": "2026-11-24T09:00"}

    pages = [await at_desk.post(f"{waiting}/outcome", form) for _ in range(3)]

    assert [page.path for page in pages] == ["/console/callbacks"] * 3
    assert await rows(runtime, "SELECT attempts FROM callbacks") == [(attempts,)]
    kinds = "'called', 'call_tried', 'call_given_up'"
    assert await rows(runtime, f"SELECT count(*) FROM events WHERE kind IN ({kinds})") == [(1,)]
    query = "SELECT count(*) FROM messages WHERE body = 'Terima kasih.'"
    assert await rows(runtime, query) == [(1,)]


async def test_another_outcome_is_asked_about_and_its_words_are_kept(
    runtime: Runtime, at_desk: Browser, waiting: str
) -> None:
    form = await taken(at_desk, waiting)
    await at_desk.post(f"{waiting}/outcome", form | {"outcome": "no_answer"})

    told = form | {"outcome": "reached", "words": "Belum ada yang datang."}
    asked = await at_desk.post(f"{waiting}/outcome", told)
    before = await own_words(runtime)
    noted = await at_desk.post(
        f"{waiting}/outcome", asked.fields("main form") | {"outcome": "reached"}
    )

    assert asked.status == 409
    assert "Tidak diangkat" in asked.text
    assert asked.fields("main form")["words"] == "Belum ada yang datang."
    assert (before, noted.path) == ([], "/console/callbacks")
    assert await own_words(runtime) == ["Belum ada yang datang."]
    assert await rows(runtime, "SELECT status, attempts FROM callbacks") == [("told", 2)]


async def test_words_remembered_after_reached_are_added_once(
    runtime: Runtime, at_desk: Browser, waiting: str
) -> None:
    form = await taken(at_desk, waiting)
    await at_desk.post(f"{waiting}/outcome", form | {"outcome": "reached"})

    late = form | {"outcome": "reached", "words": "Titip salam untuk perawat."}
    asked = await at_desk.post(f"{waiting}/outcome", late)
    for _ in range(2):
        added = await at_desk.post(f"{waiting}/words", asked.fields("main form"))

    assert asked.status == 409
    assert "ditambahkan" in added.one(".banner").lower()
    assert await own_words(runtime) == ["Titip salam untuk perawat."]


async def test_who_was_slower_keeps_what_the_person_told_them(
    runtime: Runtime, served: Served, at_desk: Browser, waiting: str
) -> None:
    other = await hire(runtime, "lain", "agent")

    async with served.signed_in(other) as browser:
        mine = await taken(at_desk, waiting)
        held = await browser.post(
            f"{waiting}/outcome", {"noted": "0", "outcome": "busy", "words": "Nada sibuk."}
        )
        await at_desk.post(f"{waiting}/outcome", mine | {"outcome": "reached"})
        gone = await browser.post(
            f"{waiting}/outcome", {"noted": "0", "outcome": "reached", "words": "Belum beres."}
        )
        await browser.post(f"{waiting}/words", gone.fields("main form"))

    assert (held.status, gone.status) == (409, 409)
    assert "Agen Contoh sedang menelepon" in held.one("h1")
    assert held.fields("main form")["words"] == "Nada sibuk."
    assert "Agen Contoh" in gone.text
    assert await own_words(runtime) == []  # who never took the call in hand leaves a note
    kept = "SELECT body, is_internal FROM messages WHERE body = 'Belum beres.'"
    assert await rows(runtime, kept) == [("Belum beres.", True)]
    assert await rows(runtime, "SELECT attempts FROM callbacks") == [(1,)]


async def test_thanks_with_solved_are_kept_and_close_it(
    runtime: Runtime, at_desk: Browser, waiting: str
) -> None:
    form = await taken(at_desk, waiting)

    await at_desk.post(
        f"{waiting}/outcome",
        form | {"outcome": "reached", "words": "Sudah beres, terima kasih.", "solved": "yes"},
    )

    assert await rows(runtime, "SELECT status FROM tickets") == [("closed",)]
    assert await own_words(runtime) == ["Sudah beres, terima kasih."]


async def test_what_is_written_down_of_a_call_in_vain_is_a_note_for_staff(
    runtime: Runtime, at_desk: Browser, waiting: str
) -> None:
    form = await taken(at_desk, waiting)

    await at_desk.post(
        f"{waiting}/outcome", form | {"outcome": "no_answer", "words": "Kata tetangga: pindah."}
    )

    query = "SELECT author, is_internal FROM messages WHERE body LIKE 'Kata tetangga%'"
    assert await rows(runtime, query) == [("staff", True)]
    assert await rows(runtime, "SELECT status FROM tickets") == [("resolved",)]


async def test_a_page_that_misses_something_keeps_all_that_was_typed(
    at_desk: Browser, waiting: str
) -> None:
    form = await taken(at_desk, waiting)
    typed = {"outcome": "later", "words": "Nanti.", "solved": "yes", "again_at": "2026-11-20T09:00"}

    page = await at_desk.post(f"{waiting}/outcome", form | typed)

    kept = page.fields("form[action$=outcome]")
    assert page.status == 422
    assert {name: kept[name] for name in ("words", "solved", "again_at")} == {
        name: typed[name] for name in ("words", "solved", "again_at")
    }


@pytest.mark.parametrize("verb", ["claim", "release", ""])
async def test_a_call_that_is_done_leads_to_the_list_and_says_so(
    at_desk: Browser, waiting: str, verb: str
) -> None:
    form = await taken(at_desk, waiting)
    await at_desk.post(f"{waiting}/outcome", form | {"outcome": "reached"})

    page = await (at_desk.post(f"{waiting}/{verb}") if verb else at_desk.get(waiting))

    assert page.path == "/console/callbacks"
    assert "sudah diambil orang lain" in page.one(".banner")


async def test_words_for_news_without_a_report_are_not_thrown_away(
    runtime: Runtime, at_desk: Browser
) -> None:
    news = News(
        delivery_id=OFFICER,
        ticket_id=None,
        number="+6281200000001",
        language="id",
        template="other",
        words="Kabar baik.",
    )
    waiting = f"/console/callbacks/{await Wanting(runtime).want(news)}"
    form = await taken(at_desk, waiting)

    page = await at_desk.post(
        f"{waiting}/outcome", form | {"outcome": "reached", "words": "Titip pesan."}
    )

    assert page.status == 422
    assert page.all("#words-problem")
    assert page.fields("form[action$=outcome]")["words"] == "Titip pesan."
    assert await rows(runtime, "SELECT status FROM callbacks") == [("open",)]
