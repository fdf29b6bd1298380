"""Whoever writes in somebody's name is believed as much as there is proof, and says so to staff."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest

from core.reading.command_line.case import case_file
from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from intake.channels.email.authenticity import Authenticity, Sure
from intake.channels.email.belief import BELIEFS, STANDS
from tests.builders import OFFICER, submission
from tests.intake.channels.email.door import PERSON, mail
from tests.intake.channels.email.postoffice import OFFICER_MAIL, PostOffice

ROOT = Path(__file__).parents[4]
CHECKED = {"authserv_id": "mx.rs.example.org"}
VICTIM = "korban@example.net"
DAUGHTER = "anak@example.net"


def said(result: str) -> dict[str, str]:
    return {"Authentication_Results": f"mx.rs.example.org; dmarc={result}"}


def test_the_table_in_the_documents_is_the_table_in_the_code() -> None:
    written = (ROOT / "docs/email.md").read_text(encoding="utf-8")
    rows = [
        f"| {', '.join(row.who)} | {row.carries} | {', '.join(row.sure)} | {STANDS[row.stands]} "
        f"| {'yes' if row.is_marked else 'no'} | {'yes' if row.confirms else 'no'} |"
        for row in BELIEFS
    ]

    assert "\n".join(rows) in written


def test_whoever_writes_whatever_is_in_the_table_once() -> None:
    for sure in get_args(Sure):
        for who, carries in (
            *product(("person",), ("our signature", "a number or its mails")),
            *product(("somebody else", "staff"), ("our signature", "its mails", "nothing")),
            *product(("person", "somebody else", "staff"), ("our id in its text",)),
            ("staff", "a forwarded mail"),
        ):
            fits = [
                row
                for row in BELIEFS
                if who in row.who and row.carries == carries and sure in row.sure
            ]
            assert len(fits) == 1, (who, carries, sure)


def test_only_what_is_proven_confirms_an_address() -> None:
    assert {row.sure for row in BELIEFS if row.confirms} == {("proven",)}


@pytest.mark.parametrize(
    ("found", "sure"),
    [
        (Authenticity(), "unproven"),
        (Authenticity(dmarc="none", spf="pass", dkim="pass", by="kiss"), "unproven"),
        (Authenticity(dmarc="temperror", by="kiss"), "unproven"),
        (Authenticity(dmarc="permerror", spf="softfail", by="kiss"), "unproven"),
        (Authenticity(dmarc="none", spf="neutral", by="kiss"), "unproven"),
        (Authenticity(dmarc="none", aligned=True, by="kiss"), "proven"),
        (Authenticity(dmarc="pass", by="kiss"), "proven"),
        (Authenticity(dmarc="fail", aligned=True, by="kiss"), "disproven"),
    ],
)
def test_what_is_not_known_is_unproven(found: Authenticity, sure: str) -> None:
    assert found.sure == sure


async def resolved(office: PostOffice) -> Mapping[str, Any]:
    """File a report of the person and resolve it; return the ticket."""
    await office.take(mail("AC mati.", Message_ID="<first@example.org>"))
    [ticket] = await office.tickets()
    work = Casework(office.runtime)
    await work.resolve(ticket["id"], "Sudah diperbaiki.", by=OFFICER)
    return ticket


@pytest.mark.parametrize(
    ("receiving", "headers", "is_marked"),
    [
        ({}, {}, True),
        (CHECKED, said("none"), True),
        (CHECKED, said("temperror"), True),
        (CHECKED, {}, True),
        (CHECKED, said("pass"), False),
    ],
)
async def test_a_number_in_a_subject_is_marked_unless_the_sender_is_proven(
    runtime: Runtime, receiving: Mapping[str, str], headers: dict[str, str], is_marked: bool
) -> None:
    office = PostOffice(runtime, receiving)
    ticket = await resolved(office)

    await office.take(
        mail("Tutup saja laporan saya, sudah selesai.", subject=f"Re: {ticket['ticket_number']}",
             **headers),
        peer="127.0.0.1",
    )  # fmt: skip

    [now] = await office.tickets()
    added = (await office.messages())[-1]
    assert added["remarks"].get("unproven", False) is is_marked
    said_so = [one for one in added["remarks"].get("remarks", []) if "belum terbukti" in one]
    assert bool(said_so) is is_marked
    events = await office.rows("SELECT kind, data FROM events ORDER BY seq")
    assert events[-1]["kind"] == "reopened"
    assert events[-1]["data"].get("unproven", False) is is_marked
    assert not {"confirmed", "withdrawn", "rated"} & {event["kind"] for event in events}
    assert (now["submitter_email"], now["rating"], now["closed_at"]) == (PERSON, None, None)
    found = await case_file(runtime, str(ticket["ticket_number"]))
    assert found is not None
    assert found.messages[-1].is_unproven is is_marked


async def test_whoever_holds_our_signed_name_needs_no_other_proof(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ticket = await resolved(office)
    address = office.tokens.reply_address(ticket["id"])

    await office.take(mail("Masih mati.", Message_ID="<2@e.org>"), to=(address,))

    assert "unproven" not in (await office.messages())[-1]["remarks"]


async def test_a_disowned_mail_with_a_leaked_reply_address_is_marked(runtime: Runtime) -> None:
    office = PostOffice(runtime, CHECKED)
    ticket = await resolved(office)
    address = office.tokens.reply_address(ticket["id"])

    await office.take(mail("Masih.", **said("fail")), to=(address,), peer="127.0.0.1")

    assert (await office.messages())[-1]["remarks"]["unproven"] is True


async def test_an_unproven_number_opens_nothing_of_long_ago_in_the_persons_name(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    ticket = await resolved(office)
    await Casework(runtime).close(ticket["id"], "Selesai.", by=OFFICER)
    runtime.clock.move(days=60)  # type: ignore[attr-defined]  # the tests' clock

    await office.take(mail("Lagi.", subject=f"Re: {ticket['ticket_number']}"))

    old, new = await office.tickets()
    assert old["status"] == "closed"
    assert new["id"] != old["id"]
    addresses = await office.rows("SELECT confirmed_at FROM ticket_addresses")
    assert [row["confirmed_at"] for row in addresses] == [None, None]
    assert runtime.clock() - old["received_at"] > timedelta(days=59)


@pytest.mark.parametrize("result", ["none", "fail", "temperror", ""])
async def test_an_unproven_forward_of_staff_makes_nobody_a_reporter(
    runtime: Runtime, result: str
) -> None:
    office = PostOffice(runtime, CHECKED)
    content = mail(
        "FYI", "", "---------- Forwarded message ---------",
        f"From: Korban Contoh <{VICTIM}>", "Date: Mon, Nov 23, 2026 at 9:00 AM",
        "Subject: Lift rusak", "To: <petugas@rs.example.org>", "", "Lift di lobi rusak.",
        subject="Fwd: Lift rusak", sender=OFFICER_MAIL, **(said(result) if result else {}),
    )  # fmt: skip

    await office.take(content, sender=OFFICER_MAIL, peer="127.0.0.1")

    [ticket] = await office.tickets()
    assert "Lift di lobi rusak." in ticket["description"]
    assert (ticket["submitter_name"], ticket["submitter_email"]) == (None, None)
    assert await office.rows("SELECT 1 AS one FROM ticket_addresses") == []
    assert await office.notices("received") == []
    [message] = await office.messages()
    assert any(VICTIM in remark for remark in message["remarks"]["remarks"])
    assert message["remarks"]["unproven"] is True


async def test_a_third_person_is_named_to_staff_wherever_their_words_stand(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC mati.", Message_ID="<first@example.org>"))
    [ticket] = await office.tickets()
    address = office.tokens.reply_address(ticket["id"])

    await office.take(mail("Saya anaknya.", sender=DAUGHTER), sender=DAUGHTER, to=(address,))

    found = await case_file(runtime, str(ticket["ticket_number"]))
    assert found is not None
    assert found.messages[-1].third_person == DAUGHTER
    assert found.events[-1].data["third_person"] is True
    assert found.submitter["email"] == PERSON


async def test_another_address_on_an_unnamed_report_is_shown_to_nobody(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    receipt = await Desk(runtime).submit(submission(anonymous=True))
    address = office.tokens.reply_address(receipt.ticket_id)

    await office.take(mail("Saya lagi.", sender=DAUGHTER), sender=DAUGHTER, to=(address,))

    remarks = (await office.messages())[-1]["remarks"]
    assert remarks["third_person"] == "seseorang tanpa nama"
    assert DAUGHTER not in str(remarks["remarks"])
