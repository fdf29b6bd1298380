"""The people who wait to be called: listed, claimed, told; what they answer is filed."""

from uuid import UUID

import pytest

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
