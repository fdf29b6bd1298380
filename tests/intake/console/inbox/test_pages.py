"""The inbox as pages: searches keep words out of addresses, views, giving out, live counts."""

import asyncio
import json

import aiohttp
import pytest
from sqlalchemy import select

from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.ticket import Ticket
from tests.builders import FARMASI, OFFICER, submission
from tests.intake.console.staff import Person, Served, hire


@pytest.fixture
async def ayu(runtime: Runtime) -> Person:
    return await hire(runtime, "ayu", "officer")


async def test_a_search_finds_and_its_words_stand_in_no_address(
    runtime: Runtime, served: Served, ayu: Person
) -> None:
    there = await Desk(runtime).submit(submission(words="Lift pengunjung macet lagi."))
    await Desk(runtime).submit(submission())

    async with served.signed_in(ayu) as browser, served.browser() as other:
        found = await browser.post("/console/inbox/search", {"words": "macet"})
        links = found.links("#rows .open")
        stranger = await hire(runtime, "tono", "officer")
        await other.let_in(stranger)
        stolen = await other.get(links[0].replace(f"/tickets/{there.number}", "/inbox"))

    assert [there.number in link for link in links] == [True]
    assert all("macet" not in link for link in [*links, found.path, *found.links()])
    assert stolen.status == 404


async def test_a_number_leads_straight_to_its_ticket(
    runtime: Runtime, served: Served, ayu: Person
) -> None:
    there = await Desk(runtime).submit(submission())
    hidden = await Desk(runtime).submit(submission(qr_token=None, unit_code="FARMASI"))

    async with served.signed_in(ayu) as browser:
        straight = await browser.post("/console/inbox/search", {"words": there.number.lower()})
        nowhere = await browser.post("/console/inbox/search", {"words": hidden.number})

    assert straight.path == f"/console/tickets/{there.number}"
    assert nowhere.path == "/console/inbox"
    assert hidden.number not in "".join(nowhere.links())


async def test_a_view_is_kept_under_a_name_and_forgotten(
    runtime: Runtime, served: Served, ayu: Person
) -> None:
    await Desk(runtime).submit(submission(kind="suggestion"))
    await Desk(runtime).submit(submission())

    async with served.signed_in(ayu) as browser:
        kept = await browser.post(
            "/console/inbox/views", {"queue": "unit", "kind": "suggestion", "name": "Saran kami"}
        )
        [drop] = [node.attributes["value"] or "" for node in kept.tree.css("button[name=view]")]
        gone = await browser.post("/console/inbox/views/drop", {"view": drop})

    assert kept.one("#list-title") == "Saran kami"
    assert len(kept.links("#rows .open")) == 1
    assert kept.one(".queues [aria-current] .count") == "1"
    assert "Saran kami" not in gone.text


async def test_what_is_picked_is_given_and_nothing_is_forced(
    runtime: Runtime, served: Served, ayu: Person
) -> None:
    one, two = await Desk(runtime).submit(submission()), await Desk(runtime).submit(submission())
    stranger = await hire(runtime, "tono", "officer", unit_id=FARMASI)
    to = {"to": str(ayu.user_id)}

    async with served.signed_in(ayu) as browser:
        nobody = await browser.post("/console/inbox/assign", to)
        given = await browser.post("/console/inbox/assign", to | {"pick": f"{one.number}~1"})
        await Casework(runtime).assign(two.ticket_id, OFFICER, by=None)
        late = await browser.post("/console/inbox/assign", to | {"pick": f"{two.number}~1"})
        wrong = await browser.post(
            "/console/inbox/assign", {"to": str(stranger.user_id), "pick": f"{one.number}~2"}
        )

    assert nobody.status == 422
    assert given.one(".banner.good") == "Sudah ditugaskan."
    assert late.status == wrong.status == 409
    assert "baru saja diubah orang lain" in late.one(".banner.bad li")
    assert "tidak melihat unitnya" in wrong.one(".banner.bad li")
    async with transaction(runtime.database) as session:
        holders = dict((await session.execute(select(Ticket.id, Ticket.assigned_to))).all())
    assert holders == {one.ticket_id: ayu.user_id, two.ticket_id: OFFICER}


async def test_counts_are_told_as_tickets_arrive_and_the_line_ends_with_the_session(
    runtime: Runtime, served: Served, ayu: Person
) -> None:
    async with (
        served.signed_in(ayu) as browser,
        browser.session.get("/console/inbox/events") as line,
        asyncio.timeout(30),
    ):
        first = await _counts(line.content)
        await Desk(runtime).submit(submission())
        second = await _counts(line.content)
        await browser.post("/console/sign-out")
        await Desk(runtime).submit(submission())
        rest = await line.content.read()

    assert (first["unit"], second["unit"]) == ("0", "1")
    assert b'"unit": "2"' not in rest


async def _counts(stream: aiohttp.StreamReader) -> dict[str, str]:
    async for row in stream:
        if row.startswith(b"data: "):
            told: dict[str, str] = json.loads(row.removeprefix(b"data: "))
            return told
    raise AssertionError("the line ended")
