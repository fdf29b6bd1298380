"""What mail systems report on our notices is never a complaint."""

from collections.abc import Sequence

import pytest

from core.runtime import Runtime
from core.tickets.casework import Casework
from core.tickets.desk import Desk
from core.tickets.submission import Address, Submitter
from intake.channels.email.understanding.understand import understand
from tests.builders import OFFICER, submission
from tests.intake.channels.email.door import OURS, PERSON, mail
from tests.intake.channels.email.postoffice import PostOffice

PROVIDER = "feedback@arf.example.net"
SOMEONE_ELSES = "<someone@elsewhere.example>"


def parts(*bodies: Sequence[str], report_type: str, **headers: str) -> bytes:
    lines = [line for body in bodies for line in ("--batas", *body)]
    return mail(
        *lines,
        "--batas--",
        sender=headers.pop("sender", PROVIDER),
        subject=headers.pop("subject", "Abuse report"),
        MIME_Version="1.0",
        Content_Type=f'multipart/report; boundary="batas"; report-type={report_type}',
        **headers,
    )


def feedback(
    message_id: str,
    *,
    kind: str = "abuse",
    path: str = "<a@elsewhere.example>",
    enclosed: str = "message/rfc822",
    **headers: str,
) -> bytes:
    """Write an abuse report (RFC 5965) on a mail."""
    return parts(
        ["Content-Type: text/plain; charset=utf-8", "", "This is an email abuse report.", ""],
        [
            "Content-Type: message/feedback-report",
            "",
            f"Feedback-Type: {kind}",
            "User-Agent: FBL/1.0",
            "Version: 1",
            f"Original-Mail-From: {path}",
            f"Original-Rcpt-To: {PERSON}",
            "",
        ],
        [
            f"Content-Type: {enclosed}",
            "",
            f"From: RS <{OURS}>",
            f"To: {PERSON}",
            "Subject: Laporan Anda",
            f"Message-ID: {message_id}",
            "",
            "Isi",
        ],
        report_type="feedback-report",
        **headers,
    )


def seen(message_id: str, **headers: str) -> bytes:
    """Write a read receipt (RFC 8098) for a mail."""
    return parts(
        ["Content-Type: text/plain", "", "Your message was displayed.", ""],
        [
            "Content-Type: message/disposition-notification",
            "",
            "Reporting-UA: mail.example.org",
            f"Final-Recipient: rfc822;{PERSON}",
            f"Original-Message-ID: {message_id}",
            "Disposition: manual-action/MDN-sent-manually; displayed",
            "",
        ],
        report_type="disposition-notification",
        subject="Read: Laporan Anda",
        **headers,
    )


def delivered(message_id: str, **headers: str) -> bytes:
    """Write a report of success (RFC 3464) for a mail."""
    return parts(
        ["Content-Type: text/plain", "", "Your message was relayed.", ""],
        [
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example.org",
            "",
            f"Final-Recipient: rfc822; {PERSON}",
            "Action: relayed",
            "Status: 2.0.0",
            "",
        ],
        ["Content-Type: text/rfc822-headers", "", f"Message-ID: {message_id}", ""],
        report_type="delivery-status",
        subject="Successful Mail Delivery Report",
        **headers,
    )


async def told(office: PostOffice, *further: Address) -> str:
    """File a report that was acknowledged by mail; return the notice's Message-ID."""
    addresses = (Address(channel="email", address=PERSON, confirmed=True), *further)
    await Desk(office.runtime).submit(
        submission(submitter=Submitter(name="Sari", email=PERSON), addresses=addresses)
    )
    return await office.notice_id()


async def state(office: PostOffice) -> tuple[list[str], list[str | None], int]:
    """Name what happened since the report, why each address is blocked, and count the tickets."""
    events = await office.rows("SELECT kind FROM events ORDER BY seq OFFSET 1")
    blocked = await office.rows("SELECT blocked_reason FROM ticket_addresses ORDER BY rank")
    return (
        [row["kind"] for row in events],
        [row["blocked_reason"] for row in blocked],
        len(await office.tickets()),
    )


@pytest.mark.parametrize("enclosed", ["message/rfc822", "text/rfc822-headers"])
async def test_a_notice_called_unwanted_blocks_its_address_and_staff_read_it(
    runtime: Runtime, enclosed: str
) -> None:
    office = PostOffice(runtime)
    ours = await told(office)

    row = await office.take(feedback(ours, enclosed=enclosed), sender=PROVIDER)
    await office.take(b"Received: lagi\r\n" + feedback(ours, enclosed=enclosed), sender=PROVIDER)

    [ticket] = await office.tickets()
    assert (row["status"], row["ticket_id"]) == ("done", ticket["id"])
    assert await state(office) == (["unwanted", "call_needed"], ["unwanted"], 1)
    assert len(await office.messages()) == 1


