import asyncio
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import text

from core.ground.database import DatabaseAwayError, plain_url, transaction
from core.ground.errors import NotFoundError
from core.runtime import Runtime
from core.tickets.casework import Casework, ChangedMeanwhileError
from core.tickets.desk import Desk
from core.tickets.follow_up import FollowUp
from core.tickets.lifecycle import IllegalMoveError
from core.tickets.submission import Address, StoredFile, Submitter
from tests.builders import FARMASI, OFFICER, Hands, submission


async def rows(runtime: Runtime, query: str, **values: object) -> list[dict[str, object]]:
    async with transaction(runtime.database) as session:
        result = await session.execute(text(query), values)
        return [dict(row) for row in result.mappings()]


async def test_a_report_becomes_a_ticket_with_unit_number_and_promise(runtime: Runtime) -> None:
    receipt = await Desk(runtime).submit(submission(category="FAC"))

    assert receipt.number == "TKT-20261123-0001"
    assert receipt.unit_name == "Ruang Melati"
    assert (receipt.due_at - receipt.received_at).total_seconds() == 72 * 3600
    [ticket] = await rows(runtime, "SELECT * FROM tickets")
    assert ticket["routing_reason"] == "Kode QR yang dipindai terpasang di Ruang Melati."
    assert ticket["sla_reason"] == "72 jam: ketentuan kategori Fasilitas."
    [event] = await rows(runtime, "SELECT kind, actor, data FROM events")
    assert event == {"kind": "received", "actor": "submitter", "data": {"rule": "qr", "hours": 72}}


async def test_a_hundred_equal_submissions_at_once_are_one_ticket(runtime: Runtime) -> None:
    report = submission()

    receipts = await asyncio.gather(*[Desk(runtime).submit(report) for _ in range(100)])

    assert len({(r.number, r.tracking_code, r.due_at) for r in receipts}) == 1
    assert [r.repeated for r in receipts].count(False) == 1
    [counts] = await rows(
        runtime,
        "SELECT (SELECT count(*) FROM tickets) t, (SELECT count(*) FROM messages) m,"
        " (SELECT count(*) FROM events) e, (SELECT count(*) FROM deliveries) d",
    )
    assert counts == {"t": 1, "m": 1, "e": 1, "d": 1}


async def test_numbers_begin_anew_at_midnight_in_jakarta(runtime: Runtime, hands: Hands) -> None:
    desk = Desk(runtime)
    hands.now = hands.now.replace(hour=16, minute=59)  # 23:59 WIB
    first = [(await desk.submit(submission())).number for _ in range(2)]
    hands.move(minutes=2)
    second = [(await desk.submit(submission())).number for _ in range(2)]

    assert first == ["TKT-20261123-0001", "TKT-20261123-0002"]
    assert second == ["TKT-20261124-0001", "TKT-20261124-0002"]


async def test_the_ten_thousandth_ticket_of_a_day_has_five_digits(runtime: Runtime) -> None:
    desk = Desk(runtime)
    await desk.submit(submission())
    await rows(runtime, "UPDATE ticket_days SET base = base - 9998 RETURNING day")

    receipt = await desk.submit(submission())

    assert receipt.number == "TKT-20261123-10000"


async def test_a_change_of_the_directory_counts_for_the_very_next_report(runtime: Runtime) -> None:
    desk = Desk(runtime)
    await desk.submit(submission())
    await rows(runtime, f"UPDATE qr_codes SET unit_id = '{FARMASI}' RETURNING id")

    receipt = await desk.submit(submission())

    assert receipt.unit_name == "Farmasi"


@pytest.mark.parametrize(
    ("facts", "unit", "rule"),
    [
        ({"qr_token": None, "unit_code": "farmasi"}, "Farmasi", "chosen"),
        ({"qr_token": None, "recipient": "apotek+x@rs.example.org"}, "Farmasi", "recipient"),
        ({"qr_token": None, "category": "PHR"}, "Farmasi", "category"),
        ({"qr_token": "unknown" * 5}, "Meja Pengaduan", "triage"),
        ({"unit_code": "FARMASI", "category": "PHR"}, "Ruang Melati", "qr"),
    ],
)
async def test_the_first_rule_that_answers_decides(
    runtime: Runtime, facts: dict[str, object], unit: str, rule: str
) -> None:
    receipt = await Desk(runtime).submit(submission(**facts))

    assert receipt.unit_name == unit
    [event] = await rows(runtime, "SELECT data->>'rule' AS rule FROM events")
    assert event["rule"] == rule


