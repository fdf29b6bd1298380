"""Mail becomes a ticket: words, unit, submitter, files; whatever it is like."""

import asyncio
import base64
import time

import pytest

from core.runtime import Runtime
from intake.channels.email.parser_pool import Unreadable, parse_in_worker
from intake.channels.email.understanding.mail import Mail
from tests.builders import SEEDED, set_to
from tests.intake.channels.email.door import OURS, PERSON, mail
from tests.intake.channels.email.postoffice import PostOffice
from tests.intake.channels.email.understanding.test_secured import DER, ENVELOPED, WORDS


def with_file(name: str, data: bytes, declared: str = "text/plain") -> bytes:
    return mail(
        "--b",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Terlampir fotonya.",
        "--b",
        f'Content-Type: {declared}; name="{name}"',
        f'Content-Disposition: attachment; filename="{name}"',
        "Content-Transfer-Encoding: base64",
        "",
        base64.encodebytes(data).decode().strip(),
        "--b--",
        MIME_Version="1.0",
        Content_Type='multipart/mixed; boundary="b"',
        Message_ID="<file@example.org>",
    )


async def test_a_plain_mail_becomes_a_ticket_with_its_sender_and_an_answer(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)

    row = await office.take(
        mail(
            "Selamat pagi, AC di kamar 3 mati sejak kemarin.",
            "",
            "-- ",
            "Sari, No. RM 12-34-56",
            "",
            "Dikirim dari iPhone saya",
            subject="Re: AC mati",
            sender="Sari Contoh <sari@example.org>",
            Message_ID="<1@example.org>",
        )
    )

    [ticket] = await office.tickets()
    assert row["status"] == "done"
    assert row["ticket_id"] == ticket["id"]
    assert row["message_id"] is not None
    words = "Selamat pagi, AC di kamar 3 mati sejak kemarin.\n\n-- \nSari, No. RM 12-34-56"
    assert ticket["description"] == words
    assert ticket["title"] == "AC mati"
    assert (ticket["submitter_name"], ticket["submitter_email"]) == ("Sari Contoh", PERSON)
    assert (ticket["source"], ticket["language"]) == ("email", "id")
    [address] = await office.rows("SELECT * FROM ticket_addresses")
    assert (address["channel"], address["address"]) == ("email", PERSON)
    assert address["confirmed_at"] is None, "nobody checked whose mail it is"
    [notice] = await office.notices()
    assert notice["recipient_ref"] == PERSON
    [message] = await office.messages()
    kept = message["remarks"]["mail"]
    assert kept["elided"] == "Dikirim dari iPhone saya"
    assert kept["text"] == f"{words}\n\nDikirim dari iPhone saya"


