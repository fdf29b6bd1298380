"""Mail that came back, and mail that no person wrote."""

import pytest

from intake.channels.email.understanding.bounces import reasons
from intake.channels.email.understanding.languages.vocabulary import says
from intake.channels.email.understanding.mail import Automatic, Reason
from intake.channels.email.understanding.understand import understand


def report(action: str, status: str, diagnostic: str, *, recipient: str = "x@example.org") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.org\nTo: kami@rs.example.org\n"
        "Subject: Undelivered Mail Returned to Sender\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\n\nThis is the mail system.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {diagnostic}\n\n"
        "--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <tiket-1@rs.example.org>\n\n--b--\n"
    ).encode()


@pytest.mark.parametrize(
    ("status", "diagnostic", "reason", "hard"),
    [
        ("5.1.1", "550 5.1.1 User unknown", "unknown-user", True),
        ("5.0.0", "550 no such user here", "unknown-user", True),
        ("5.1.2", "550 5.1.2 Host unknown", "unknown-host", True),
        ("5.4.4", "Name service error for name=x.example", "unknown-host", True),
        ("5.1.6", "551 5.1.6 Recipient has moved", "moved", True),
        ("5.2.2", "552 5.2.2 Mailbox full", "mailbox-full", False),
        ("5.3.4", "552 5.3.4 Message size exceeds fixed limit", "size", False),
        ("5.7.1", "554 5.7.1 Blocked using a list", "policy", False),
        (
            "5.7.1",
            "550 5.7.1 <x@example.org> User unknown (in reply to end of DATA)",
            "policy",
            False,
        ),
        ("5.7.26", "550 5.7.26 SPF and DKIM failed", "policy", False),
        ("5.2.1", "550 5.2.1 The account has been disabled", "other", False),
        ("4.4.1", "connect to mx.example.org: Connection timed out", "temporary", False),
        ("4.2.2", "452 4.2.2 over quota", "mailbox-full", False),
    ],
)
def test_reason_and_hardness_follow_the_servers_words(
    status: str, diagnostic: str, reason: Reason, hard: bool
) -> None:
    bounce = understand(report("failed", status, diagnostic)).bounce

    assert bounce is not None
    assert (bounce.reason, bounce.hard, bounce.status) == (reason, hard, status)
    assert bounce.recipients == ("x@example.org",)
    assert bounce.original_message_id == "tiket-1@rs.example.org"


def test_delay_is_never_hard() -> None:
    bounce = understand(report("delayed", "4.1.1", "450 user unknown")).bounce

    assert bounce is not None
    assert not bounce.hard


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_success_is_no_bounce(action: str) -> None:
    assert understand(report(action, "2.0.0", "250 ok")).bounce is None


def test_no_automatic_answer_to_a_bounce() -> None:
    mail = understand(report("failed", "5.1.1", "550 no"))

    assert mail.automatic is None
    assert not mail.answerable


def test_abuse_report_is_no_bounce() -> None:
    raw = report("failed", "5.1.1", "x").replace(
        b"message/delivery-status", b"message/feedback-report"
    )

    assert understand(raw).bounce is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Pesan saya tidak terkirim ke poli", "Saya sudah menulis dua kali, tidak ada balasan."),
        ("Re: Undelivered Mail", "Apa arti surat ini? <x@example.org>: user unknown"),
        ("Fwd: failure notice", "Saya dapat surat ini, 550 5.1.1 no such user."),
        ("Delivery obat terlambat", "Obat saya has not been delivered."),
    ],
)
def test_person_who_writes_about_mail_is_no_bounce(subject: str, text: str) -> None:
    raw = f"From: Siti <siti@example.org>\nSubject: {subject}\n\n{text}\n".encode()

    assert understand(raw).bounce is None


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("Auto-Submitted: auto-replied", "auto-reply"),
        ("Auto-Submitted: no", None),
        ("X-Autoreply: yes", "auto-reply"),
        ("Precedence: auto_reply", "auto-reply"),
        ("Precedence: bulk", "bulk"),
        ("Precedence: list", "list"),
        ("List-Id: <warga.example.org>", "list"),
        ("X-Kiss-Intake: 1", "loop"),
        ("Message-ID: <a@intake.example.org>", "loop"),
        ("Subject: Balasan otomatis: halo", "auto-reply"),
        ("Subject: Automatic reply: halo", "auto-reply"),
        ("Subject: Sedang cuti", "auto-reply"),
        ("Subject: Saya sedang cuti melahirkan, jadwal kontrol?", None),
        ("From: no-reply@example.org", "bulk"),
        ("X-Spam: no", None),
    ],
)
def test_automatic_mail_is_named(headers: str, kind: Automatic | None) -> None:
    default = "" if headers.startswith("From:") else "\nFrom: a@example.org"
    raw = f"{headers}{default}\n\nhalo\n".encode()

    mail = understand(raw, own_domains=frozenset({"intake.example.org"}))

    assert mail.automatic == kind
    assert mail.answerable is (kind is None)


@pytest.mark.parametrize(
    "header",
    ["X-Auto-Response-Suppress: All", "X-Loop: yes", "X-No-Ack: 1", "X-Ack: no", "Return-Path: <>"],
)
def test_mail_that_forbids_answers_gets_none(header: str) -> None:
    mail = understand(f"{header}\nFrom: a@example.org\n\nhalo\n".encode())

    assert mail.automatic is None
    assert not mail.answerable


def test_no_row_of_reasons_fits_an_empty_text() -> None:
    assert all(says(row.phrases).search("") is None for row in reasons.ROWS)
