"""What is written of a report, and what the person is told of it."""

import json
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import cast
from uuid import uuid4

import pytest
from asyncpg import Record

from core.ground.concealed import digest_kept
from core.ground.secret import Secret
from core.hospital.directory import ChannelEntry
from core.tickets.filing import _FILE, _addresses, _receipt, _receipt_again, _values, decide
from core.tickets.preparation import content_hash, prepare
from core.tickets.submission import Address, Receipt, StoredFile, Submission, Submitter
from core.tickets.tracking_code import hash_of
from tests.builders import MONDAY, TOKEN, submission
from tests.core.example import CATEGORY, DIRECTORY, POSTER, WARD, directory

CODE = "7K3M-Q2XW-9D4H-TBRA"
SECRET = Secret.of(b"k" * 32)
EARLIER = MONDAY - timedelta(minutes=5)
SITI = Address(channel="email", address="siti@example.org", confirmed=True)
PHOTO = StoredFile(name="kamar.jpg", path="ab/abc", size=3, mime_type="image/jpeg")
VOICE_NOTE = StoredFile(name="suara.ogg", status="pending", remote_ref="file-9")
HOUSE = directory(
    replace(WARD, contact_email="melati@rs.example.org"),
    version=7,
    channels=DIRECTORY.channels
    | {
        "web": ChannelEntry(name="web"),
        "phone": ChannelEntry(name="phone", is_spoken=True, takes="phone"),
    },
)
FULL = Submission(
    channel="email",
    key="k-1",
    words="AC mati.",
    html="<p>AC mati.</p>",
    kind="suggestion",
    title="AC",
    language="en",
    received_at=EARLIER,
    occurred_at=datetime(2026, 11, 20, tzinfo=UTC),
    qr_token=TOKEN,
    category="FAC",
    submitter=Submitter(name="Siti", email="siti@example.org", phone="+62", address="Jl. Mawar"),
    anonymous=False,
    for_whom="family",
    addresses=(SITI,),
    files=(PHOTO, VOICE_NOTE),
    urgency=5,
    remarks=("title: 300 → 255",),
    facts={"spf": "pass"},
    entered_by=uuid4(),
    reporting="lisan",
    ip_address="192.0.2.1",
    user_agent="browser",
)
IN_JSON = {
    "remarks": {"remarks": ["title: 300 → 255"], "spf": "pass"},
    "facts": {"rule": "qr", "hours": 72},
    "addresses": [asdict(SITI) | {"rank": 0}],
    "files": [asdict(PHOTO) | {"position": 0}, asdict(VOICE_NOTE) | {"position": 1}],
    "notices": [
        {
            "audience": "submitter",
            "template": "received",
            "channel": "email",
            "address": "siti@example.org",
            "language": "en",
        },
        {
            "audience": "unit",
            "template": "unit_received",
            "channel": "email",
            "address": "melati@rs.example.org",
            "language": "id",
        },
    ],
}
"""What one statement takes as JSON, because it becomes several rows, or is data of an event."""


def test_every_fact_is_stored_under_its_name() -> None:
    filing = decide(FULL, HOUSE, MONDAY)

    values = _values(filing, "email:k-1", CODE, MONDAY, SECRET)

    assert {name: value for name, value in values.items() if name not in IN_JSON} == {
        "directory_version": 7,
        "day": date(2026, 11, 23),
        "idempotency_key": "email:k-1",
        "content_hash": digest_kept(SECRET, content_hash(FULL)),
        "entered_by": FULL.entered_by,
        "channel": "email",
        "words": "AC mati.",
        "html": "<p>AC mati.</p>",
        "received_at": EARLIER,
        "kind": "suggestion",
        "category_id": CATEGORY.id,
        "title": "AC",
        "name": "Siti",
        "email": "siti@example.org",
        "phone": "+62",
        "address": "Jl. Mawar",
        "anonymous": False,
        "unit_id": WARD.id,
        "priority": "critical",
        "urgency": 5,
        "due_at": EARLIER + timedelta(hours=72),
        "qr_code_id": POSTER.id,
        "ip_address": "192.0.2.1",
        "user_agent": "browser",
        "occurred_at": FULL.occurred_at,
        "language": "en",
        "for_whom": "family",
        "routing_reason": "Kode QR yang dipindai terpasang di Ruang Melati.",
        "sla_reason": "72 jam: ketentuan kategori Fasilitas.",
        "tracking_hash": hash_of(CODE),
        "now": MONDAY,
        "reporting": "lisan",
    }


@pytest.mark.parametrize("name", IN_JSON)
def test_what_becomes_several_rows_goes_as_json(name: str) -> None:
    values = _values(decide(FULL, HOUSE, MONDAY), "email:k-1", CODE, MONDAY, SECRET)

    assert json.loads(values[name]) == IN_JSON[name]


def test_without_a_remark_none_is_written() -> None:
    values = _values(decide(submission(), DIRECTORY, MONDAY), "web:k", CODE, MONDAY, SECRET)

    assert json.loads(values["remarks"]) == {}


def test_the_statement_takes_what_it_is_given_and_the_identities_of_three_rows() -> None:
    values = _values(decide(FULL, HOUSE, MONDAY), "email:k-1", CODE, MONDAY, SECRET)

    assert set(_FILE.names) == {*values, "ticket_id", "message_id", "event_id"}


def test_addresses_are_ranked_as_they_are_tried_and_a_telephone_comes_last() -> None:
    phone = Address(channel="phone", address="+6281200000000")
    chat = Address(channel="web", address="chat-1")
    report = submission(addresses=(phone, SITI, chat), submitter=Submitter(name="Siti"))

    placed = _addresses(decide(prepare(report, HOUSE), HOUSE, MONDAY), SECRET)

    assert placed == [
        asdict(SITI) | {"rank": 0},
        asdict(chat) | {"rank": 1},
        asdict(phone) | {"rank": 1000},
    ]


def test_a_receipt_says_number_code_unit_and_time() -> None:
    ticket = uuid4()

    receipt = _receipt(decide(FULL, HOUSE, MONDAY), "TKT-20261123-0001", CODE, ticket)

    assert receipt == Receipt(
        key=FULL.key,
        ticket_id=ticket,
        number="TKT-20261123-0001",
        tracking_code=CODE,
        unit_name="Ruang Melati",
        due_at=EARLIER + timedelta(hours=72),
        received_at=EARLIER,
    )


@pytest.mark.parametrize(("words", "same"), [("AC mati.", True), ("AC masih mati.", False)])
def test_a_repeat_gets_the_receipt_of_then_and_hears_whether_it_says_the_same(
    words: str, same: bool
) -> None:
    ticket = uuid4()
    row = {
        "id": ticket,
        "ticket_number": "TKT-20261122-0009",
        "unit_name": "Farmasi",
        "sla_deadline": MONDAY + timedelta(hours=1),
        "received_at": MONDAY - timedelta(days=1),
        "content_hash": digest_kept(SECRET, content_hash(FULL)),
    }

    receipt = _receipt_again(cast("Record", row), replace(FULL, words=words), CODE, SECRET)

    assert receipt == Receipt(
        key=FULL.key,
        ticket_id=ticket,
        number="TKT-20261122-0009",
        tracking_code=CODE,
        unit_name="Farmasi",
        due_at=MONDAY + timedelta(hours=1),
        received_at=MONDAY - timedelta(days=1),
        repeated=True,
        is_same=same,
    )