async def test_the_mailbox_decides_the_unit_and_every_unit_is_named(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    await office.take(mail("Obat terlambat."), to=(OURS, "apotek@rs.example.org"))

    [ticket] = await office.tickets()
    assert ticket["routing_reason"] == "Dikirim ke alamat e-mail milik Farmasi."


async def test_one_mail_to_two_units_is_one_ticket_that_names_both(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    melati = "00000000-0000-7000-8000-000000000001"
    await office.rows(
        "INSERT INTO unit_aliases (unit_id, alias, created_at, updated_at)"
        f" VALUES ('{melati}', 'melati', {SEEDED})"
    )
    content = mail("Obat dan AC.", Message_ID="<two@example.org>")

    first = await office.take(content, to=("farmasi@rs.example.org",))
    again = await office.take(b"Received: by mx2\r\n" + content, to=("melati@rs.example.org",))
    await office.take(b"Received: by mx3\r\n" + content, to=("melati@rs.example.org",))

    [ticket] = await office.tickets()
    assert first["ticket_id"] == again["ticket_id"] == ticket["id"]
    internal = [m["body"] for m in await office.messages() if m["is_internal"]]
    assert internal == ["Surat ini juga dikirim ke Ruang Melati."]


async def test_two_units_in_one_envelope_are_said_in_a_remark(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    melati = "00000000-0000-7000-8000-000000000001"
    await office.rows(
        "INSERT INTO unit_aliases (unit_id, alias, created_at, updated_at)"
        f" VALUES ('{melati}', 'melati', {SEEDED})"
    )

    await office.take(mail("x y z"), to=("farmasi@rs.example.org", "melati@rs.example.org"))

    [message] = await office.messages()
    assert "Surat ini juga dikirim ke Ruang Melati." in message["remarks"]["remarks"]


async def test_the_same_mail_again_and_in_parallel_is_one_ticket(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    channel = office.channel
    content = mail("Sekali saja.", Message_ID="<once@example.org>")
    from tests.intake.channels.email.door import Postbox  # noqa: F401 - kept near its use

    for trace in range(5):
        await office.take(b"Received: by mx%d.example.org\r\n" % trace + content)
    await asyncio.gather(*[office.take(content) for _ in range(5)])
    await office.work_off(channel)

    assert len(await office.tickets()) == 1
    assert len(await office.messages()) == 1


async def test_one_message_id_with_other_words_is_another_ticket(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    await office.take(mail("Yang pertama.", Message_ID="<same@example.org>"))
    await office.take(mail("Yang kedua.", Message_ID="<same@example.org>"))
    await office.take(mail("Tanpa id."))
    await office.take(mail("Tanpa id."))

    descriptions = [ticket["description"] for ticket in await office.tickets()]
    assert descriptions == ["Yang pertama.", "Yang kedua.", "Tanpa id."]


async def test_files_are_judged_one_by_one(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    await office.take(with_file("catatan.txt", b"Suhu kamar 34 derajat.\n"))
    await office.take(with_file("foto.jpg.exe", b"MZ\x90\0program", "image/jpeg"))

    files = await office.rows("SELECT * FROM ticket_attachments ORDER BY created_at")
    assert [file["status"] for file in files] == ["stored", "quarantined"]
    stored = [chunk async for chunk in runtime.storage.read(files[0]["file_path"])]
    assert b"".join(stored) == b"Suhu kamar 34 derajat.\n"


async def test_a_file_over_the_operators_limit_is_named_and_the_mail_stands(
    runtime: Runtime,
) -> None:
    office = PostOffice(set_to(runtime, file_limit=2000))

    await office.take(with_file("catatan.txt", b"Suhu kamar 34 derajat.\n"))
    await office.take(with_file("besar.txt", b"panas " * 400))

    files = await office.rows("SELECT * FROM ticket_attachments ORDER BY created_at")
    assert [(file["file_name"], file["status"], file["reason"]) for file in files] == [
        ("catatan.txt", "stored", None),
        ("besar.txt", "failed", "file_too_large"),
    ]


async def test_a_forward_is_reported_in_the_words_of_who_wrote_it(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    await office.take(
        mail(
            "Mohon dibantu, ini dari ibu saya.",
            "",
            "---------- Pesan terusan ---------",
            "Dari: Ibu Contoh <ibu@example.org>",
            "Tanggal: Sen, 23 Nov 2026 pukul 09.00",
            "Subjek: Antrean",
            "Kepada: <sari@example.org>",
            "",
            "Saya menunggu enam jam di loket.",
            subject="Fwd: Antrean",
        )
    )

    [ticket] = await office.tickets()
    assert ticket["description"].startswith("Saya menunggu enam jam di loket.")
    assert "Mohon dibantu, ini dari ibu saya." in ticket["description"]
    assert ticket["submitter_email"] == PERSON


async def test_what_staff_pass_on_is_the_writers_report(runtime: Runtime) -> None:
    office = PostOffice(runtime, {"authserv_id": "mx.rs.example.org"})

    await office.take(
        mail(
            "FYI",
            "",
            "---------- Forwarded message ---------",
            "From: Budi Contoh <budi@example.org>",
            "Date: Mon, Nov 23, 2026 at 9:00 AM",
            "Subject: Lift rusak",
            "To: <petugas@rs.example.org>",
            "",
            "Lift di lobi rusak.",
            subject="Fwd: Lift rusak",
            sender="petugas@rs.example.org",
            Authentication_Results="mx.rs.example.org; dmarc=pass",
        ),
        sender="petugas@rs.example.org",
        peer="127.0.0.1",
    )

    [ticket] = await office.tickets()
    assert (ticket["submitter_name"], ticket["submitter_email"]) == (
        "Budi Contoh",
        "budi@example.org",
    )
    [address] = await office.rows("SELECT * FROM ticket_addresses")
    assert address["confirmed_at"] is None
    [message] = await office.messages()
    assert message["remarks"]["mail"]["forwarded_by"]


async def test_english_mail_is_answered_in_english(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    await office.take(mail("The air conditioning in our room has been broken since Monday."))

    assert (await office.tickets())[0]["language"] == "en"


async def test_a_category_named_in_the_subject_is_a_hint(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    await office.take(mail("Lama sekali.", subject="Keluhan farmasi dan obat"))

    [ticket] = await office.tickets()
    assert ticket["routing_reason"] == "Farmasi menangani kategori yang dipilih."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "(tanpa isi)"),
        (b"\r\n\r\n", "(tanpa isi)"),
        (b"From: x@example.org\r\nSubject: Hanya judul\r\n\r\n", "Hanya judul"),
        (b"\0\0\xff\xfe not a mail at all", None),
        (b"From: <\r\nMessage-ID: <\r\nTo: a@[\r\n\r\nisi rusak \xff\0", "isi rusak ÿ"),
        (b"From: <\r\nMessage-ID: <\r\nTo: a@[\r\n\r\nisi rusak", "isi rusak"),
        (b"From: x@example.org\r\nContent-Type: text/plain; charset=none-such\r\n\r\nada", "ada"),
    ],
)
async def test_whatever_comes_is_a_ticket(
    runtime: Runtime, content: bytes, words: str | None
) -> None:
    office = PostOffice(runtime)

    row = await office.take(content)

    [ticket] = await office.tickets()
    assert row["status"] == "done"
    assert ticket["description"] == words or (words is None and ticket["description"])
    assert await office.rows("SELECT raw FROM inbound") == [{"raw": content}]


async def test_a_forged_date_moves_no_deadline(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    for date in ("Thu, 1 Jan 1970 00:00:00 +0000", "Sat, 1 Jan 2050 00:00:00 +0000", "kemarin"):
        await office.take(mail(f"Tanggal {date}", Date=date))

    assert {ticket["received_at"] for ticket in await office.tickets()} == {runtime.clock()}


async def test_a_mail_that_kills_its_reader_is_a_ticket_with_the_original(
    runtime: Runtime,
) -> None:
    def killed(_raw: bytes) -> Mail | Unreadable:
        return Unreadable(reason="memory")

    office = PostOffice(runtime, read=killed)
    content = mail("tak terbaca " * 10)

    row = await office.take(content, to=("farmasi@rs.example.org",))
    assert row["status"] == "pending"
    runtime.clock.move(minutes=2)  # type: ignore[attr-defined]  # the tests' clock
    await office.work_off()

    [ticket] = await office.tickets()
    assert ticket["description"] == (
        "Surat ini tidak dapat dibaca secara otomatis; surat aslinya terlampir."
    )
    assert ticket["submitter_email"] == PERSON
    [file] = await office.rows("SELECT * FROM ticket_attachments")
    stored = [chunk async for chunk in runtime.storage.read(file["file_path"])]
    assert b"".join(stored) == content
    assert await office.notices() == []


BOMBS = {
    "encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 40_000 + b"\r\n\r\nisi",
    "addresses": b"To: " + b", ".join([b"a@b"] * 20_000) + b"\r\n\r\nisi",
    "nested parts": b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n)
        for n in range(1500)
    ),
    "comments": b"From: " + b"(" * 20_000 + b"\r\n\r\nisi",
    "tiny parts": b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\n" * 100_000,
}


@pytest.mark.parametrize("name", BOMBS)
async def test_hostile_mail_is_one_ticket_in_bounded_time(runtime: Runtime, name: str) -> None:
    office = PostOffice(runtime, read=parse_in_worker)
    content = b"Message-ID: <bomb@example.org>\r\n" + BOMBS[name]
    began = time.monotonic()

    await office.take(content)
    runtime.clock.move(minutes=2)  # type: ignore[attr-defined]  # the tests' clock
    await office.work_off()

    assert time.monotonic() - began < 40
    assert len(await office.tickets()) == 1


async def test_what_an_answer_loses_is_kept_beside_its_words(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC di kamar 3 mati sejak kemarin.", Message_ID="<1@example.org>"))

    await office.take(
        mail("Masih mati.", "", "-- ", "Sari, No. RM 12-34-56", In_Reply_To="<1@example.org>")
    )

    first, answer = await office.messages()
    assert answer["body"] == "Masih mati."
    assert answer["remarks"]["mail"]["elided"] == "-- \nSari, No. RM 12-34-56"
    assert answer["remarks"]["mail"]["text"] == "Masih mati.\n\n-- \nSari, No. RM 12-34-56"
    assert {"elided", "text"}.isdisjoint(first["remarks"]["mail"])


async def test_a_mail_too_long_to_be_kept_whole_has_its_original_attached(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime)
    await office.take(mail("AC di kamar 3 mati sejak kemarin.", Message_ID="<1@example.org>"))
    quoted = ["> Teknisi sudah dipanggil tadi pagi."] * 10_000

    await office.take(
        mail(
            "Masih mati.",
            "",
            "Pada 6 Jan 2026 10.03, RS <halo@rs.example.org> menulis:",
            *quoted,
            In_Reply_To="<1@example.org>",
        )
    )

    answer = (await office.messages())[-1]
    files = await office.rows("SELECT * FROM ticket_attachments")
    assert answer["body"] == "Masih mati."
    assert [file["file_name"] for file in files] == ["original.eml"]
    said = "Surat ini terlalu panjang untuk disimpan utuh di sini; surat aslinya terlampir."
    assert said in answer["remarks"]["remarks"]


@pytest.mark.parametrize(
    ("kind", "body", "words", "remark"),
    [
        ("signed-data", DER, WORDS, "tanda tangannya tidak diperiksa"),
        ("enveloped-data", ENVELOPED, "Keluhan", "terenkripsi dan tidak dapat dibaca"),
    ],
)
async def test_a_signed_or_encrypted_mail_is_a_ticket_that_says_so(
    runtime: Runtime, kind: str, body: bytes, words: str, remark: str
) -> None:
    office = PostOffice(runtime)

    await office.take(
        mail(
            base64.encodebytes(body).decode(),
            Content_Type=f"application/pkcs7-mime; smime-type={kind}; name=smime.p7m",
            Content_Transfer_Encoding="base64",
            Message_ID="<secret@example.org>",
        )
    )

    [message] = await office.messages()
    assert message["body"].strip() == words
    [said] = message["remarks"]["remarks"]
    assert remark in said
    files = await office.rows("SELECT * FROM ticket_attachments")
    assert len(files) == (1 if kind == "enveloped-data" else 0)


async def test_a_signature_that_nobody_checks_is_no_file(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    await office.take(
        mail(
            "--b",
            "",
            "Perawat malam tidak datang.",
            "--b",
            "Content-Type: application/pkcs7-signature; name=smime.p7s",
            "",
            "abc",
            "--b--",
            Content_Type='multipart/signed; boundary="b"',
        )
    )

    [message] = await office.messages()
    assert message["body"] == "Perawat malam tidak datang."
    assert await office.rows("SELECT * FROM ticket_attachments") == []
