"""Calls taken down: what becomes of each field, drafts, callers known again, status told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from core.calls.draft import LATE
from core.calls.facts import is_same_person
from core.calls.ringing import ring
from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.submission import Submitter
from core.tickets.ticket import Ticket
from intake.console.phone.spelling import spelled
from tests.builders import FARMASI, MELATI, OFFICER, TOKEN, Hands, submission
from tests.intake.console.phone.agents import call, rows, take_down
from tests.intake.console.staff import Browser, Person, Served, hire


async def ticket(runtime: Runtime) -> Ticket:
    async with transaction(runtime.database) as session:
        return (await session.scalars(select(Ticket))).one()


async def test_a_call_ends_with_number_and_code_to_read_out(
    runtime: Runtime, at_desk: Browser
) -> None:
    page = await take_down(at_desk)

    filed = await ticket(runtime)
    assert (page.status, page.path) == (200, "/console/phone/done")
    assert page.one("#number") == filed.ticket_number
    assert await Desk(runtime).find(page.one("#code")) == filed.id
    assert "Kamis, 26 November 2026 pukul 10.00 WIB" in page.text
    assert len(page.all(".spelled:not(.small-signs) .sign")) == 16


async def test_everything_told_is_on_the_ticket(
    runtime: Runtime, at_desk: Browser, agent: Person
) -> None:
    await take_down(
        at_desk,
        for_whom="family",
        patient="Ayah Contoh",
        occurred="2026-11-23T07:30",
        wish="Obat datang hari ini.",
        kind="complaint",
        category="PHR",
        grade="yellow",
        read_back="yes",
        call="evening",
    )

    filed = await ticket(runtime)
    assert filed.description == (
        "Obat untuk ayah belum datang sejak pagi.\n\nHarapan pelapor: Obat datang hari ini."
    )
    assert (filed.unit_id, filed.source, filed.reporting) == (MELATI, "phone", "lisan")
    assert (filed.submitter_phone, filed.submitter_name) == ("+6281200000001", "Sari Contoh")
    assert (filed.created_by, filed.for_whom, filed.risk_grade) == (agent.user_id, "family", None)
    assert filed.occurred_at == filed.received_at - timedelta(hours=2, minutes=30)
    assert await rows(
        runtime,
        "SELECT way, patient, proposed_grade, read_back, consent_at = taken_at, call_window"
        " FROM calls",
    ) == [("phone", "Ayah Contoh", "yellow", True, True, "evening")]
    [(remarks,)] = await rows(runtime, "SELECT remarks->'remarks' FROM messages")
    assert remarks == ["Mengenai: Ayah Contoh", "Usulan tingkat risiko: Kuning"]


@pytest.mark.parametrize(
    ("way", "reporting"),
    [("phone", "lisan"), ("walk_in", "lisan"), ("paper", "tulisan"), ("press", "media massa")],
)
async def test_each_way_counts_as_the_kwtk_form_says(
    runtime: Runtime, at_desk: Browser, way: str, reporting: str
) -> None:
    page = await take_down(at_desk, way=way)

    assert page.status == 200
    assert (await ticket(runtime)).reporting == reporting


async def test_a_letter_counts_from_the_day_it_arrived(
    runtime: Runtime, at_desk: Browser, hands: Hands
) -> None:
    await take_down(at_desk, way="paper", received="2026-11-20T09:00", consent="")

    assert (await ticket(runtime)).received_at == hands.now - timedelta(days=3, hours=1)


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("MELATI-1", MELATI),
        ("melati1", MELATI),
        ("ruang melati", MELATI),
        ("ruang melati kamar 3", MELATI),
        ("apotek", FARMASI),
        ("FARMASI", FARMASI),
        ("farm", FARMASI),
    ],
)
async def test_a_place_is_found_as_it_is_said(
    runtime: Runtime, at_desk: Browser, typed: str, unit: object
) -> None:
    await take_down(at_desk, place=typed)

    assert (await ticket(runtime)).unit_id == unit


async def test_a_place_nobody_knows_is_kept_and_goes_to_triage(
    runtime: Runtime, at_desk: Browser
) -> None:
    await take_down(at_desk, place="gedung bundar")

    [(desk, remarks)] = await rows(
        runtime,
        "SELECT u.is_triage_desk, m.remarks->'remarks' FROM tickets t"
        " JOIN units u ON u.id = t.unit_id JOIN messages m ON m.ticket_id = t.id",
    )
    assert desk is True
    assert remarks == ["Tempat menurut pelapor: gedung bundar"]


async def test_a_code_on_the_wall_is_kept_with_the_ticket(
    runtime: Runtime, at_desk: Browser
) -> None:
    await take_down(at_desk, place="melati 1")

    [(token,)] = await rows(
        runtime, "SELECT q.token FROM tickets t JOIN qr_codes q ON q.id = t.qr_code_id"
    )
    assert token == TOKEN


async def test_unnamed_leaves_no_name_and_no_number(runtime: Runtime, at_desk: Browser) -> None:
    page = await take_down(at_desk, unnamed="yes", consent="", patient="Ayah Contoh")

    filed = await ticket(runtime)
    assert page.all("#code")
    assert (filed.is_anonymous, filed.submitter_name, filed.submitter_phone) == (True, None, None)
    assert await rows(runtime, "SELECT address FROM ticket_addresses") == []
    assert await rows(runtime, "SELECT patient, call_window FROM calls") == [(None, None)]


@pytest.mark.parametrize(
    ("danger", "story", "matched"),
    [
        ("yes", "Obat untuk ayah belum datang sejak pagi.", []),
        ("", "Tolong, ayah saya tidak sadar!", ["tidak sadar"]),
    ],
    ids=["ticked", "said"],
)
async def test_danger_goes_to_the_top_and_sounds_the_alarm(
    runtime: Runtime, at_desk: Browser, danger: str, story: str, matched: list[str]
) -> None:
    await take_down(at_desk, danger=danger, story=story)

    filed = await ticket(runtime)
    assert (filed.urgency_level, filed.priority) == (5, "critical")
    query = "SELECT channel, ticket_id, words, matched, raised_at, seen_at FROM alarms"
    assert await rows(runtime, query) == [
        ("phone", filed.id, story, matched, filed.received_at, None)
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"story": ""}, "story"),
        ({"story": "\u200b\u200d"}, "story"),
        ({"consent": ""}, "consent"),
        ({"number": "123"}, "number"),
        ({"number": "", "call": "any"}, "call"),
        ({"occurred": "2026-11-24T09:00"}, "occurred"),
        ({"occurred": "kemarin"}, "occurred"),
    ],
)
async def test_what_is_missing_is_said_beside_its_field_and_all_is_kept(
    runtime: Runtime, at_desk: Browser, changes: dict[str, str], field: str
) -> None:
    page = await take_down(at_desk, wish="Obat datang hari ini.", **changes)

    assert page.status == 422
    assert page.all(f"#{field}-problem")
    assert f"#{field}" in page.links("#summary a")
    assert page.fields("#call-form")["wish"] == "Obat datang hari ini."
    assert await rows(runtime, "SELECT id FROM tickets") == []


async def test_sent_twice_it_is_one_ticket_and_the_same_code(
    runtime: Runtime, at_desk: Browser
) -> None:
    typed = call()

    first = await at_desk.post("/console/phone", typed)
    again = await at_desk.post("/console/phone", typed)

    assert first.one("#code") == again.one("#code")
    assert len(await rows(runtime, "SELECT id FROM tickets")) == 1


async def test_the_code_is_shown_to_nobody_but_the_agent_who_took_the_call(
    runtime: Runtime, served: Served, at_desk: Browser
) -> None:
    typed = call()
    await at_desk.post("/console/phone", typed)
    other = await hire(runtime, "lain", "agent")

    async with served.signed_in(other) as browser:
        page = await browser.get(f"/console/phone/done?call={typed['id']}")

    assert page.status == 404


async def test_a_draft_comes_back_and_ends_with_its_call(
    runtime: Runtime, at_desk: Browser
) -> None:
    typed = call(story="Baru setengah")

    saved = await at_desk.post("/console/phone/drafts", typed)
    desk = await at_desk.get("/console/phone")
    back = await at_desk.get(f"/console/phone?draft={typed['id']}")
    await at_desk.post("/console/phone", typed)
    late = await at_desk.post("/console/phone/drafts", typed)

    assert (saved.status, late.status) == (204, 410)
    assert f"/console/phone?draft={typed['id']}" in desk.links()
    fields = back.fields("#call-form")
    assert (fields["id"], fields["story"], fields["call"]) == (typed["id"], "Baru setengah", "any")
    assert await rows(runtime, "SELECT id FROM call_drafts") == []


async def test_drafts_are_ones_own_and_forgotten_after_three_days(
    runtime: Runtime, served: Served, at_desk: Browser, hands: Hands
) -> None:
    typed = call()
    await at_desk.post("/console/phone/drafts", typed)
    other = await hire(runtime, "lain", "agent")

    async with served.signed_in(other) as browser:
        stolen = await browser.get(f"/console/phone?draft={typed['id']}")
        await browser.post("/console/phone/drafts", typed | {"story": "diubah"})
        await browser.post("/console/phone/drafts/drop", {"draft": typed["id"]})
    kept = {story for (story,) in await rows(runtime, "SELECT fields->>'story' FROM call_drafts")}
    hands.move(hours=73)
    async with served.signed_in(other) as browser:
        await browser.get("/console/phone")

    assert stolen.fields("#call-form")["story"] == ""
    assert kept == {typed["story"], "diubah"}  # side by side
    assert await rows(runtime, "SELECT id FROM call_drafts") == []


async def test_a_draft_can_be_thrown_away(runtime: Runtime, at_desk: Browser) -> None:
    typed = call()
    await at_desk.post("/console/phone/drafts", typed)

    page = await at_desk.post("/console/phone/drafts/drop", {"draft": typed["id"]})

    assert page.path == "/console/phone"
    assert f"/console/phone?draft={typed['id']}" not in page.links()
    assert await rows(runtime, "SELECT fields FROM call_drafts") == [({},)]


async def test_a_pages_last_saving_does_not_bring_back_what_was_thrown_away(
    runtime: Runtime, at_desk: Browser, hands: Hands
) -> None:
    typed, stories = call(), "SELECT fields->>'story' FROM call_drafts"
    await at_desk.post("/console/phone/drafts", typed)
    await at_desk.post("/console/phone/drafts/drop", {"draft": typed["id"]})

    late = await at_desk.post("/console/phone/drafts", typed)
    at_once = await rows(runtime, stories)
    hands.now += LATE
    await at_desk.post("/console/phone/drafts", typed | {"story": "Ditulis lagi sesudahnya."})

    assert (late.status, at_once) == (204, [(None,)])
    assert await rows(runtime, stories) == [("Ditulis lagi sesudahnya.",)]


async def test_a_press_keeps_even_what_was_thrown_away_a_moment_ago(at_desk: Browser) -> None:
    typed = call()
    await at_desk.post("/console/phone/drafts", typed)
    await at_desk.post("/console/phone/drafts/drop", {"draft": typed["id"]})

    page = await at_desk.post("/console/phone/look", typed)

    assert page.fields("#call-form")["story"] == typed["story"]


async def test_an_empty_form_is_no_draft(runtime: Runtime, at_desk: Browser) -> None:
    saved = await at_desk.post("/console/phone/drafts", {"id": str(uuid4()), "way": "phone"})

    assert saved.status == 204
    assert await rows(runtime, "SELECT id FROM call_drafts") == []


async def test_a_caller_is_known_by_the_number_however_it_is_typed(
    runtime: Runtime, at_desk: Browser, agent: Person
) -> None:
    known = Submitter(name="Sari Contoh", phone="(0812) 0000-0001")
    receipt = await Desk(runtime).submit(submission(submitter=known))

    part = await at_desk.post("/console/phone/caller", {"number": "+62 812 0000 0001"})

    assert receipt.number in part.text
    assert part.all(".banner.warn") == []
    assert await rows(runtime, "SELECT user_id, what, ticket_id, data->>'by' FROM audit.reads") == [
        (agent.user_id, "person", receipt.ticket_id, "number")
    ]


async def test_without_a_script_the_desk_looks_up_and_keeps_what_is_typed(
    runtime: Runtime, at_desk: Browser
) -> None:
    await Desk(runtime).submit(submission(submitter=Submitter(phone="0812 0000 0001")))

    page = await at_desk.post("/console/phone/look", call(story="Baru setengah"))

    assert page.all("#caller .earlier li")
    assert page.fields("#call-form")["story"] == "Baru setengah"
    assert "0812" not in page.path


@pytest.mark.parametrize(
    ("place", "hours", "hints"),
    [("Ruang Melati", 71, 1), ("Ruang Melati", 73, 0), ("Farmasi", 1, 0)],
)
async def test_a_repeat_is_the_same_number_and_unit_within_three_days(
    at_desk: Browser, hands: Hands, place: str, hours: int, hints: int
) -> None:
    await Desk(at_desk.runtime).submit(
        submission(
            submitter=Submitter(phone="0812 0000 0001"),
            received_at=hands.now - timedelta(hours=hours),
        )
    )

    part = await at_desk.post("/console/phone/caller", {"number": "081200000001", "place": place})

    assert len(part.all(".banner.warn")) == hints


async def test_a_call_that_rings_fills_in_its_number(
    runtime: Runtime, at_desk: Browser, hands: Hands
) -> None:
    async with transaction(runtime.database) as session:
        await ring(session, "pbx-1", "+6281200000001", hands.now)
    [(ring_id,)] = await rows(runtime, "SELECT id FROM ringing_calls")

    page = await at_desk.get(f"/console/phone?ring={ring_id}")

    assert page.fields("#call-form")["number"] == "0812-0000-0001"


async def test_the_desk_s_line_tells_what_rings_and_who_waits(
    runtime: Runtime, at_desk: Browser, hands: Hands
) -> None:
    async with transaction(runtime.database) as session:
        await ring(session, "pbx-1", "+6281200000001", hands.now)

    async with at_desk.session.get("/console/phone/events") as line:
        told = b""
        while b"event: waiting" not in told:
            told += await line.content.readline()

    assert b"0812-0000-0001" not in told
    assert b"001" in told


# ── How an earlier report stands ────────────────────────────────────────────


@pytest.fixture
async def earlier(runtime: Runtime, at_desk: Browser) -> dict[str, str]:
    page = await take_down(at_desk)
    filed = await ticket(runtime)
    await Casework(runtime).reply(filed.id, "Sudah kami antar.", by=OFFICER)
    await Casework(runtime).note(filed.id, "Rahasia rumah.", by=OFFICER)
    return {"number": page.one("#number"), "code": page.one("#code"), "id": str(filed.id)}


async def test_the_code_opens_what_may_be_told(
    runtime: Runtime, at_desk: Browser, earlier: dict[str, str]
) -> None:
    page = await at_desk.post(
        "/console/phone/earlier-report", {"prove": "yes", "code": earlier["code"].lower()}
    )

    assert "Sudah kami antar." in page.text
    assert "Rahasia rumah." not in page.text
    assert ("ticket", "code") in await rows(runtime, "SELECT what, data->>'by' FROM audit.reads")


@pytest.mark.parametrize(
    ("number", "name", "told"),
    [
        ("0812 0000 0001", "ibu sari contoh", True),
        ("0812 0000 0001", "Contoh, Sari", True),
        ("0812 0000 0001", "Sari", False),
        ("0812 0000 0001", "Budi Contoh", False),
        ("0812 0000 0001", "", False),
        ("0812 0000 0002", "Sari Contoh", False),
        ("", "Sari Contoh", False),
    ],
)
async def test_number_and_name_together_open_it_too(
    at_desk: Browser, earlier: dict[str, str], number: str, name: str, told: bool
) -> None:
    facts = {"prove": "yes", "ticket": earlier["number"], "number": number, "name": name}

    page = await at_desk.post("/console/phone/earlier-report", facts)

    assert ("Sudah kami antar." in page.text) is told
    assert page.status == (200 if told else 422)


async def test_what_a_caller_adds_is_on_the_ticket_once(
    runtime: Runtime, at_desk: Browser, earlier: dict[str, str]
) -> None:
    page = await at_desk.post(
        "/console/phone/earlier-report", {"prove": "yes", "code": earlier["code"]}
    )
    more = page.fields("form[action$=add]") | {"words": "Belum sampai juga."}

    for _ in range(2):
        page = await at_desk.post("/console/phone/earlier-report/add", more)

    assert page.status == 200
    assert "Belum sampai juga." in page.text
    query = "SELECT author FROM messages WHERE body = 'Belum sampai juga.'"
    assert await rows(runtime, query) == [("submitter",)]


async def test_a_solved_report_is_closed_or_opened_again_by_the_caller(
    runtime: Runtime, at_desk: Browser, earlier: dict[str, str]
) -> None:
    filed = await ticket(runtime)
    await Casework(runtime).resolve(filed.id, "Selesai.", by=OFFICER)
    page = await at_desk.post(
        "/console/phone/earlier-report", {"prove": "yes", "code": earlier["code"]}
    )

    await at_desk.post("/console/phone/earlier-report/confirm", page.fields("form[action$=add]"))
    closed = (await ticket(runtime)).status
    more = page.fields("form[action$=add]") | {"words": "Ternyata belum."}
    await at_desk.post("/console/phone/earlier-report/add", more)

    assert (closed, (await ticket(runtime)).status) == ("closed", "open")


async def test_a_seal_is_one_agent_s_and_not_for_the_day(
    runtime: Runtime, served: Served, at_desk: Browser, earlier: dict[str, str], hands: Hands
) -> None:
    page = await at_desk.post(
        "/console/phone/earlier-report", {"prove": "yes", "code": earlier["code"]}
    )
    more = page.fields("form[action$=add]") | {"words": "Curian."}
    other = await hire(runtime, "lain", "agent")

    async with served.signed_in(other) as browser:
        stolen = await browser.post("/console/phone/earlier-report/add", more)
    forged = await at_desk.post(
        "/console/phone/earlier-report/add", more | {"seal": f"{earlier['id']}.9999999999.00"}
    )
    hands.move(minutes=31)
    late = await at_desk.post("/console/phone/earlier-report/add", more)

    assert (stolen.status, forged.status, late.status) == (404, 404, 404)
    assert await rows(runtime, "SELECT id FROM messages WHERE body = 'Curian.'") == []


async def test_nothing_added_is_said_beside_the_field(
    at_desk: Browser, earlier: dict[str, str]
) -> None:
    page = await at_desk.post(
        "/console/phone/earlier-report", {"prove": "yes", "code": earlier["code"]}
    )

    page = await at_desk.post("/console/phone/earlier-report/add", page.fields("form[action$=add]"))

    assert page.status == 422
    assert page.all("#words-problem")


async def test_what_is_about_the_agent_is_not_there_for_them(
    runtime: Runtime, at_desk: Browser, agent: Person, earlier: dict[str, str]
) -> None:
    async with transaction(runtime.database) as session:
        await session.execute(
            text(
                "INSERT INTO ticket_subjects (ticket_id, user_id, named_at) VALUES (:t, :u, now())"
            ),
            {"t": earlier["id"], "u": agent.user_id},
        )

    by_code = await at_desk.post(
        "/console/phone/earlier-report", {"prove": "yes", "code": earlier["code"]}
    )
    caller = await at_desk.post("/console/phone/caller", {"number": "081200000001"})

    assert by_code.status == 422
    assert earlier["number"] not in caller.text


def test_a_person_with_one_name_says_one_name() -> None:
    assert is_same_person("Pak Slamet", "Slamet")
    assert not is_same_person("Pak", "Pak")
    assert not is_same_person("Slamet Riyadi", "Slamet")
    assert not is_same_person("", None)


def test_a_code_is_spelled_in_groups() -> None:
    assert spelled("7K-x0", "id") == [
        [("7", "tujuh"), ("K", "Kilo")],
        [("X", "X-ray"), ("0", "nol")],
    ]
    assert spelled("²-1", "en") == [[("1", "one")]]


async def test_a_code_told_as_the_story_leads_to_the_proof_and_files_nothing(
    runtime: Runtime, at_desk: Browser, earlier: dict[str, str]
) -> None:
    told = await take_down(at_desk, story=f"kode saya {earlier['code'].lower()}")
    [code] = told.values("main form [name=code]")
    asked = await at_desk.post("/console/phone/earlier-report", {"code": code})
    proof = asked.fields() | {"prove": "yes"}
    shown = await at_desk.post("/console/phone/earlier-report", proof)

    assert told.status == 422
    assert "kode rahasia laporan yang sudah ada" in told.one("#story-problem")
    assert len(await rows(runtime, "SELECT 1 FROM tickets")) == 1
    assert earlier["number"] not in asked.text
    assert earlier["number"] in shown.text


async def test_neither_draft_nor_alarm_holds_a_code(
    runtime: Runtime, at_desk: Browser, earlier: dict[str, str]
) -> None:
    story = f"Sesak napas lagi, laporan lama {earlier['code']}"

    await at_desk.post("/console/phone/drafts", call(story=story))
    drafts = await rows(runtime, "SELECT fields FROM call_drafts")
    await take_down(at_desk, story=story, danger="yes")

    assert "Sesak napas lagi, laporan lama ••••" in str(drafts)
    for table in ("call_drafts", "alarms", "tickets", "messages"):
        assert earlier["code"] not in str(await rows(runtime, f"SELECT * FROM {table}"))
