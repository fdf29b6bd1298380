"""Counts: a robot is stopped, patients are not, and no restart forgets."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground.rate_limits import (
    MAIL_ANSWERS,
    MAIL_FOLLOW_UPS,
    MAIL_REPORTS,
    MAIL_REPORTS_OF_DOMAIN,
)
from core.hospital.counted_sender import domain_behind, mailbox_behind
from core.opening import open_runtime
from core.runtime import Runtime
from core.tickets.casework import Casework
from tests.builders import OFFICER
from tests.intake.channels.email.door import OURS, mail
from tests.intake.channels.email.postoffice import PostOffice


async def written(office: PostOffice, sender: str, number: int, words: str = "Keluhan.") -> str:
    content = mail(f"{words} {number}", sender=sender, Message_ID=f"<{number}.{sender}>")
    row = await office.take(content, sender=sender)
    return str(row["last_error"] or row["status"])


async def answered(office: PostOffice) -> list[str]:
    return [str(notice["recipient_ref"]) for notice in await office.notices()]


async def test_a_robot_with_a_fresh_sub_address_each_time_is_one_sender(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    became = [await written(office, f"robot+id{n}@example.net", n) for n in range(25)]

    assert became == ["done"] * MAIL_REPORTS.burst + ["too_many"] * (25 - MAIL_REPORTS.burst)
    assert len(await office.tickets()) == MAIL_REPORTS.burst
    assert len(await answered(office)) == MAIL_ANSWERS.burst
    waiting = await office.rows("SELECT status FROM inbound WHERE status = 'quarantined'")
    assert len(waiting) == 25 - MAIL_REPORTS.burst


@pytest.mark.parametrize("provider", ["gmail.com", "surel.example.net"])
async def test_patients_behind_one_provider_are_many(runtime: Runtime, provider: str) -> None:
    office = PostOffice(runtime)
    patients = [f"pasien{n}@{provider}" for n in range(60)]

    for n, patient in enumerate(patients):
        await written(office, patient, n)

    assert [ticket["submitter_email"] for ticket in await office.tickets()] == patients
    assert await answered(office) == patients


async def test_a_flood_of_one_domain_uses_up_nobody_elses_share(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    most = MAIL_REPORTS_OF_DOMAIN.burst

    became = [await written(office, f"r{n}@mx{n}.robot.example", n) for n in range(most + 5)]
    patient = await written(office, "sari@example.org", 0)

    assert became.count("too_many") == 5
    assert patient == "done"
    assert (await answered(office))[-1] == "sari@example.org"


async def test_a_restart_and_another_process_forget_nothing(
    runtime: Runtime, database_url: str
) -> None:
    for n in range(MAIL_REPORTS.burst):
        await written(PostOffice(runtime), "robot@example.net", n)

    async with open_runtime(runtime.settings, database_url, clock=runtime.clock) as other:
        became = await written(PostOffice(other), "robot@example.net", 99)

    assert became == "too_many"


async def test_who_was_stopped_is_heard_again_after_a_while(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    for n in range(MAIL_REPORTS.burst + 1):
        await written(office, "sari@example.org", n)

    runtime.clock.move(minutes=6)  # type: ignore[attr-defined]  # the tests' clock

    assert await written(office, "sari@example.org", 98) == "done"
    assert await written(office, "sari@example.org", 99) == "too_many"


async def test_a_mail_that_is_read_again_is_counted_once(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    for _ in range(2 * MAIL_REPORTS.burst):
        await written(office, "sari@example.org", 1)
        await office.rows("UPDATE inbound SET status = 'pending', next_attempt_at = received_at")
        await office.work_off()

    assert await written(office, "sari@example.org", 2) == "done"
    assert len(await office.tickets()) == 2


async def test_a_flood_on_a_ticket_closed_long_ago_opens_few_new_ones(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await written(office, "robot@example.net", 0)
    [ticket] = await office.tickets()
    ours = await office.notice_id()
    await Casework(runtime).close(ticket["id"], "Selesai.", by=OFFICER)
    runtime.clock.move(days=60)  # type: ignore[attr-defined]  # the tests' clock

    for n in range(1, 26):
        content = mail(f"Terima kasih. {n}", sender="robot@example.net", In_Reply_To=ours)
        await office.take(content, sender="robot@example.net")

    assert len(await office.tickets()) == 1 + MAIL_FOLLOW_UPS.burst
    waiting = await office.rows("SELECT last_error FROM inbound WHERE status = 'quarantined'")
    assert [row["last_error"] for row in waiting] == ["too_many"] * (25 - MAIL_FOLLOW_UPS.burst)


ADDRESS = st.from_regex(
    re.compile(r"[a-zA-Z0-9+.]{1,12}@[a-z0-9.]{1,12}", re.ASCII), fullmatch=True
)


@given(address=ADDRESS, tag=st.from_regex(r"[a-z0-9+]{0,9}", fullmatch=True))
def test_what_stands_behind_a_plus_is_not_counted_apart(address: str, tag: str) -> None:
    local, _, domain = address.rpartition("@")

    assert mailbox_behind(f"{local}+{tag}@{domain}") == mailbox_behind(mailbox_behind(address))
    assert mailbox_behind(address) == mailbox_behind(address.upper())


@given(address=ADDRESS)
def test_every_sub_domain_is_counted_as_what_was_registered(address: str) -> None:
    local, _, domain = address.rpartition("@")
    counted = domain_behind(address)

    if counted is not None and "." in counted.strip("."):
        assert domain.rstrip(".").endswith(counted)
        assert domain_behind(f"{local}@x.{counted}") == counted


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("a@gmail.com", None),
        ("a@yahoo.co.id", None),
        ("a@GoogleMail.com", None),
        ("a@outlook.com", None),
        ("a@rs.example.co.id", "example.co.id"),
        ("a@mail.gmail.com.example.net", "example.net"),
        ("a@notgmail.com", "notgmail.com"),
        ("", None),
    ],
)
def test_public_providers_are_no_sender(address: str, domain: str | None) -> None:
    assert domain_behind(address) == domain


def test_the_mailbox_of_these_tests_is_counted() -> None:
    assert domain_behind(OURS) == "example.org"