async def test_the_envelope_sender_names_the_notice_as_well(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await told(office)
    [notice] = await office.notices()
    path = f"<{office.tokens.bounce_address(notice['id'])}>"

    await office.take(feedback(SOMEONE_ELSES, path=path), sender=PROVIDER)

    assert await state(office) == (["unwanted", "call_needed"], ["unwanted"], 1)


async def test_where_another_address_is_left_nobody_has_to_call(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ours = await told(office, Address(channel="skeleton", address="chat-1", confirmed=True))

    await office.take(feedback(ours), sender=PROVIDER)

    assert await state(office) == (["unwanted"], ["unwanted", None], 1)


async def test_nothing_more_is_sent_to_who_called_it_unwanted(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    ours = await told(office)
    await office.take(feedback(ours), sender=PROVIDER)
    [ticket] = await office.tickets()

    await Casework(runtime).reply(ticket["id"], "Sudah kami perbaiki.", by=OFFICER)

    assert await office.notices("replied") == []


@pytest.mark.parametrize("kind", ["auth-failure", "not-spam", "dmarc", ""])
async def test_feedback_that_is_no_complaint_blocks_nobody(runtime: Runtime, kind: str) -> None:
    office = PostOffice(runtime)
    ours = await told(office)

    row = await office.take(feedback(ours, kind=kind), sender=PROVIDER)

    assert row["status"] == "quarantined"
    assert await state(office) == ([], [None], 1)


@pytest.mark.parametrize("spoiled", [False, True])
async def test_a_report_on_no_notice_of_ours_waits_and_has_no_clock(
    runtime: Runtime, spoiled: bool
) -> None:
    office = PostOffice(runtime)
    ours = await told(office)
    named = ours.replace(ours.split(".")[1][:4], "aaaa", 1) if spoiled else SOMEONE_ELSES

    row = await office.take(feedback(named), sender=PROVIDER)

    assert row["status"] == "quarantined"
    assert await state(office) == ([], [None], 1)


@pytest.mark.parametrize("write", [seen, delivered])
@pytest.mark.parametrize("sender", ["", PERSON])
async def test_that_a_notice_was_read_or_delivered_is_nothing(
    runtime: Runtime, write: object, sender: str
) -> None:
    office = PostOffice(runtime)
    ours = await told(office)

    row = await office.take(write(ours, In_Reply_To=ours), sender=sender)  # type: ignore[operator]  # one of the two

    assert row["status"] == "dropped"
    assert await state(office) == ([], [None], 1)
    assert len(await office.messages()) == 1


async def test_a_receipt_for_some_other_mail_waits_unless_it_has_the_null_sender(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)

    null = await office.take(seen(SOMEONE_ELSES), sender="")
    named = await office.take(seen(SOMEONE_ELSES, Message_ID="<2@e.org>"), sender=PERSON)

    assert (null["status"], named["status"]) == ("dropped", "quarantined")
    assert await office.tickets() == []


async def test_a_report_that_a_person_passes_on_as_a_file_is_their_complaint(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    inner = feedback(SOMEONE_ELSES).decode().splitlines()
    content = mail(
        "--luar",
        "Content-Type: text/plain",
        "",
        "Kenapa surat saya dilaporkan?",
        "--luar",
        "Content-Type: message/rfc822",
        "",
        *inner,
        "--luar--",
        MIME_Version="1.0",
        Content_Type='multipart/mixed; boundary="luar"',
    )

    row = await office.take(content)

    assert row["status"] == "done"
    assert len(await office.tickets()) == 1


def test_a_report_names_the_mail_it_is_about_however_broken() -> None:
    whole = understand(feedback("<a@b.example>", kind="Abuse", path="<x@y.example>")).report
    cut = understand(feedback("<a@b.example>")[:420]).report

    assert whole is not None
    assert (whole.kind, whole.feedback) == ("feedback", "abuse")
    assert whole.original_ids == ("a@b.example",)
    assert whole.original_paths == ("x@y.example",)
    assert cut is not None
    assert cut.original_ids == ()
    assert understand(mail("Feedback-Type: abuse")).report is None
