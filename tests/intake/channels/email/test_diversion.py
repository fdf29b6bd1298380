"""Persons and machines, one mail each, from the door to the ticket or the desk."""

from dataclasses import dataclass, field

import pytest

from core.runtime import Runtime
from intake.channels.email.diversion import TABLE
from tests.intake.channels.email.door import OURS, PERSON, mail
from tests.intake.channels.email.postoffice import PostOffice
from tests.root import ROOT

ANSWERED, QUIET, DROPPED = "ticket, answered", "ticket, not answered", "dropped"
WORDS = "Sudah tiga hari kami menunggu, tolong diperiksa."

DSN = (
    "--r",
    "Content-Type: text/plain",
    "",
    "Your message could not be delivered.",
    "--r",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.example.org",
    "",
    "Final-Recipient: rfc822; budi@example.net",
    "Action: failed",
    "Status: 5.1.1",
    "--r--",
)
RECEIPT = (
    "--r",
    "Content-Type: text/plain",
    "",
    "Pesan ini sudah dibuka.",
    "--r",
    "Content-Type: message/disposition-notification",
    "",
    "Disposition: manual-action/MDN-sent-manually; displayed",
    "--r--",
)
REPORT = {
    "MIME_Version": "1.0",
    "Content_Type": 'multipart/report; report-type=delivery-status; boundary="r"',
}
ENCLOSED = (
    "--o",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "Surat saya ke poli kembali terus, lihat lampiran.",
    "--o",
    "Content-Type: message/rfc822",
    "",
    "From: MAILER-DAEMON@mx.example.org",
    "Subject: Undelivered Mail Returned to Sender",
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="r"',
    "",
    *DSN,
    "--o--",
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One mail, and what becomes of it: a ticket, dropped, or the row that sends it to the desk."""

    becomes: str
    subject: str = "Keluhan"
    words: tuple[str, ...] = (WORDS,)
    sender: str = PERSON
    envelope: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


def person(subject: str, *words: str, becomes: str = ANSWERED, **headers: str) -> Case:
    return Case(becomes=becomes, subject=subject, words=words or (WORDS,), headers=headers)


def marked(becomes: str = QUIET, **headers: str) -> Case:
    return Case(becomes=becomes, headers=headers)


def by(sender: str, becomes: str, subject: str = "Keluhan", **headers: str) -> Case:
    return Case(becomes=becomes, subject=subject, sender=sender, headers=headers)


PERSONS: tuple[Case, ...] = (
    # words of a subject
    person("Sedang cuti dokternya, anak saya tidak ditangani"),
    person("Sedang cuti"),
    person("Pesan otomatis terus yang saya terima dari pendaftaran"),
    person("Out of office hours the clinic refused my mother"),
    person("Automatic reply was all I got from radiology"),
    person("On leave again: no dentist for three weeks"),
    person("Di luar kantor pendaftaran antrean sampai ke jalan"),
    person("Cuti: dokter kandungan tidak ada penggantinya"),
    person("Auto: pintu lobi menjepit tangan anak saya"),
    person("Fwd: Automatic reply: jadwal kontrol"),
    person("Automatic reply: jadwal", becomes=QUIET, In_Reply_To="<dulu@example.net>"),
    # words of a bounce
    person("Undelivered medicine", "The medicine was not delivered to room 4, twice by now."),
    person("Returned mail from the pharmacy", "My parcel was returned to sender, unopened."),
    person("failure notice", "The cashier could not send my receipt: a failure notice, no help."),
    person("Pengiriman gagal: obat ibu", "Obat gagal dikirim dua kali dan tidak terkirim juga."),
    person("Delivery status of my results", "They have not been delivered to the ward."),
    person("Mail delivery problem", "Letters to room 2 could not be delivered by your porter."),
    Case(
        becomes=ANSWERED,
        subject="Surat kembali",
        words=ENCLOSED,
        headers={
            "MIME_Version": "1.0",
            "Content_Type": 'multipart/mixed; boundary="o"',
        },
    ),
    by("delivery@katering.example.net", ANSWERED, subject="Delivery failed: makan pasien"),
    # words of a command
    person("Suara bor di lantai 3, siang dan malam", "stop"),
    person("Lift nomor 2", "Berhenti."),
    person("Unsubscribe me from this nightmare of a ward"),
    person("Berhenti", "Petugas menyuruh kami berhenti bertanya."),
    # headers that lists, mailing programs and providers add
    marked(List_Unsubscribe="<https://portal.example.gov/u/abc>"),
    marked(
        List_Unsubscribe="<https://portal.example.gov/u/abc>",
        List_Unsubscribe_Post="List-Unsubscribe=One-Click",
        List_Id="<88121.portal.example.gov>",
    ),
    marked(List_Id="<warga.example.org>"),
    marked(List_Id="<warga.example.org>", List_Post="<mailto:warga@example.org>"),
    marked(List_Help="<mailto:bantuan@example.org>"),
    marked(Precedence="bulk"),
    marked(Precedence="junk"),
    marked(Precedence="list"),
    marked(Precedence="auto_reply"),
    marked(Precedence="bulk", List_Unsubscribe="<https://portal.example.gov/u/abc>"),
    marked(X_MS_Exchange_Inbox_Rules_Loop="lama@example.org"),
    marked(X_Auto_Response_Suppress="All"),
    marked(X_Loop="yes"),
    marked(ANSWERED, Auto_Submitted="no"),
    marked(ANSWERED, X_Autoreply="no"),
    by("no-reply@lapor.example.go.id", QUIET),
    by("postmaster@example.net", QUIET),
    Case(becomes=QUIET, envelope=""),
    # a form of our own website
    by(OURS, ANSWERED, Reply_To="Bapak Joko <joko@example.com>"),
    by(OURS, QUIET, Reply_To="Bu Rini <rini@gmail.com>", Auto_Submitted="auto-generated"),
    by("noreply@rs.example.org", ANSWERED, Reply_To="Dewi <dewi@example.com>"),
    by("wordpress@rs.example.org", QUIET, Reply_To="wayan@example.com", Precedence="bulk"),
    by("dr.ayu@rs.example.org", ANSWERED, Reply_To="ayu@example.com"),
)

MACHINES: tuple[Case, ...] = (
    marked("automatic", Auto_Submitted="auto-replied"),
    marked("automatic", Auto_Submitted="auto-generated (monitoring)"),
    marked("automatic", X_Autoreply="yes"),
    marked("automatic", X_Autorespond="Out of office"),
    marked("automatic", Delivered_To="autoresponder@example.org"),
    marked("automatic", X_Mailer="vacation 1.2"),
    Case(
        becomes="automatic",
        subject="Automatic reply: laporan",
        envelope="",
        headers={
            "Auto_Submitted": "auto-generated",
            "X_Auto_Response_Suppress": "All",
        },
    ),
    Case(becomes="absence notice", subject="Di luar kantor sampai 7 Desember", envelope=""),
    Case(becomes="absence notice", subject="Abwesend", headers={"Return_Path": "<>"}),
    Case(becomes="bounce", words=DSN, headers=REPORT, sender="postmaster@mx.example.org"),
    Case(
        becomes="bounce",
        sender="MAILER-DAEMON@mx.example.org",
        subject="failure notice",
        words=("Hi. This is the qmail-send program.", "<budi@example.net>: user unknown"),
    ),
    Case(
        becomes="bounce",
        subject="Undelivered Mail",
        headers={
            "X_Failed_Recipients": "budi@example.net",
        },
    ),
    Case(
        becomes="bounce",
        envelope="",
        subject="Undelivered Mail",
        words=("Your message could not be delivered: 550 5.1.1 user unknown",),
    ),
    Case(becomes=DROPPED, envelope="", words=DSN, headers=REPORT),
    marked(
        "mailing list",
        List_Id="<berita.example.org>",
        List_Post="<mailto:berita@example.org>",
        Precedence="list",
    ),
    by(
        "noreply@toko.example.com",
        "newsletter",
        subject="Diskon akhir pekan",
        List_Unsubscribe="<https://toko.example.com/u>",
        Precedence="bulk",
    ),
    by(OURS, "claims to be us"),
    by(OURS, "claims to be us", Reply_To=OURS),
    person("unsubscribe", "unsubscribe", becomes="command"),
    person("Re: Stop", " ", becomes="command"),
    person("", "berhenti berlangganan", becomes="command"),
    marked("own header", X_KISS_Intake="notice"),
)


@pytest.mark.parametrize(
    "case", [*PERSONS, *MACHINES], ids=lambda case: f"{case.subject} {case.headers}"
)
async def test_words_are_evidence_and_never_proof(runtime: Runtime, case: Case) -> None:
    office = PostOffice(runtime)
    content = mail(*case.words, subject=case.subject, sender=case.sender, **case.headers)
    envelope = case.sender if case.envelope is None else case.envelope

    row = await office.take(content, sender=envelope)

    assert await became(office, row) == case.becomes


async def became(office: PostOffice, row: dict[str, object]) -> str:
    if row["status"] == "quarantined":
        assert await office.tickets() == []
        assert await office.rows("SELECT * FROM deliveries") == []
        return str(row["last_error"]).partition(":")[0]
    if row["status"] == "dropped":
        return DROPPED
    assert len(await office.tickets()) == 1
    return ANSWERED if await office.notices() else QUIET


def test_there_are_enough_cases_of_both_kinds() -> None:
    assert len(PERSONS) >= 40
    assert {case.becomes for case in MACHINES} >= {row.name for row in TABLE} - {
        "own id",
        "own copy",
        "alarm answer",
        "own trace",
        "absence answer",
        "stray bounce",
    }


def test_the_table_in_the_documents_is_the_table_in_the_code() -> None:
    written = (ROOT / "docs/email.md").read_text(encoding="utf-8")
    told = {"dropped": "dropped", "quarantined": "the desk"}
    rows = [
        f"| {row.name} | {row.seen} | {told[row.status]} | `{row.reason}` | {row.why} |"
        for row in TABLE
    ]

    assert "\n".join(rows) in written
