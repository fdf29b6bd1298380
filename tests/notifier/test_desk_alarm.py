"""The review desk's alarm: who hears of it, once when it begins and daily while it lasts."""

from datetime import timedelta
from uuid import UUID

import pytest

from core.jobs.raw_messages import RawMessages
from core.jobs.set_aside import LIST, Summary
from core.review.deciding import Review
from core.review.overdue import OVERDUE, is_due
from core.runtime import Runtime
from intake.channel import Processed
from notifier.periodic import JOBS, Job, write_jobs
from notifier.retention import RAW_DROPPED, forget_raw_messages
from tests.builders import MONDAY, OFFICER, Hands
from tests.intake.console.staff import hire
from tests.intake.raw import CHANNEL, Reader, run_once
from tests.notifier.posting import Provider, rows, run_due
from tests.notifier.posting import run_once as send_once

[ALARM] = [job for job in JOBS if job.name == "alarm the review desk"]
CALM = "Warta bulan ini."
DANGER = "Tolong, ibu saya sesak napas sekarang."


async def set_aside(runtime: Runtime, key: str, words: str = CALM) -> UUID:
    """Let a message wait on the desk."""
    inbound_id, _ = await RawMessages(runtime).store(CHANNEL, key, b"x", {}, runtime.clock())
    told = Summary.of(who="rahasia@example.org", subject="rahasia", words=words)
    waits = Processed(status="quarantined", reason=LIST, summary=told)
    await run_once(runtime, Reader(waits))
    return inbound_id


async def alarms(runtime: Runtime) -> list[str]:
    found = await rows(
        runtime, "SELECT recipient_ref FROM deliveries WHERE template = 'desk_waits' ORDER BY seq"
    )
    return [str(row["recipient_ref"]) for row in found]


async def desk_mailbox(runtime: Runtime, address: str) -> None:
    await rows(
        runtime,
        "UPDATE units SET contact_email = :address WHERE is_triage_desk RETURNING id",
        address=address,
    )
    await runtime.directory.reload()


async def look(runtime: Runtime, hands: Hands, **later: float) -> list[str]:
    """Move on, run the job, and return who heard of it by now."""
    hands.move(**later)
    await write_jobs(runtime, [ALARM])
    await run_due(runtime, [ALARM])
    return await alarms(runtime)


async def test_it_is_sent_once_when_somebody_waits_an_hour_and_daily_from_then(
    runtime: Runtime, hands: Hands
) -> None:
    await hire(runtime, "dewi", "supervisor")
    await desk_mailbox(runtime, "pengaduan@rs.example.org")
    both = ["pengaduan@rs.example.org", "dewi@rs.example.org"]
    assert await look(runtime, hands) == []
    await set_aside(runtime, "m1")

    assert await look(runtime, hands, minutes=59) == []
    assert await look(runtime, hands, minutes=1) == both
    assert await look(runtime, hands, hours=3) == both
    await set_aside(runtime, "m2")
    assert await look(runtime, hands, hours=2) == both
    assert await look(runtime, hands, hours=19) == both * 2


async def test_what_waits_anew_after_the_desk_was_empty_is_a_new_alarm(
    runtime: Runtime, hands: Hands
) -> None:
    await hire(runtime, "dewi", "supervisor")
    first = await set_aside(runtime, "m1")
    assert await look(runtime, hands, hours=1) == ["dewi@rs.example.org"]
    await set_aside(runtime, "m2")
    await Review(runtime).no_report(first, by=OFFICER)

    assert len(await look(runtime, hands, minutes=59)) == 1
    assert len(await look(runtime, hands, minutes=1)) == 2


async def test_danger_is_told_at_once_and_beside_an_alarm_that_stands(
    runtime: Runtime, hands: Hands
) -> None:
    await hire(runtime, "dewi", "supervisor")
    await set_aside(runtime, "m1", DANGER)
    assert len(await look(runtime, hands)) == 1
    assert len(await look(runtime, hands, hours=2)) == 1
    await set_aside(runtime, "m2", DANGER)
    assert len(await look(runtime, hands, minutes=1)) == 2


async def test_one_address_hears_it_once_and_who_left_hears_nothing(
    runtime: Runtime, hands: Hands
) -> None:
    await hire(runtime, "dewi", "supervisor")
    gone = await hire(runtime, "gone", "supervisor")
    await hire(runtime, "ayu", "officer")
    await desk_mailbox(runtime, "Dewi@rs.example.org")
    await rows(
        runtime,
        "UPDATE users SET is_active = false WHERE id = :id RETURNING id",
        id=gone.user_id,
    )
    await set_aside(runtime, "m1")

    assert await look(runtime, hands, hours=1) == ["Dewi@rs.example.org"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", "1 pesan disisihkan"), ("en", "1 message was set aside")],
)
async def test_it_says_how_many_and_since_when_and_no_word_of_them(
    runtime: Runtime, hands: Hands, language: str, words: str
) -> None:
    await hire(runtime, "dewi", "supervisor", language=language)
    await set_aside(runtime, "m1", DANGER)
    await look(runtime, hands)
    mail = Provider("email")

    await send_once(runtime, mail)

    [sent] = mail.accepted
    assert words in sent.text
    assert sent.html is not None
    assert words in sent.html
    assert "10" in sent.text  # since ten o'clock
    assert f"{runtime.settings.public_url.rstrip('/')}/console/review" in sent.text
    for said in (sent.subject, sent.text, sent.html):
        assert "rahasia" not in said
        assert "sesak" not in said


async def test_what_waits_is_never_forgotten_and_what_is_no_report_is_kept_from_then(
    runtime: Runtime, hands: Hands
) -> None:
    inbound_id = await set_aside(runtime, "m1")
    hands.move(days=400)
    await forget_raw_messages(runtime)
    assert len(await rows(runtime, "SELECT id FROM inbound")) == 1

    await Review(runtime).no_report(inbound_id, by=OFFICER)
    hands.now += RAW_DROPPED - timedelta(minutes=1)
    await forget_raw_messages(runtime)
    assert len(await rows(runtime, "SELECT id FROM inbound")) == 1
    hands.move(minutes=2)
    await forget_raw_messages(runtime)
    assert await rows(runtime, "SELECT id FROM inbound") == []


def test_an_alarm_begins_once() -> None:
    now, then = MONDAY, MONDAY - timedelta(hours=2)
    assert is_due(standing=True, last=None, has_new_danger=False, now=now)
    assert not is_due(standing=True, last=then, has_new_danger=False, now=now)
    assert is_due(standing=True, last=then, has_new_danger=True, now=now)
    assert not is_due(standing=False, last=None, has_new_danger=False, now=now)
    assert timedelta(hours=1) == OVERDUE


def test_it_looks_often_enough() -> None:
    assert isinstance(ALARM, Job)
    assert ALARM.every <= timedelta(minutes=5)
