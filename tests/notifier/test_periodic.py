import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.calls.callback import LEASE, TOPIC
from core.ground.bell import Bell
from core.ground.clock import system_clock
from core.ground.database import transaction
from core.ground.rate_limits import CONFIRMATIONS, WEB_REPORTS
from core.ground.stored_buckets import Bucket, take
from core.jobs.raw_messages import IN_ROW_BYTES, RawMessages
from core.runtime import Runtime
from core.tickets.submission import StoredFile
from notifier.periodic import JOBS, SOON, Job, free_callbacks, schedule, write_jobs
from notifier.retention import (
    BATCH,
    BATCHES,
    forget_chat_replies,
    forget_rate_limits,
    forget_raw_messages,
    forget_sign_ins,
    remove_orphaned_files,
)
from tests.builders import MONDAY, OFFICER, SEEDED, Hands
from tests.notifier.posting import many, report, rows, run_due, until


def counting(name: str = "count", **every: float) -> tuple[Job, list[datetime]]:
    runs: list[datetime] = []

    async def run(runtime: Runtime) -> None:
        runs.append(runtime.clock())
        await asyncio.sleep(0.01)

    return Job(name, timedelta(**(every or {"minutes": 1})), run), runs


async def test_replicas_beside_each_other_run_no_slot_twice(runtime: Runtime, hands: Hands) -> None:
    job, runs = counting()
    await write_jobs(runtime, [job])

    for _ in range(5):
        await asyncio.gather(*[run_due(runtime, [job]) for _ in range(8)])
        hands.move(minutes=1)

    assert runs == [MONDAY + timedelta(minutes=minute) for minute in range(5)]


async def test_missed_slots_are_skipped_in_one_step(runtime: Runtime, hands: Hands) -> None:
    job, runs = counting()
    await write_jobs(runtime, [job])
    await run_due(runtime, [job])

    hands.move(hours=5, seconds=10)
    for _ in range(3):
        await run_due(runtime, [job])

    assert len(runs) == 2
    [row] = await rows(runtime, "SELECT next_run FROM periodic_jobs WHERE name = 'count'")
    assert row["next_run"] == MONDAY + timedelta(hours=5, minutes=1)


async def test_one_jobs_fault_is_no_other_jobs(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_runtime: Runtime) -> None:
        raise ValueError("kata rahasia")

    job, runs = counting()
    jobs = [Job("a broken one", timedelta(minutes=1), fail), job]
    await write_jobs(runtime, jobs)

    names = await run_due(runtime, jobs)

    assert sorted(names) == ["a broken one", "count"]
    assert len(runs) == 1
    assert "a broken one: ValueError" in caplog.text
    assert "rahasia" not in caplog.text


async def test_a_job_that_comes_more_often_now_need_not_wait_for_its_old_slot(
    runtime: Runtime, hands: Hands
) -> None:
    seldom, _ = counting(days=1)
    await write_jobs(runtime, [seldom])
    await run_due(runtime, [seldom])
    often, runs = counting(minutes=1)

    await write_jobs(runtime, [often])
    hands.move(minutes=1)
    await run_due(runtime, [often])

    assert len(runs) == 1


async def test_a_clock_that_was_a_day_ahead_for_a_moment_stops_no_job(
    runtime: Runtime, hands: Hands
) -> None:
    job, runs = counting()
    await write_jobs(runtime, [job])
    await run_due(runtime, [job])

    hands.move(days=1)
    await run_due(runtime, [job])
    hands.move(days=-1, seconds=2)
    await run_due(runtime, [job])
    await write_jobs(runtime, [job])  # and a restart
    hands.move(minutes=1)
    await run_due(runtime, [job])

    assert runs == [MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(minutes=1, seconds=2)]


async def test_the_scheduler_runs_every_job_of_the_table(runtime: Runtime) -> None:
    task = asyncio.create_task(schedule(runtime))

    async def all_ran() -> bool:
        ran = await rows(runtime, "SELECT name FROM periodic_jobs WHERE last_run IS NOT NULL")
        return {row["name"] for row in ran} == {job.name for job in JOBS}

    await until(all_ran)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_chat_replies_are_forgotten_and_notices_stay(runtime: Runtime, hands: Hands) -> None:
    await report(runtime)
    await many(runtime, recipients=2, each=1)
    await rows(
        runtime,
        "UPDATE deliveries SET status = 'sent' WHERE recipient_ref <> 'chat-1' OR ticket_id IS"
        " NOT NULL RETURNING id",
    )
    hands.move(days=8)

    await forget_chat_replies(runtime)

    left = await rows(runtime, "SELECT status, ticket_id IS NULL AS chat FROM deliveries")
    assert sorted((str(row["status"]), row["chat"]) for row in left) == [
        ("pending", True),
        ("sent", False),
    ]


async def test_raw_messages_are_forgotten_but_never_the_quarantined(
    runtime: Runtime, hands: Hands
) -> None:
    for status in ("done", "dropped", "quarantined", "pending"):
        row_id, _ = await RawMessages(runtime).store("email", status, b"x", {}, hands.now)
        await rows(
            runtime,
            f"UPDATE inbound SET status = '{status}' WHERE id = '{row_id}' RETURNING id",
        )
    hands.move(days=8)
    await forget_raw_messages(runtime)
    week = await rows(runtime, "SELECT status FROM inbound ORDER BY seq")
    hands.move(days=30)
    await forget_raw_messages(runtime)
    month = await rows(runtime, "SELECT status FROM inbound ORDER BY seq")

    assert [row["status"] for row in week] == ["done", "quarantined", "pending"]
    assert [row["status"] for row in month] == ["quarantined", "pending"]