async def test_hostile_secondary_fields_never_refuse_a_report(runtime: Runtime) -> None:
    await Desk(runtime).submit(
        submission(
            words="Tolong\0 \ud800 <script>",
            kind="rumour",
            language="xx",
            for_whom="nobody",
            urgency=99,
            title="t" * 5000,
            ip_address="not an address",
            user_agent="u" * 9000,
            submitter=Submitter(name="n" * 5000, phone="0" * 300, email="e" * 999),
            files=(StoredFile(name="f" * 2000 + ".jpg"),),
        )
    )

    [ticket] = await rows(runtime, "SELECT * FROM tickets")
    assert ticket["description"] == "Tolong\ufffd \ufffd <script>"
    assert (ticket["type"], ticket["language"], ticket["urgency_level"]) == ("complaint", "id", 5)
    assert ticket["ip_address"] is None
    [message] = await rows(runtime, "SELECT remarks FROM messages")
    assert "title: 5000 → 255" in message["remarks"]["remarks"]  # type: ignore[index]


async def test_an_anonymous_report_keeps_nothing_of_the_person(runtime: Runtime) -> None:
    await Desk(runtime).submit(
        submission(
            anonymous=True,
            submitter=Submitter(name="Bunga", phone="0800-0000-0002"),
            ip_address="192.0.2.1",
            user_agent="browser",
        )
    )

    [ticket] = await rows(runtime, "SELECT * FROM tickets")
    kept = {ticket[f"submitter_{what}"] for what in ("name", "email", "phone", "address")}
    assert kept | {ticket["ip_address"], ticket["user_agent"]} == {None}
    assert ticket["is_anonymous"] is True


async def test_the_tracking_code_opens_the_ticket_however_it_is_typed(runtime: Runtime) -> None:
    desk = Desk(runtime)
    receipt = await desk.submit(submission())

    typed = receipt.tracking_code.lower().replace("-", " ").replace("0", "o")

    assert await desk.find(typed) == receipt.ticket_id
    for wrong in ("", "0000-0000-0000-0000", receipt.number, "\0", "ÄÖÜ" * 9):
        with pytest.raises(NotFoundError):
            await desk.find(wrong)


async def test_news_goes_to_the_address_the_person_left(runtime: Runtime) -> None:
    desk, casework = Desk(runtime), Casework(runtime)
    receipt = await desk.submit(
        submission(
            language="en",
            submitter=Submitter(email="reporter@example.org"),
            addresses=(Address(channel="email", address="reporter@example.org"),),
        )
    )

    await casework.assign(receipt.ticket_id, OFFICER, by=None)
    await casework.reply(receipt.ticket_id, "Teknisi datang pukul 14.00.", by=OFFICER)
    await casework.note(receipt.ticket_id, "Suku cadang habis.", by=OFFICER)
    await casework.resolve(receipt.ticket_id, "AC sudah dingin.", by=OFFICER)

    told = await rows(
        runtime, "SELECT template, recipient_ref, language FROM deliveries ORDER BY seq"
    )
    assert [(t["template"], t["recipient_ref"], t["language"]) for t in told] == [
        ("received", "reporter@example.org", "en"),
        ("unit_received", "melati@rs.example.org", "id"),
        ("assigned", "petugas@rs.example.org", "id"),
        ("replied", "reporter@example.org", "en"),
        ("resolved", "reporter@example.org", "en"),
    ]


async def test_a_follow_up_joins_its_ticket_once_and_reopens_it(
    runtime: Runtime, hands: Hands
) -> None:
    desk, casework = Desk(runtime), Casework(runtime)
    receipt = await desk.submit(submission())
    await casework.resolve(receipt.ticket_id, "Sudah.", by=OFFICER)
    hands.move(hours=1)
    more = FollowUp(
        channel="web",
        key="more",
        words="Masih panas.",
        files=(StoredFile(name="kamar.jpg", path="ab/abc", size=3, mime_type="image/jpeg"),),
    )

    told = await asyncio.gather(*[desk.follow_up(receipt.ticket_id, more) for _ in range(10)])

    assert [t.repeated for t in told].count(False) == 1
    assert [t.reopened for t in told].count(True) == 1
    [ticket] = await rows(runtime, "SELECT status, resolved_at FROM tickets")
    assert ticket == {"status": "open", "resolved_at": None}
    query = "SELECT body FROM messages WHERE author = 'submitter' ORDER BY received_at"
    assert [message["body"] for message in await rows(runtime, query)] == [
        submission().words,
        "Masih panas.",
    ]
    [file] = await rows(
        runtime,
        "SELECT file_name, body FROM ticket_attachments a JOIN messages m ON m.id = a.message_id",
    )
    assert file == {"file_name": "kamar.jpg", "body": "Masih panas."}


