"""The desk keeps its word for any input: a receipt, one ticket, every word."""

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from core.ground.database import DatabaseAwayError, transaction
from core.ground.text import clean
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.submission import Address, StoredFile, Submission, key_of
from tests.builders import FARMASI, OFFICER, submission
from tests.core.tickets.anything import follow_ups, hostile, submissions

on_one_database = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def rows(runtime: Runtime, query: str, **values: object) -> list[dict[str, Any]]:
    async with transaction(runtime.database) as session:
        return [dict(row) for row in (await session.execute(text(query), values)).mappings()]


async def told(runtime: Runtime, ticket_id: UUID) -> list[tuple[UUID, str, str]]:
    query = "SELECT event_id, channel, recipient_ref FROM deliveries WHERE ticket_id = :id"
    found = await rows(runtime, query, id=ticket_id)
    return [(row["event_id"], row["channel"], row["recipient_ref"].lower()) for row in found]


@given(submissions)
@on_one_database
async def test_any_submission_is_one_ticket_with_one_receipt(
    runtime: Runtime, report: Submission
) -> None:
    desk, report = Desk(runtime), replace(report, key=f"{report.key}{uuid4()}")

    receipt = await desk.submit(report)
    again = await desk.submit(report)

    assert again == replace(receipt, repeated=True)
    assert await desk.find(receipt.tracking_code) == receipt.ticket_id
    [kept] = await rows(
        runtime,
        "SELECT t.id, t.description, t.ticket_number, m.body FROM messages m"
        " JOIN tickets t ON t.id = m.ticket_id WHERE m.idempotency_key = :key",
        key=key_of(report.channel, report.key),
    )
    words = clean(report.words).strip()
    assert kept == {
        "id": receipt.ticket_id,
        "ticket_number": receipt.number,
        "description": words,
        "body": words,
    }
    assert max(Counter(await told(runtime, receipt.ticket_id)).values(), default=1) == 1


@given(follow_ups)
@on_one_database
async def test_anything_can_be_added_to_a_ticket_once(runtime: Runtime, more: FollowUp) -> None:
    desk, more = Desk(runtime), replace(more, key=f"{more.key}{uuid4()}")
    receipt = await desk.submit(submission())

    followed = await desk.follow_up(receipt.ticket_id, more)
    again = await desk.follow_up(receipt.ticket_id, more)

    assert (followed.number, followed.repeated) == (receipt.number, False)
    assert again == replace(followed, repeated=True)
    [kept] = await rows(
        runtime,
        "SELECT ticket_id, body, (SELECT count(*) FROM ticket_attachments a"
        " WHERE a.message_id = m.id) AS files FROM messages m WHERE m.idempotency_key = :key",
        key=more.idempotency_key,
    )
    words = clean(more.words).strip()
    assert kept == {"ticket_id": receipt.ticket_id, "body": words, "files": len(more.files)}
    assert max(Counter(await told(runtime, receipt.ticket_id)).values()) == 1


@given(words=hostile, reason=hostile, key=hostile)
@on_one_database
async def test_staff_too_may_write_anything(
    runtime: Runtime, words: str, reason: str, key: str
) -> None:
    desk, casework = Desk(runtime), Casework(runtime)
    ticket_id = (await desk.submit(submission())).ticket_id

    await casework.note(ticket_id, f"{words}.", by=OFFICER, key=f"{key}{uuid4()}")
    await casework.reply(ticket_id, f"{words}.", by=OFFICER)
    await casework.move(ticket_id, FARMASI, by=OFFICER, reason=reason)
    await casework.escalate(ticket_id, by=OFFICER, reason=reason)
    files = (StoredFile(name=words, path=key),)
    await casework.resolve(ticket_id, f"{words}.", by=OFFICER, files=files)
    await desk.rate(ticket_id, len(words) - 20, reason)
    await desk.confirm(ticket_id)

    query = "SELECT body FROM messages WHERE ticket_id = :id ORDER BY created_at"
    said = [row["body"] for row in await rows(runtime, query, id=ticket_id)]
    assert clean(f"{words}.").strip() in said


async def test_two_megabytes_of_words_are_a_report(runtime: Runtime) -> None:
    words = "Kata\0 pasien. " * (2_000_000 // 14)

    receipt = await Desk(runtime).submit(submission(words=words))

    [kept] = await rows(runtime, "SELECT description FROM tickets")
    assert kept["description"] == clean(words).strip()
    assert receipt.number == "TKT-20261123-0001"


async def test_what_came_through_a_door_that_nobody_knows_is_filed_and_says_so(
    runtime: Runtime,
) -> None:
    receipt = await Desk(runtime).submit(submission(channel="pigeon", key="k"))

    [kept] = await rows(runtime, "SELECT source, idempotency_key, remarks FROM tickets, messages")
    assert kept["source"] == "email"
    assert kept["idempotency_key"] == "pigeon:k"
    assert kept["remarks"] == {"remarks": ["channel: pigeon → email"]}
    assert not (await Desk(runtime).submit(submission(channel="email", key="k"))).repeated
    assert await Desk(runtime).find(receipt.tracking_code) == receipt.ticket_id


async def test_what_somebody_typed_in_who_is_not_on_the_staff_is_filed_and_says_so(
    runtime: Runtime,
) -> None:
    nobody = uuid4()

    await Desk(runtime).submit(submission(entered_by=nobody))

    [kept] = await rows(runtime, "SELECT created_by, author_id, remarks FROM tickets, messages")
    assert kept == {
        "created_by": None,
        "author_id": None,
        "remarks": {"remarks": [f"entered_by: {nobody} → –"]},
    }


@pytest.mark.parametrize("other", ["k\ufffd", "k"])
async def test_keys_that_differ_by_what_cannot_be_stored_are_two_reports(
    runtime: Runtime, other: str
) -> None:
    desk = Desk(runtime)

    first = await desk.submit(submission(key="k\0"))
    second = await desk.submit(submission(key=other))

    assert first.number != second.number
    assert first.tracking_code != second.tracking_code


async def test_within_a_callers_transaction_nothing_is_refused_either(runtime: Runtime) -> None:
    ward = Address(channel="email", address="Melati@RS.example.org")
    report = submission(
        channel="pigeon", entered_by=uuid4(), facts={"\0": float("nan")}, addresses=(ward, ward)
    )

    async with transaction(runtime.database) as session:
        receipt = await Desk(runtime).submit_within(session, report)

    assert (await Desk(runtime).submit(report)).number == receipt.number


async def test_a_code_that_is_deleted_while_its_report_is_filed_does_not_refuse_it(
    runtime: Runtime,
) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    await Desk(runtime).submit(submission())

    async with transaction(runtime.database) as session:
        await session.execute(text("DELETE FROM qr_codes"))
        filing = asyncio.create_task(Desk(runtime).submit(submission()))
        while not filing.done() and not await session.scalar(waiting):  # noqa: ASYNC110 - a lock rings no bell
            await asyncio.sleep(0.01)
        assert not filing.done()

    assert (await filing).unit_name == "Meja Pengaduan"


async def test_before_any_channel_is_registered_a_report_is_to_be_told_again(
    runtime: Runtime,
) -> None:
    await rows(runtime, "DELETE FROM channels RETURNING name")

    with pytest.raises(DatabaseAwayError):
        await Desk(runtime).submit(submission(channel="pi\0geon"))
