"""What is made of the fields of a report, whatever is in them."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings

from core.ground import storable
from core.ground.text import clean, is_storable
from core.hospital.directory import ChannelEntry
from core.tickets.preparation import MOST_ADDRESSES, Fitting, noted, prepare
from core.tickets.submission import LIMITS, Address, StoredFile, Submission, Submitter, key_of
from tests.builders import submission
from tests.core.example import DIRECTORY, directory
from tests.core.tickets.anything import submissions

HOUSE = directory(
    channels=DIRECTORY.channels
    | {
        "web": ChannelEntry(name="web"),
        "phone": ChannelEntry(name="phone", is_spoken=True, takes="phone"),
    }
)
SITI = Address(channel="email", address="siti@example.org")
FIRST_DAY, LAST_DAY = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


@given(submissions)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_submission_can_be_prepared(report: Submission) -> None:
    ready = prepare(report, HOUSE)

    assert ready.words == clean(report.words).strip()
    assert ready.channel in HOUSE.channels
    assert ready.title
    assert len(ready.title) <= LIMITS["title"]
    assert 1 <= ready.urgency <= 5
    assert len(ready.files) == len(report.files)
    assert len(ready.addresses) <= MOST_ADDRESSES
    assert all(map(is_storable, ready.remarks))
    beside = noted(ready.remarks, ready.facts)
    assert storable.mapping(json.loads(json.dumps(beside, allow_nan=False))) == beside
    if ready.anonymous:
        assert ready.submitter.is_unknown
        assert (ready.ip_address, ready.user_agent) == (None, None)


@given(submissions)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_fit_is_left_alone(report: Submission) -> None:
    ready = prepare(report, HOUSE)

    assert prepare(ready, HOUSE) == ready


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"channel": "pigeon"}, "channel: pigeon → email"),
        ({"kind": "rumour"}, "kind: rumour → –"),
        ({"language": "jv"}, "language: jv → –"),
        ({"for_whom": "a neighbour"}, "for_whom: a neighbour → –"),
        ({"reporting": "by drum"}, "reporting: by drum → –"),
        ({"urgency": 99}, "urgency: … → 5"),
        ({"occurred_at": LAST_DAY}, "occurred_at: 9999-12-31T00:00:00+00:00 → –"),
        ({"received_at": FIRST_DAY}, "received_at: 0001-01-01T00:00:00+00:00 → –"),
        ({"title": "t" * 300}, "title: 300 → 255"),
        ({"files": (StoredFile(name="a.jpg", path="ab\0c"),)}, "file: a.jpg → –"),
        ({"files": (StoredFile(name="a.jpg", status="lost"),)}, "file: lost → –"),
        ({"addresses": (Address(channel="pigeon", address="roof"),)}, "address (pigeon): 4 → –"),
        ({"addresses": (replace(SITI, address="a\0@b.example"),)}, "address (email): 12 → –"),
        ({"addresses": (Address(channel="email", address="e" * 999),)}, "address (email): 999 → –"),
        ({"remarks": ("a\0b",)}, "a\ufffdb"),
    ],
)
def test_staff_read_of_what_was_changed(changes: dict[str, object], remark: str) -> None:
    assert prepare(submission(**changes), HOUSE).remarks == (remark,)


def test_of_what_fits_nothing_is_said() -> None:
    report = submission(
        addresses=(SITI, replace(SITI, address="Siti@example.org")),
        files=(StoredFile(name="kamar.jpg", path="ab/abc", size=3, mime_type="image/jpeg"),),
        submitter=Submitter(name="Siti", email="siti@example.org", phone="0812 0000 0000"),
        occurred_at=datetime(2026, 11, 22, tzinfo=UTC),
        for_whom="family",
        reporting="lisan",
    )

    assert prepare(report, HOUSE).remarks == ()


def test_an_address_is_kept_once_in_the_spelling_that_came_first_confirmed_if_any_was() -> None:
    again = Address(channel="email", address="SITI@Example.org", confirmed=True)

    [kept] = prepare(submission(addresses=(SITI, again)), HOUSE).addresses

    assert kept == replace(SITI, confirmed=True)


def test_what_is_spoken_is_tried_after_everything_written() -> None:
    phone = Address(channel="phone", address="+6281200000000")

    assert prepare(submission(addresses=(phone, SITI)), HOUSE).addresses == (SITI, phone)


def test_of_a_thousand_addresses_the_first_are_kept() -> None:
    many = tuple(replace(SITI, address=f"a{number}@example.org") for number in range(1000))

    ready = prepare(submission(addresses=many), HOUSE)

    assert ready.addresses == many[:MOST_ADDRESSES]
    assert ready.remarks == (f"addresses: 1000 → {MOST_ADDRESSES}",)


def test_a_file_that_nobody_can_find_is_named_as_lost() -> None:
    fit = Fitting(HOUSE)

    [file] = fit.files((StoredFile(name="a.jpg", path="p" * 600, remote_ref="r"),))

    assert (file.path, file.remote_ref, file.status) == ("", None, "failed")


def test_the_telephone_is_kept_however_many_others_there_are() -> None:
    many = tuple(replace(SITI, address=f"a{number}@example.org") for number in range(1000))
    report = submission(addresses=many, submitter=Submitter(phone="0812 0000 0000"))

    ready = prepare(report, HOUSE)

    assert ready.addresses[-1] == Address(channel="phone", address="+6281200000000")
    assert ready.addresses[:-1] == many[: MOST_ADDRESSES - 1]


def test_a_number_that_cannot_be_called_does_not_displace_the_persons_own() -> None:
    nonsense = Address(channel="phone", address="\0")
    report = submission(addresses=(nonsense,), submitter=Submitter(phone="0812 0000 0000"))

    assert prepare(report, HOUSE).addresses == (Address(channel="phone", address="+6281200000000"),)


def test_where_no_channel_tells_staff_a_written_one_stands_in() -> None:
    house = directory(channels={name: HOUSE.channels[name] for name in ("phone", "web")})

    assert prepare(submission(channel="pigeon"), house).channel == "web"


def test_without_any_channel_the_name_stays_and_the_database_decides() -> None:
    assert Fitting(directory(channels={})).channel("web") == "web"


def test_a_fact_named_as_the_remarks_are_is_told_among_them() -> None:
    kept = noted(("title: 300 → 255",), {"remarks": "x\0", "spf": "pass"})

    assert kept == {"spf": "pass", "remarks": ["title: 300 → 255", "remarks: x\ufffd"]}
    assert noted((), {}) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("web", "k\0"), ("web", "k\ufffd")),
        (("web", "k" * 900 + "a"), ("web", "k" * 900 + "b")),
        (("web:x", "k"), ("web", "x:k")),
        (("web%3Ax", "k"), ("web:x", "k")),
        (("we\0b", "k"), ("we\ud800b", "k")),
    ],
)
def test_keys_that_are_not_equal_stay_apart(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert key_of(*one) != key_of(*other)


def test_an_ordinary_key_is_stored_as_it_is() -> None:
    assert key_of("web", "draft:9%") == "web:draft:9%"