async def test_an_automatic_answer_never_reopens(runtime: Runtime) -> None:
    desk = Desk(runtime)
    receipt = await desk.submit(submission())
    await Casework(runtime).resolve(receipt.ticket_id, "Sudah.", by=OFFICER)

    out = FollowUp(channel="email", key="ooo", words="Saya sedang cuti.", automatic=True)
    followed = await desk.follow_up(receipt.ticket_id, out)

    assert followed.reopened is False
    assert await rows(runtime, "SELECT status FROM tickets") == [{"status": "resolved"}]


async def test_a_follow_up_long_after_closing_is_a_new_linked_ticket(
    runtime: Runtime, hands: Hands
) -> None:
    desk, casework = Desk(runtime), Casework(runtime)
    old = await desk.submit(submission())
    await casework.close(old.ticket_id, "Selesai.", by=OFFICER)
    hands.move(days=31)

    followed = await desk.follow_up(
        old.ticket_id, FollowUp(channel="web", key="late", words="Terjadi lagi.")
    )

    assert followed.receipt is not None
    assert followed.number != old.number
    [new] = await rows(
        runtime, "SELECT description FROM tickets WHERE id = :id", id=followed.ticket_id
    )
    assert new == {"description": "Terjadi lagi."}
    [link] = await rows(runtime, "SELECT * FROM ticket_links")
    assert (link["ticket_id"], link["other_id"]) == (followed.ticket_id, old.ticket_id)
    assert link["reason"] == "closed_long_ago"


async def test_confirming_closes_and_rating_stays_changeable(runtime: Runtime) -> None:
    desk = Desk(runtime)
    receipt = await desk.submit(submission())
    with pytest.raises(IllegalMoveError):
        await desk.confirm(receipt.ticket_id)
    await Casework(runtime).resolve(receipt.ticket_id, "Beres.", by=OFFICER)

    await desk.confirm(receipt.ticket_id)
    await desk.rate(receipt.ticket_id, 2, "Terlalu lama.")
    await desk.rate(receipt.ticket_id, 4)

    [ticket] = await rows(runtime, "SELECT status, rating, rating_comment FROM tickets")
    assert ticket == {"status": "closed", "rating": 4, "rating_comment": "Terlalu lama."}


async def test_withdrawing_closes(runtime: Runtime) -> None:
    desk = Desk(runtime)
    receipt = await desk.submit(submission())

    await desk.withdraw(receipt.ticket_id)

    assert await rows(runtime, "SELECT status FROM tickets") == [{"status": "closed"}]


async def test_a_verb_on_an_older_version_is_refused(runtime: Runtime) -> None:
    desk, casework = Desk(runtime), Casework(runtime)
    receipt = await desk.submit(submission())
    await casework.start(receipt.ticket_id, by=OFFICER, version=1)

    with pytest.raises(ChangedMeanwhileError) as refused:
        await casework.resolve(receipt.ticket_id, "Sudah.", by=OFFICER, version=1)

    assert refused.value.version == 2
    assert await rows(runtime, "SELECT status FROM tickets") == [{"status": "in_progress"}]


async def test_history_cannot_be_changed(runtime: Runtime, owner_url: str) -> None:
    await Desk(runtime).submit(submission())

    owner = await asyncpg.connect(plain_url(owner_url))
    for attack in ("UPDATE events SET kind = 'x' RETURNING id", "DELETE FROM events RETURNING id"):
        with pytest.raises(DatabaseAwayError) as refused:
            await rows(runtime, attack)
        assert refused.value.is_refused
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await owner.execute(attack)
    await owner.close()
    await rows(runtime, "DELETE FROM tickets RETURNING id")

    assert await rows(runtime, "SELECT * FROM events") == []


async def test_a_clock_that_went_back_refuses_no_resolution(runtime: Runtime, hands: Hands) -> None:
    receipt = await Desk(runtime).submit(submission())
    hands.now -= timedelta(minutes=2)

    await Casework(runtime).resolve(receipt.ticket_id, "Sudah diperbaiki.", by=OFFICER)

    [ticket] = await rows(runtime, "SELECT resolved_at = received_at AS equal FROM tickets")
    assert ticket["equal"]
