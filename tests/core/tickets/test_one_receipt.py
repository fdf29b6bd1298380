"""A report told again, on PostgreSQL: one ticket, one receipt, nothing lost and nothing doubled."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text

from core.ground.concealed import address_kept
from core.ground.database import transaction
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.submission import Address, Again, StoredFile, Submission, Submitter
from tests.builders import FARMASI, MELATI, OFFICER, Hands, submission

SITI = Submitter(name="Siti", email="siti@example.org")
MAILBOX = Address(channel="email", address="siti@example.org")
PHOTO = StoredFile(name="ac.jpg", path="ab/abc", size=3, mime_type="image/jpeg")
FIRST = submission(key="page", words="AC mati.")
NAMED = replace(FIRST, submitter=SITI, addresses=(MAILBOX,))
HIDDEN = replace(FIRST, anonymous=True)


async def rows(runtime: Runtime, query: str) -> list[dict[str, object]]:
    async with transaction(runtime.database) as session:
        return [dict(row) for row in (await session.execute(text(query))).mappings()]


async def told(runtime: Runtime) -> dict[str, object]:
    """Return everything that a repeat could change, but for its clock."""
    tickets = await rows(
        runtime,
        "SELECT type, unit_id, submitter_name AS name, submitter_email AS email, is_anonymous,"
        " status, description FROM tickets ORDER BY ticket_number",
    )
    bodies = await rows(runtime, "SELECT body FROM messages ORDER BY received_at, id")
    kinds = await rows(runtime, "SELECT kind FROM events ORDER BY seq")
    places = await rows(runtime, "SELECT address FROM ticket_addresses ORDER BY rank")
    files = await rows(runtime, "SELECT file_path FROM ticket_attachments ORDER BY created_at, id")
    news = await rows(runtime, "SELECT template, recipient_ref FROM deliveries ORDER BY seq")
    return {
        "tickets": tickets,
        "words": [row["body"] for row in bodies],
        "events": [row["kind"] for row in kinds],
        "places": [row["address"] for row in places],
        "files": [row["file_path"] for row in files],
        "news": [(row["template"], row["recipient_ref"]) for row in news],
    }


@pytest.mark.parametrize(
    ("first", "again", "events"),
    [
        pytest.param(FIRST, FIRST, [], id="equal"),
        pytest.param(FIRST, replace(FIRST, words="AC mati. "), [], id="equal but for a space"),
        pytest.param(FIRST, replace(FIRST, words="AC masih mati."), ["followed_up"], id="words"),
        pytest.param(FIRST, replace(FIRST, files=(PHOTO,)), ["followed_up"], id="a photo"),
        pytest.param(FIRST, replace(FIRST, kind="suggestion"), ["amended"], id="kind"),
        pytest.param(FIRST, NAMED, ["amended"], id="contact"),
        pytest.param(HIDDEN, NAMED, ["amended"], id="unknown before, named now"),
        pytest.param(NAMED, HIDDEN, ["amended"], id="named before, unknown now"),
        pytest.param(NAMED, FIRST, [], id="left out"),
        pytest.param(FIRST, replace(FIRST, unit_id=FARMASI, qr_token=None), ["moved"], id="unit"),
        pytest.param(
            FIRST,
            replace(NAMED, words="Gelap.", unit_id=FARMASI, qr_token=None, files=(PHOTO,)),
            ["amended", "moved", "followed_up"],
            id="everything",
        ),
    ],
)
async def test_a_repeat_after_a_lost_answer_is_merged_once(
    runtime: Runtime, first: Submission, again: Submission, events: list[str]
) -> None:
    desk = Desk(runtime)
    receipt = await desk.submit(first)

    receipts = [await desk.submit(again) for _ in range(3)]
    receipts += await asyncio.gather(*[desk.submit(each) for each in (first, again) * 5])

    assert {one.number for one in receipts} == {receipt.number}
    assert {one.tracking_code for one in receipts} == {receipt.tracking_code}
    assert all(one.repeated for one in receipts)
    assert [one.merged for one in receipts].count(True) == bool(events)
    assert (await told(runtime))["events"] == ["received", *events]
    assert {one.key for one in receipts} == {"page"}


async def test_an_added_address_gets_the_receipt_and_all_news_from_now_on(runtime: Runtime) -> None:
    desk = Desk(runtime)
    old = Address(channel="email", address="sity@example.org")
    first = await desk.submit(replace(FIRST, addresses=(old,)))

    again = await desk.submit(NAMED)
    await Casework(runtime).reply(first.ticket_id, "Teknisi datang.", by=OFFICER)

    facts = await told(runtime)
    assert again.differs == ("name", "email", "places")
    assert facts["places"] == ["siti@example.org", "sity@example.org"]
    assert facts["news"] == [
        ("received", "sity@example.org"),
        ("unit_received", "melati@rs.example.org"),
        ("received", "siti@example.org"),
        ("replied", "siti@example.org"),
    ]
    [ticket] = await rows(runtime, "SELECT submitter_name, submitter_email FROM tickets")
    assert ticket == {"submitter_name": "Siti", "submitter_email": "siti@example.org"}


async def test_whoever_asks_to_stay_unknown_now_is(runtime: Runtime) -> None:
    desk = Desk(runtime)
    await desk.submit(replace(NAMED, ip_address="10.0.0.1", user_agent="x", submitter=SITI))

    await desk.submit(replace(HIDDEN, addresses=(MAILBOX,)))

    [row] = await rows(
        runtime,
        "SELECT submitter_name, submitter_email, ip_address, user_agent, is_anonymous FROM tickets",
    )
    assert list(row.values()) == [None, None, None, None, True]
    assert (await told(runtime))["places"] == [
        address_kept(runtime.secret, "siti@example.org", conceals=True)
    ]


async def test_another_unit_moves_the_report_with_an_event_and_tells_the_unit(
    runtime: Runtime,
) -> None:
    desk = Desk(runtime)
    first = await desk.submit(replace(FIRST, qr_token=None, unit_id=FARMASI))

    again = await desk.submit(FIRST)

    assert (first.unit_name, again.unit_name) == ("Farmasi", "Ruang Melati")
    assert again.due_at == first.due_at  # it was promised
    [_, moved] = await rows(runtime, "SELECT kind, actor, data FROM events ORDER BY seq")
    assert moved["data"] == {"origin": str(FARMASI), "to": str(MELATI)}
    assert moved["actor"] == "submitter"
    assert (await told(runtime))["news"] == [("unit_received", "melati@rs.example.org")]


async def test_what_staff_did_meanwhile_stays(runtime: Runtime) -> None:
    desk, casework = Desk(runtime), Casework(runtime)
    first = await desk.submit(FIRST)
    await casework.move(first.ticket_id, FARMASI, by=OFFICER, reason="Obat.")
    await casework.start(first.ticket_id, by=OFFICER)

    same = await desk.submit(replace(FIRST, submitter=SITI))
    desks = await rows(runtime, "SELECT id FROM units WHERE is_triage_desk")
    other = await desk.submit(replace(FIRST, qr_token=None, unit_id=desks[0]["id"]))  # type: ignore[arg-type]

    assert (same.differs, other.differs) == (("name", "email"), ("unit",))
    [ticket] = await rows(runtime, "SELECT unit_id, status FROM tickets")
    assert ticket == {"unit_id": FARMASI, "status": "in_progress"}
    [*_, remark] = await rows(runtime, "SELECT kind, data FROM events ORDER BY seq")
    assert remark == {"kind": "amended", "data": {"what": [], "left": ["unit"]}}


async def test_words_told_again_reopen_and_long_after_closing_are_a_new_linked_ticket(
    runtime: Runtime, hands: Hands
) -> None:
    desk, casework = Desk(runtime), Casework(runtime)
    first = await desk.submit(FIRST)
    await casework.close(first.ticket_id, "Selesai.", by=OFFICER)
    reopened = await desk.submit(replace(FIRST, words="Masih panas."))
    assert (await told(runtime))["tickets"][0]["status"] == "open"  # type: ignore[index]
    await casework.close(first.ticket_id, "Selesai.", by=OFFICER)
    hands.move(days=31)

    late = replace(FIRST, words="Panas lagi.")
    linked, again = [await desk.submit(late) for _ in range(2)]

    assert reopened.number == first.number
    assert linked.number == again.number != first.number
    assert linked.tracking_code == again.tracking_code
    assert await desk.find(linked.tracking_code) == linked.ticket_id
    assert len(await rows(runtime, "SELECT id FROM tickets")) == 2


async def test_after_the_receipt_was_seen_other_words_are_another_report_once(
    runtime: Runtime,
) -> None:
    desk = Desk(runtime)
    first = await desk.submit(FIRST)
    other = replace(FIRST, words="Perawat di kamar 5 ketus.", again=Again.ANOTHER)

    receipts = await asyncio.gather(*[desk.submit(other) for _ in range(6)])
    unsure = await desk.submit(replace(other, again=Again.MERGE))

    [number] = {one.number for one in receipts}
    assert number != first.number
    assert unsure.number == number
    assert [one.repeated for one in receipts].count(False) == 1
    assert (await told(runtime))["words"] == ["AC mati.", "Perawat di kamar 5 ketus."]
    for one in (first, receipts[0]):
        assert await desk.find(one.tracking_code) == one.ticket_id


async def test_after_the_receipt_was_seen_equal_words_are_no_other_report(runtime: Runtime) -> None:
    desk = Desk(runtime)
    await desk.submit(FIRST)

    same = await desk.submit(replace(FIRST, again=Again.ANOTHER))
    more = await desk.submit(replace(NAMED, files=(PHOTO,), again=Again.ANOTHER))

    assert (same.repeated, same.differs, same.merged) == (True, (), False)
    assert (more.repeated, more.differs, more.merged) == (
        True,
        ("files", "name", "email", "places"),
        True,
    )
    assert len(await rows(runtime, "SELECT id FROM tickets")) == 1


async def test_where_somebody_is_asked_first_nothing_changes(runtime: Runtime) -> None:
    desk = Desk(runtime)
    await desk.submit(FIRST)
    before = await told(runtime)

    asked = await desk.submit(replace(NAMED, words="Lain.", again=Again.LEAVE))

    assert (asked.repeated, asked.is_same, asked.merged) == (True, False, False)
    assert asked.differs == ("words", "name", "email", "places")
    assert await told(runtime) == before


async def test_a_merge_is_part_of_the_callers_transaction(runtime: Runtime) -> None:
    desk = Desk(runtime)
    await desk.submit(FIRST)
    before = await told(runtime)

    async with transaction(runtime.database) as session:
        merged = await desk.submit_within(session, replace(NAMED, words="Lain."))
        await session.rollback()

    assert merged.merged
    assert await told(runtime) == before


async def test_equal_keys_on_two_tickets_are_two_follow_ups(runtime: Runtime) -> None:
    desk = Desk(runtime)
    one, other = [(await desk.submit(submission())).ticket_id for _ in range(2)]
    more = FollowUp(channel="web", key="equal", words="Masih.")

    told_to = [await desk.follow_up(ticket, more) for ticket in (one, other, one, other)]

    assert [each.ticket_id for each in told_to] == [one, other, one, other]
    assert [each.repeated for each in told_to] == [False, False, True, True]
    said = await rows(runtime, "SELECT ticket_id FROM messages WHERE body = 'Masih.'")
    assert {row["ticket_id"] for row in said} == {one, other}
    assert len(said) == 2


async def test_a_follow_up_told_again_has_the_receipt_of_its_new_ticket(
    runtime: Runtime, hands: Hands
) -> None:
    desk = Desk(runtime)
    old = await desk.submit(FIRST)
    await Casework(runtime).close(old.ticket_id, "Selesai.", by=OFFICER)
    hands.move(days=31)
    more = FollowUp(channel="web", key="late", words="Terjadi lagi.")

    first, again = [await desk.follow_up(old.ticket_id, more) for _ in range(2)]

    assert first.receipt is not None
    assert again.receipt is not None
    assert (again.ticket_id, again.number) == (first.ticket_id, first.number)
    assert again.receipt.tracking_code == first.receipt.tracking_code
    assert (first.repeated, again.repeated) == (False, True)
    assert len(await rows(runtime, "SELECT id FROM tickets")) == 2


async def test_a_follow_up_told_again_adds_what_is_new_in_it_once(
    runtime: Runtime, hands: Hands
) -> None:
    desk = Desk(runtime)
    ticket = (await desk.submit(FIRST)).ticket_id
    more = FollowUp(channel="web", key="box", words="Masih panas.", again=Again.MERGE)
    photo = replace(more, files=(PHOTO,))
    changed = replace(photo, words="Masih panas sekali.")

    for each in (more, more, photo, photo, changed, more, changed):
        hands.move(seconds=1)
        await desk.follow_up(ticket, each)

    facts = await told(runtime)
    assert facts["words"] == ["AC mati.", "Masih panas.", "", "Masih panas sekali."]
    assert facts["files"] == ["ab/abc"]


async def test_other_words_of_a_follow_up_to_a_ticket_closed_long_ago_are_not_lost(
    runtime: Runtime, hands: Hands
) -> None:
    desk = Desk(runtime)
    old = await desk.submit(FIRST)
    await Casework(runtime).close(old.ticket_id, "Selesai.", by=OFFICER)
    hands.move(days=31)
    more = FollowUp(channel="web", key="late", words="Terjadi lagi.", again=Again.MERGE)
    first = await desk.follow_up(old.ticket_id, more)

    again = await desk.follow_up(old.ticket_id, replace(more, words="Dan bocor."))

    assert again.number == first.number
    assert again.receipt is not None
    assert (await told(runtime))["words"][-2:] == ["Terjadi lagi.", "Dan bocor."]  # type: ignore[index]
    assert len(await rows(runtime, "SELECT id FROM tickets")) == 2
