"""Verdicts on what was set aside: one at a time, noted, and told to whoever comes second."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from core.access.scope import Reader, decides_what_is_set_aside, sees_what_is_set_aside
from core.ground.database import transaction
from core.ground.errors import NotFoundError
from core.ground.ids import uuid7
from core.jobs.raw_messages import RawMessages
from core.jobs.set_aside import FAULT, LIST, POISON, Summary, reason_of
from core.people.roles import ROLES
from core.reading.review import SHOWN, ReviewDesk
from core.review.deciding import DecidedError, Review
from core.review.waiting import COUNTED, count_waiting
from core.runtime import Runtime
from intake.channel import Processed, Raw
from tests.builders import MELATI, MONDAY, OFFICER, Hands
from tests.intake.raw import CHANNEL, run_once
from tests.intake.raw import Reader as Door
from tests.notifier.posting import rows


async def set_aside(
    runtime: Runtime, key: str = "m1", words: str = "Warta.", copy_of: str = ""
) -> UUID:
    inbound_id, _ = await RawMessages(runtime).store(
        CHANNEL, key, f"{key}{words}{uuid7()}".encode(), {"peer": "x"}, runtime.clock()
    )
    told = Summary.of(who="Sari", subject="Warta", words=words, key=copy_of)
    await run_once(runtime, Door(Processed(status="quarantined", reason=LIST, summary=told)))
    return inbound_id


async def changes(runtime: Runtime) -> list[tuple[object, object]]:
    found = await rows(runtime, "SELECT verb, user_id FROM audit.changes ORDER BY seq")
    return [(row["verb"], row["user_id"]) for row in found]


async def test_danger_comes_first_then_what_waits_longest(runtime: Runtime, hands: Hands) -> None:
    old = await set_aside(runtime, "old")
    hands.move(minutes=5)
    new = await set_aside(runtime, "new")
    hands.move(minutes=5)
    danger = await set_aside(runtime, "danger", "Ibu saya sesak napas sekarang.")

    desk = ReviewDesk(runtime)
    assert [one.id for one in await desk.all()] == [danger, old, new]
    waiting = await desk.waiting()
    assert (waiting.count, waiting.since, waiting.danger) == (3, MONDAY, 1)
    assert (await desk.all())[0].summary.danger != ()


async def test_a_verdict_is_handed_to_the_channel_and_its_clock_begins_then(
    runtime: Runtime, hands: Hands
) -> None:
    inbound_id = await set_aside(runtime)
    hands.move(hours=3)
    await Review(runtime).make_ticket(inbound_id, by=OFFICER)
    door = Door()
    await run_once(runtime, door)

    [raw] = door.read
    assert raw.verdict is not None
    assert (raw.verdict.kind, raw.verdict.by) == ("report", "Petugas Contoh")
    assert raw.verdict.arrived_at == MONDAY
    assert raw.received_at == raw.verdict.decided_at == hands.now
    assert await changes(runtime) == [("message.report", OFFICER)]


async def test_of_two_who_decide_at_once_one_does(runtime: Runtime) -> None:
    inbound_id = await set_aside(runtime)
    review = Review(runtime)
    verbs: list[Callable[[], Awaitable[None]]] = [
        lambda: review.make_ticket(inbound_id, by=OFFICER),
        lambda: review.no_report(inbound_id, by=OFFICER),
        lambda: review.read_again(inbound_id, by=OFFICER),
        lambda: review.trust(inbound_id, "portal", "lapor@example.go.id", by=OFFICER),
    ]

    ended = await asyncio.gather(*(verb() for verb in verbs), return_exceptions=True)

    assert sorted(type(one).__name__ for one in ended) == ["DecidedError"] * 3 + ["NoneType"]
    done = await changes(runtime)
    assert len([verb for verb, _ in done if str(verb).startswith("message.")]) == 1
    trusted = await rows(runtime, "SELECT id FROM trusted_sources")
    assert len(trusted) == len([verb for verb, _ in done if verb == "trusted_source.added"])


async def test_copies_are_decided_together_and_strangers_with_the_same_id_are_not(
    runtime: Runtime,
) -> None:
    await set_aside(runtime, "same", copy_of="a")
    await set_aside(runtime, "same", copy_of="a")
    other = await set_aside(runtime, "same", copy_of="b")
    keyless = [await set_aside(runtime, "same") for _ in range(2)]
    first, *_rest = await ReviewDesk(runtime).all()
    assert first.copies == 2

    await Review(runtime).no_report(first.id, by=OFFICER)

    assert {one.id for one in await ReviewDesk(runtime).all()} == {other, *keyless}


async def test_a_verdict_that_could_not_be_done_comes_back_to_the_desk(
    runtime: Runtime, hands: Hands
) -> None:
    inbound_id = await set_aside(runtime)
    await Review(runtime).make_ticket(inbound_id, by=OFFICER)
    broken = Door(*[KeyError()] * 3, giving_up=[KeyError()] * 9)
    for _ in range(8):
        await run_once(runtime, broken)
        hands.move(minutes=10)

    [again] = await ReviewDesk(runtime).all()
    assert (again.id, again.reason, again.verdict) == (inbound_id, FAULT, "report")
    assert len(broken.given_up) > 0
    await Review(runtime).no_report(inbound_id, by=OFFICER)
    assert await ReviewDesk(runtime).all() == ()


async def test_poison_with_a_verdict_is_not_read_once_more(runtime: Runtime) -> None:
    inbound_id = await set_aside(runtime)
    await rows(runtime, "UPDATE inbound SET reason = 'poison', losses = 4 RETURNING id")
    await Review(runtime).make_ticket(inbound_id, by=OFFICER)
    door = Door()
    await run_once(runtime, door)

    assert door.read == []
    [raw] = door.given_up
    assert isinstance(raw, Raw)
    assert await ReviewDesk(runtime).all() == ()


async def test_read_again_goes_by_the_same_rules(runtime: Runtime) -> None:
    inbound_id = await set_aside(runtime)
    await Review(runtime).read_again(inbound_id, by=OFFICER)
    door = Door()
    await run_once(runtime, door)

    assert [raw.verdict for raw in door.read] == [None]
    with pytest.raises(DecidedError) as told:
        await Review(runtime).no_report(inbound_id, by=OFFICER)
    assert told.value.verdict is None


async def test_an_operator_lets_it_be_read_anew_and_the_decision_is_forgotten(
    runtime: Runtime,
) -> None:
    inbound_id = await set_aside(runtime)
    await Review(runtime).no_report(inbound_id, by=OFFICER)
    assert await RawMessages(runtime).retry(inbound_id)
    assert not await RawMessages(runtime).retry(inbound_id)
    door = Door()
    await run_once(runtime, door)

    assert [raw.verdict for raw in door.read] == [None]
    assert await changes(runtime) == [
        ("message.no_report", OFFICER),
        ("message.read_again", None),
    ]


async def test_what_is_none_is_not_found(runtime: Runtime) -> None:
    with pytest.raises(NotFoundError):
        await Review(runtime).make_ticket(uuid7(), by=OFFICER)
    assert await ReviewDesk(runtime).look(uuid7(), by=OFFICER) is None


async def test_what_was_set_aside_before_there_were_codes_still_waits(runtime: Runtime) -> None:
    await set_aside(runtime)
    older = (
        "UPDATE inbound SET reason = NULL, summary = NULL,"
        " last_error = 'a mailing list or newsletter' RETURNING id"
    )
    await rows(runtime, older)

    [one] = await ReviewDesk(runtime).all()
    assert (one.reason, one.summary, one.copies) == (LIST, Summary(), 1)
    assert reason_of(None, "no worker that read it came back") == POISON
    assert reason_of(None, "ValueError") == reason_of(None, None) == FAULT
    await Review(runtime).make_ticket(one.id, by=None)
    assert await changes(runtime) == [("message.report", None)]


@pytest.mark.parametrize("role", [code for code, _, _ in ROLES])
async def test_the_desk_is_supervisors_and_the_triage_desks_and_auditors_look_on(
    runtime: Runtime, role: str
) -> None:
    directory = await runtime.directory.fresh()
    desk = directory.triage_desk.id
    at_desk = Reader.of(OFFICER, frozenset({role}), desk, directory)
    elsewhere = Reader.of(OFFICER, frozenset({role}), MELATI, directory)

    assert decides_what_is_set_aside(at_desk, directory) is (
        role in {"officer", "head", "supervisor"}
    )
    assert decides_what_is_set_aside(elsewhere, directory) is (role == "supervisor")
    assert sees_what_is_set_aside(elsewhere, directory) is (role in {"supervisor", "auditor"})


async def test_a_flood_is_counted_as_far_as_it_matters(runtime: Runtime) -> None:
    await rows(
        runtime,
        "INSERT INTO inbound (channel, external_id, content_hash, raw, status, is_danger,"
        " received_at, next_attempt_at, created_at, updated_at)"
        " SELECT :channel, n::text, '', '', 'quarantined', n = 1200, m, m, m, m"
        "   FROM generate_series(1, 1200) n,"
        "        LATERAL (SELECT cast(:now AS timestamptz) + n * interval '1 second' AS m) at"
        " RETURNING id",
        channel=CHANNEL,
        now=MONDAY,
    )

    waiting = await ReviewDesk(runtime).waiting()
    shown = await ReviewDesk(runtime).all()

    assert (waiting.count, waiting.is_more, waiting.danger) == (COUNTED, True, 1)
    assert waiting.since == MONDAY + timedelta(seconds=1)
    assert len(shown) == SHOWN
    assert shown[0].received_at == MONDAY + timedelta(seconds=1200)


async def test_a_thousand_messages_with_one_id_are_not_compared_each_with_each(
    runtime: Runtime,
) -> None:
    await rows(
        runtime,
        "INSERT INTO inbound (id, channel, external_id, content_hash, raw, received_at, status,"
        " next_attempt_at, created_at, updated_at, reason, summary)"
        " SELECT gen_random_uuid(), :channel, 'same', sha256(n::text::bytea), 'x', :at,"
        " 'quarantined', :at, :at, :at, 'list',"
        """ jsonb_build_object('who', '', 'subject', '', 'words', '', 'key', (n / 2)::text)"""
        " FROM generate_series(2, 1001) AS n RETURNING id",
        channel=CHANNEL,
        at=MONDAY,
    )
    read = (
        "SELECT seq_tup_read + idx_tup_fetch AS read FROM pg_stat_xact_user_tables"
        " WHERE relname = 'inbound'"
    )
    async with transaction(runtime.database) as session:
        for way in ("hashjoin", "mergejoin", "indexscan", "bitmapscan", "material"):
            await session.execute(text(f"SET LOCAL enable_{way} = off"))  # as planned for one row
        waiting = await count_waiting(session)
        tuples = await session.scalar(text(read))

    assert (waiting.count, waiting.is_more) == (500, True)
    assert tuples is not None
    assert tuples < 10 * COUNTED
    assert {one.copies for one in await ReviewDesk(runtime).all()} == {2}
