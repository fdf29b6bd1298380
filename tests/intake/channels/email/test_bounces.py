"""Notices that come back: only a signed address or Message-ID of ours changes anything."""

import pytest

from core.review.alarm import DeskAlarm
from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.submission import Address, Submitter
from intake.channels.email.bounces import meaning_of
from intake.channels.email.understanding.mail import Bounce
from tests.builders import Hands, submission
from tests.intake.channels.email.door import OURS, PERSON, mail
from tests.intake.channels.email.postoffice import PostOffice
from tests.intake.console.staff import hire

UNKNOWN = ("5.1.1", "failed", "550 5.1.1 User unknown")
FULL = ("5.2.2", "failed", "552 5.2.2 Mailbox full")
DELAYED = ("4.4.1", "delayed", "451 4.4.1 Connection timed out")
EXPIRED = ("4.4.7", "failed", "Delivery time expired")


def report(kind: tuple[str, str, str], original_id: str = "<x@example.org>") -> bytes:
    status, action, diagnostic = kind
    return mail(
        "--r",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Your message could not be delivered.",
        "--r",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example.org",
        "",
        f"Final-Recipient: rfc822; {PERSON}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; {diagnostic}",
        "",
        "--r",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {original_id}",
        "--r--",
        subject="Undelivered Mail Returned to Sender",
        sender="MAILER-DAEMON@mx.example.org",
        MIME_Version="1.0",
        Content_Type='multipart/report; report-type=delivery-status; boundary="r"',
        Auto_Submitted="auto-replied",
    )


async def told(office: PostOffice, *further: Address) -> dict[str, object]:
    """File a report that was acknowledged by mail; return the sent notice."""
    addresses = (Address(channel="email", address=PERSON, confirmed=True), *further)
    await Desk(office.runtime).submit(
        submission(submitter=Submitter(name="Sari", email=PERSON), addresses=addresses)
    )
    [notice] = await office.notices()
    await office.mark_sent(notice["id"])
    return notice


async def state(office: PostOffice) -> dict[str, object]:
    rows = await office.rows("SELECT status, last_error FROM deliveries ORDER BY seq")
    blocked = await office.rows("SELECT blocked_reason FROM ticket_addresses ORDER BY rank")
    events = await office.rows("SELECT kind FROM events ORDER BY seq")
    return {
        "deliveries": [row["status"] for row in rows if row["status"] != "pending"],
        "blocked": [row["blocked_reason"] for row in blocked],
        "events": [row["kind"] for row in events][1:],
    }


async def test_an_unknown_user_blocks_the_address_and_asks_for_a_call(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    notice = await told(office)
    content = report(UNKNOWN)
    address = office.tokens.bounce_address(notice["id"])  # type: ignore[arg-type]  # a UUID

    row = await office.take(content, sender="", to=(address,))
    await office.take(b"Received: again\r\n" + content, sender="", to=(address,))

    assert row["ticket_id"] == notice["ticket_id"]
    assert await state(office) == {
        "deliveries": ["failed"],
        "blocked": ["unknown_recipient"],
        "events": ["delivery_failed", "call_needed"],
    }
    [ticket] = await office.tickets()
    assert ticket["status"] == "open"
    assert len(await office.messages()) == 1


async def test_the_next_address_hears_the_same_news(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    notice = await told(office, Address(channel="skeleton", address="chat-1", confirmed=True))
    address = office.tokens.bounce_address(notice["id"])  # type: ignore[arg-type]  # a UUID

    await office.take(report(UNKNOWN), sender="", to=(address,))

    [_, again] = await office.notices()
    assert (again["channel"], again["recipient_ref"], again["status"]) == (
        "skeleton",
        "chat-1",
        "pending",
    )
    assert (await state(office))["events"] == ["delivery_failed"]


async def test_a_full_mailbox_fails_the_notice_and_keeps_the_address(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    notice = await told(office)
    address = office.tokens.bounce_address(notice["id"])  # type: ignore[arg-type]  # a UUID

    await office.take(report(FULL), sender="", to=(address,))

    now = await state(office)
    assert (now["deliveries"], now["blocked"]) == (["failed"], [None])


async def test_a_delay_changes_nothing_and_giving_up_does(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    notice = await told(office)
    address = office.tokens.bounce_address(notice["id"])  # type: ignore[arg-type]  # a UUID

    await office.take(report(DELAYED), sender="", to=(address,))
    assert (await state(office))["deliveries"] == ["sent"]
    await office.take(report(EXPIRED), sender="", to=(address,))

    assert (await state(office))["deliveries"] == ["failed"]


async def test_the_returned_message_id_is_as_good_as_the_address(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    notice = await told(office)
    ours = office.tokens.message_id(notice["id"])  # type: ignore[arg-type]  # a UUID

    await office.take(report(UNKNOWN, ours), sender="", to=(OURS,))

    assert (await state(office))["deliveries"] == ["failed"]


@pytest.mark.parametrize(
    "to", [OURS, "bounce+aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@rs.example.org"]
)
async def test_a_forged_or_foreign_report_changes_nothing_and_opens_nothing(
    runtime: Runtime, to: str
) -> None:
    office = PostOffice(runtime)
    await told(office)

    row = await office.take(report(UNKNOWN), sender="", to=(to,))

    assert row["status"] == "dropped"
    assert await state(office) == {"deliveries": ["sent"], "blocked": [None], "events": []}
    assert len(await office.tickets()) == 1


async def test_a_bounce_may_overtake_the_mark_that_the_notice_was_sent(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    notice = await told(office)
    await office.rows("UPDATE deliveries SET status = 'sending' WHERE id = :id", id=notice["id"])
    address = office.tokens.bounce_address(notice["id"])  # type: ignore[arg-type]  # a UUID

    await office.take(report(UNKNOWN), sender="", to=(address,))

    assert (await state(office))["deliveries"] == ["failed"]


@pytest.mark.parametrize(
    ("reason", "status", "hard", "raw", "expected"),
    [
        ("unknown-user", "5.1.1", True, b"", ("unknown_recipient", True)),
        ("unknown-user", "5.1.1", False, b"", ("refused", False)),
        ("mailbox-full", "5.2.2", False, b"", ("refused", False)),
        ("policy", None, False, b"", ("refused", False)),
        ("temporary", "4.4.1", False, b"Action: delayed", None),
        ("other", "4.0.0", False, b"", None),
        ("temporary", "4.4.7", False, b"x\r\nAction: failed\r\n", ("unreachable", False)),
    ],
)
def test_a_bounce_means_what_its_row_says(
    reason: str, status: str | None, hard: bool, raw: bytes, expected: tuple[str, bool] | None
) -> None:
    bounce = Bounce(recipients=("a@example.org",), status=status, reason=reason, hard=hard)  # type: ignore[arg-type]  # a word of the closed list

    what = meaning_of(bounce, raw)

    assert (what and (what.reason, what.loses_address)) == expected


async def test_an_alarm_of_the_review_desk_that_came_back_is_seen(
    runtime: Runtime, hands: Hands
) -> None:
    office = PostOffice(runtime)
    await hire(runtime, "dewi", "supervisor")
    await office.take(mail("Warta.", Auto_Submitted="auto-generated"))
    hands.move(hours=1)
    assert await DeskAlarm(runtime).send_if_due() == 1
    alarm = await office.notice_id("desk_waits")

    row = await office.take(report(UNKNOWN, alarm), sender="")

    assert (row["status"], row["ticket_id"]) == ("done", None)
    [kept] = await office.notices("desk_waits")
    assert kept["status"] == "failed"
    assert str(kept["last_error"]).startswith("returned: unknown_recipient")
