"""What an agent may see and do of a report whose caller has not proven who they are."""

import pytest

from core.access.proof import LASTS
from core.ground.seals import PROVEN_CALLER
from core.runtime import Runtime
from tests.builders import Hands
from tests.intake.console.phone.agents import rows
from tests.intake.console.staff import Browser, Person, Served, hire
from tests.intake.console.ticket.working import file

WORDS = "Sudah saya jawab sendiri."


def test_a_proof_lasts_as_long_at_the_desk_as_on_the_report() -> None:
    assert PROVEN_CALLER.lasts == LASTS


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("say", {"mode": "reply", "words": WORDS}),
        ("say", {"mode": "resolve", "words": WORDS}),
        ("close", {"reason": WORDS}),
    ],
)
async def test_an_agent_writes_nothing_on_a_report_they_only_know_the_number_of(
    runtime: Runtime, at_desk: Browser, verb: str, fields: dict[str, str]
) -> None:
    number = (await file(runtime)).number

    page = await at_desk.post(f"/console/tickets/{number}/{verb}", fields)

    assert page.status == 409
    assert WORDS in page.text
    assert await rows(runtime, "SELECT status FROM tickets") == [("open",)]
    assert await rows(runtime, "SELECT 1 FROM messages WHERE author = 'staff'") == []


async def test_they_see_number_and_promise_and_leave_a_marked_note(
    runtime: Runtime, at_desk: Browser
) -> None:
    number = (await file(runtime)).number

    page = await at_desk.get(f"/console/tickets/{number}")
    await at_desk.post(f"/console/tickets/{number}/say", {"mode": "note", "words": WORDS})
    await at_desk.post(f"/console/tickets/{number}/escalate", {"reason": "Pasien sesak."})

    [(title, story, name)] = await rows(
        runtime, "SELECT title, description, submitter_name FROM tickets"
    )
    assert number in page.text
    assert not any(str(hidden) in page.text for hidden in (title, story, name) if hidden)
    mark = ["Telepon, penelepon belum terbukti."]
    kept = "SELECT body, is_internal, remarks->'remarks' FROM messages WHERE author = 'staff'"
    assert sorted(await rows(runtime, kept)) == [
        ("Pasien sesak.", True, mark),
        (WORDS, True, mark),
    ]
    assert await rows(runtime, "SELECT status FROM tickets") == [("escalated",)]


async def test_after_the_code_they_work_on_it_for_the_length_of_a_call(
    runtime: Runtime, at_desk: Browser, hands: Hands
) -> None:
    receipt = await file(runtime)
    reply = {"mode": "reply", "words": WORDS, "version": "1"}

    proof = {"prove": "yes", "code": receipt.tracking_code}
    await at_desk.post("/console/phone/earlier-report", proof)
    page = await at_desk.get(f"/console/tickets/{receipt.number}")
    sent = (
        page.fields("form.composer") | reply | {"version": page.fields("form.composer")["version"]}
    )
    done = await at_desk.post(f"/console/tickets/{receipt.number}/say", sent)
    hands.now += LASTS * 2
    late = await at_desk.post(f"/console/tickets/{receipt.number}/say", sent)

    assert (done.status, late.status) == (200, 409)
    told = "SELECT body FROM messages WHERE author = 'staff' AND NOT is_internal"
    assert await rows(runtime, told) == [(WORDS,)]


async def test_wrong_facts_are_counted_until_none_is_looked_at(
    runtime: Runtime, at_desk: Browser
) -> None:
    number = (await file(runtime)).number
    guess = {"prove": "yes", "ticket": number, "number": "0812 0000 0009", "name": "Budi"}

    found = [(await at_desk.post("/console/phone/earlier-report", guess)).status for _ in range(6)]

    assert found == [422] * 5 + [429]


async def test_opening_in_series_is_told_to_supervisors_and_stops_nobody(
    runtime: Runtime, served: Served, at_desk: Browser, agent: Person
) -> None:
    boss = await hire(runtime, "humas", "supervisor")
    numbers = [(await file(runtime, key=f"k{at}")).number for at in range(32)]

    pages = [await at_desk.get(f"/console/tickets/{number}") for number in numbers]

    assert {page.status for page in pages} == {200}
    [(who, counted)] = await rows(runtime, "SELECT user_id, counted FROM opened_series")
    assert (who, counted) == (agent.user_id, 32)
    told = "SELECT recipient_ref FROM deliveries WHERE template = 'series_opened'"
    assert await rows(runtime, told) == [(boss.email,)]
    async with served.signed_in(boss) as browser:
        page = await browser.get("/console/series")
        done = await browser.post(
            "/console/series",
            page.fields("#series form") | {"id": page.values("#series button")[0]},
        )
    assert "Agen Contoh" in page.text
    assert done.status == 200
    assert await rows(runtime, "SELECT looked_into_by FROM opened_series") == [(boss.user_id,)]
