"""What filing decides before anything is stored."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.hospital.directory import ChannelEntry
from core.notices.who_hears import Notice
from core.tickets.filing import decide
from core.tickets.submission import Address
from tests.builders import MONDAY, submission
from tests.core.example import CATEGORY, DIRECTORY, WARD, directory, hospital

WRITTEN_TO = replace(WARD, contact_email="melati@rs.example.org")


@given(st.none() | st.integers(-10_000, 10_000))
def test_nothing_arrives_later_than_now(minutes: int | None) -> None:
    told = None if minutes is None else MONDAY + timedelta(minutes=minutes)

    decided = decide(submission(received_at=told), DIRECTORY, MONDAY)

    assert decided.received_at == min(told or MONDAY, MONDAY)
    assert decided.promise.due_at == decided.received_at + timedelta(hours=72)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Asia/Jakarta", date(2026, 11, 23)), ("Asia/Jayapura", date(2026, 11, 24))],
)
def test_the_number_carries_the_hospitals_day_of_the_arrival(zone: str, day: date) -> None:
    late = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    report = submission(received_at=late)

    decided = decide(report, directory(hospital=hospital(zone=zone)), late + timedelta(days=3))

    assert decided.day == day


def test_the_decision_holds_what_it_was_made_from() -> None:
    report = submission(category="FAC")

    decided = decide(report, DIRECTORY, MONDAY)

    assert decided.submission is report
    assert decided.directory is DIRECTORY
    assert (decided.route.rule, decided.route.unit) == ("qr", WARD)


@pytest.mark.parametrize(("category", "hours"), [("FAC", 8), ("?", 12), (None, 12)])
def test_the_deadline_comes_from_unit_and_category(category: str | None, hours: int) -> None:
    house = directory(
        replace(WARD, sla_hours=12), categories={"FAC": replace(CATEGORY, sla_hours=8)}
    )

    decided = decide(submission(category=category), house, MONDAY)

    assert decided.promise.hours == hours


def test_without_rules_of_their_own_the_hospitals_hours_hold() -> None:
    house = directory(hospital=hospital(default_sla_hours=48))

    assert decide(submission(), house, MONDAY).promise.hours == 48


def test_the_submitter_is_told_at_the_first_address_that_news_can_go_to() -> None:
    report = submission(
        language="en",
        addresses=(
            Address(channel="carrier pigeon", address="roof"),
            Address(channel="email", address="siti@example.org"),
            Address(channel="email", address="second@example.org"),
        ),
    )

    assert decide(report, DIRECTORY, MONDAY).notices == (
        Notice(
            audience="submitter",
            template="received",
            channel="email",
            address="siti@example.org",
            language="en",
        ),
    )


def test_the_unit_is_told_by_mail_in_the_hospitals_language() -> None:
    house = directory(WRITTEN_TO, hospital=hospital(languages=("en", "id")))

    assert decide(submission(language="id"), house, MONDAY).notices == (
        Notice(
            audience="unit",
            template="unit_received",
            channel="email",
            address="melati@rs.example.org",
            language="en",
        ),
    )


def test_who_was_told_by_the_channel_itself_gets_no_receipt_and_the_unit_still_hears() -> None:
    siti = (Address(channel="email", address="siti@example.org"),)
    report = submission(acknowledged=True, addresses=siti)

    decided = decide(report, directory(WRITTEN_TO), MONDAY)

    assert [notice.audience for notice in decided.notices] == ["unit"]


def test_where_no_mail_can_be_sent_nobody_waits_for_one() -> None:
    siti = (Address(channel="email", address="siti@example.org"),)

    decided = decide(
        submission(addresses=siti),
        directory(WRITTEN_TO, channels={"chat": ChannelEntry(name="chat", sends=True)}),
        MONDAY,
    )

    assert decided.notices == ()