async def test_buckets_that_are_full_again_are_forgotten_and_one_in_use_is_left(
    runtime: Runtime, hands: Hands
) -> None:
    slow, quick = Bucket(WEB_REPORTS, ("slow",)), Bucket(CONFIRMATIONS, ("quick",))
    async with transaction(runtime.database) as session:
        for bucket in (slow, quick):
            await take(session, runtime.secret, bucket, hands.now)
    hands.move(days=1)

    async with transaction(runtime.database) as busy:
        await take(busy, runtime.secret, slow, hands.now)
        await forget_rate_limits(runtime)

    left = await rows(runtime, "SELECT key FROM rate_limits")
    assert [row["key"] for row in left] == [slow.key(runtime.secret)]


async def test_a_run_removes_so_much_and_says_that_there_is_more(
    runtime: Runtime, hands: Hands
) -> None:
    await rows(
        runtime,
        "INSERT INTO rate_limits (key, busy_until) SELECT 'k' || n, :at"
        " FROM generate_series(1, :count) AS n RETURNING key",
        at=hands.now - timedelta(days=1),
        count=BATCH * BATCHES + 1,
    )
    job = Job("forget", timedelta(hours=1), forget_rate_limits)
    await write_jobs(runtime, [job])

    await run_due(runtime, [job])
    [left] = await rows(runtime, "SELECT count(*) AS n FROM rate_limits")
    hands.now += SOON
    again = await run_due(runtime, [job])

    assert left == {"n": 1}
    assert again == ["forget"]
    assert await rows(runtime, "SELECT key FROM rate_limits") == []
    hands.now += SOON
    assert await run_due(runtime, [job]) == []


async def test_a_long_job_holds_no_other_up(runtime: Runtime) -> None:
    began = asyncio.Event()

    async def for_ever(_runtime: Runtime) -> None:
        began.set()
        await asyncio.Event().wait()

    job, runs = counting()
    task = asyncio.create_task(schedule(runtime, [Job("long", timedelta(hours=1), for_ever), job]))

    async def both_began() -> bool:
        return began.is_set() and bool(runs)

    await until(both_began)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_call_back_left_in_hand_is_given_back_and_the_list_hears_of_it(
    runtime: Runtime, hands: Hands
) -> None:
    await rows(
        runtime,
        "INSERT INTO callbacks (delivery_id, number, language, template, next_at, claimed_at,"
        " claimed_by, created_at, updated_at) VALUES (gen_random_uuid(), '+6281200000001', 'id',"
        " 'replied', :now, :now, :by, :now, :now) RETURNING id",
        now=hands.now,
        by=OFFICER,
    )
    alone = replace(runtime, bell=Bell())  # one that no other process rings
    with alone.bell.waiting(TOPIC) as rung:
        await free_callbacks(alone)
        early = rung.is_set()
        hands.now += LEASE
        await free_callbacks(alone)

        assert (early, rung.is_set()) == (False, True)
    assert await rows(runtime, "SELECT claimed_by FROM callbacks") == [{"claimed_by": None}]


async def test_files_that_a_row_names_stay(runtime: Runtime, hands: Hands) -> None:
    async def put(content: bytes) -> str:
        async def chunks() -> AsyncIterator[bytes]:
            yield content

        return (await runtime.storage.put_stream(chunks())).key

    original, display, orphan = [await put(text) for text in (b"original", b"display", b"orphan")]
    await report(
        runtime, files=(StoredFile(name="a.jpg", path=original, size=8, display_path=display),)
    )
    await RawMessages(runtime).store("email", "large", b"y" * (IN_ROW_BYTES + 1), {}, hands.now)
    [raw] = await rows(runtime, "SELECT raw_path FROM inbound")

    hands.move(days=365)  # the one clock is far ahead of the stamps that files bear
    young = await remove_orphaned_files(runtime)
    hands.now = system_clock() + timedelta(days=1)
    for path in (runtime.settings.data / "files").rglob("*"):
        made = path.stat().st_mtime - timedelta(hours=49).total_seconds()
        os.utime(path, (made, made))
    old = await remove_orphaned_files(runtime)

    assert (young.files, old.files) == (0, 1)
    assert [await runtime.storage.exists(key) for key in (original, display, orphan)] == [
        True,
        True,
        False,
    ]
    assert await runtime.storage.exists(str(raw["raw_path"]))


async def test_sign_ins_are_forgotten_long_after_they_ended(runtime: Runtime) -> None:
    await rows(
        runtime,
        "WITH who AS (INSERT INTO admins (username, password_hash, full_name, email, role,"
        " created_at, updated_at) VALUES ('contoh', '-', 'Petugas Contoh', 'contoh@rs.example.org',"
        f" 'agent', {SEEDED}) RETURNING id),"
        " one AS (INSERT INTO auth.links (admin_id, purpose, token_hash, expires_at,"
        " created_at, updated_at)"
        f"  SELECT id, 'invite', 'a'::bytea, '2026-08-01'::timestamptz, {SEEDED} FROM who)"
        " INSERT INTO auth.sessions (admin_id, token_hash, begun_at, seen_at, ended_at,"
        " created_at, updated_at)"
        " SELECT id, 'b'::bytea, '2026-08-01'::timestamptz, '2026-08-01'::timestamptz,"
        " '2026-08-02'::timestamptz, '2026-08-01'::timestamptz, '2026-08-02'::timestamptz FROM who"
        " UNION ALL SELECT id, 'c', '2026-11-20', '2026-11-23', NULL, '2026-11-20', '2026-11-23'"
        " FROM who RETURNING id",
    )

    await forget_sign_ins(runtime)

    assert len(await rows(runtime, "SELECT id FROM auth.sessions")) == 1
    assert await rows(runtime, "SELECT id FROM auth.links") == []
