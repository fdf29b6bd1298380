"""A first mail keeps what its writer wrote; what is cut all the same is still there."""

import pytest

from intake.channels.email.report import Report, report_of
from intake.channels.email.understanding.understand import understand


def told(
    text: str, *, is_answer: bool = False, subject: str = "Keluhan", kind: str = "text/plain"
) -> Report:
    """Read a mail of Sari's and say it as a report."""
    head = (
        "From: Sari Wulandari <sari@example.org>",
        "To: halo@rs.example.org",
        f"Subject: {subject}",
        f"Content-Type: {kind}; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    )
    mail = understand(("\n".join(head) + "\n\n" + text).encode())
    return report_of(mail, "id", is_answer=is_answer)


STORY_ID = (
    "Ibu saya jatuh di kamar mandi bangsal karena lantainya basah dan pegangan tangannya lepas."
)
STORY_EN = (
    "My mother fell in the bathroom of the ward because the floor was wet and the rail was loose."
)

KEPT_WHOLE = {
    # signatures, with what is worth knowing in them
    "delimited signature": f"{STORY_ID}\n\n-- \nSari Wulandari\nNo. RM 12-34-56\n0812 3456 7890",
    "delimited signature, English": f"{STORY_EN}\n\n-- \nJane Doe\nMRN 123456\nRoom 7",
    "closing and name": f"{STORY_ID}\n\nHormat saya,\nSari Wulandari\nHP 0812 3456 7890",
    "closing and name, English": f"{STORY_EN}\n\nKind regards,\nJane Doe\nTel. 0812 3456 7890",
    "own name and a room": f"{STORY_ID}\n\nSari Wulandari\nKelas 2 bed 14",
    "a card under a rule": f"{STORY_ID}\n_____\nSari\nsari@example.org\n0812 3456 7890",
    "a legal notice": f"{STORY_EN}\n\nThis email and any attachments are confidential.",
    "written by a person": f"{STORY_ID}\n\nDikirim oleh perawat ke bangsal tanpa surat.",
    "sent from a place": f"{STORY_EN}\n\nSent from casualty to the ward without a paper",
    "sent from a place, Indonesian": f"{STORY_ID}\n\nDikirim dari IGD ke bangsal tanpa obat",
    # closings and delimiters in the middle
    "salam in the middle": f"Salam,\nSari\nKamar 3\n\n{STORY_ID}",
    "thanks in the middle": f"Terima kasih,\nBapak Direktur\nRSUD\n\n{STORY_ID}",
    "thanks in the middle, English": f"Thank you,\nDr. Budi\nSurgery\n\n{STORY_EN}",
    "dashes in the middle": f"Kejadian pertama.\n-- \n{STORY_ID}\nKejadian kedua.",
    "a rule in the middle": f"Kronologi\n-----\n{STORY_ID}\n0812 3456\nsari@example.org",
    # what looks like a quotation
    "the doctor wrote": (
        f"{STORY_ID}\nPada tanggal 3 Mei dokter menulis:\nparacetamol 3 x 1\nsetelah itu demam"
    ),
    "a named doctor wrote": (
        f"{STORY_ID}\nPada 3 Mei 2026 pukul 10.00 Dokter Budi menulis:\nobat diganti tanpa bilang"
    ),
    "the nurse wrote, English": (
        f"{STORY_EN}\nOn 3 May 2026 at 10:00 Nurse Joy wrote:\nno food until noon\nNobody told us."
    ),
    "the nurse wrote, in the book": (
        f"{STORY_ID}\nPerawat Ani menulis:\n> pasien tenang\nItu tidak benar."
    ),
    "a message framed by hand": (
        f"{STORY_ID}\n--- pesan asli dari perawat ---\nTunggu saja.\n--- selesai ---\n{STORY_ID}"
    ),
    "a message framed by hand, English": (
        f"{STORY_EN}\n--- original message of the nurse ---\nJust wait.\n---\n{STORY_EN}"
    ),
    "two footers": f"{STORY_EN}\n\nSent from my iPhone\n\nP.S. Room 7, bed 2.",
    "more than": f"{STORY_ID}\nSuhu badannya:\n> 38 derajat\n> 39 derajat malam harinya",
    "more than, first": f"> 3 jam menunggu di IGD.\n{STORY_ID}",
    "arrows": f"> I waited five hours\n> nobody came\n{STORY_EN}",
    "the heading of a letter": (
        f"Dari: Sari Wulandari\nKepada: Direktur RS\nTanggal: 28 November 2026\n"
        f"Perihal: Keluhan\n\nDengan hormat,\n{STORY_ID}"
    ),
    "the heading of a letter, English": (
        f"From: Jane Doe\nTo: The Director\nDate: 28 November 2026\n"
        f"Subject: A fall\n\nDear Sir,\n{STORY_EN}"
    ),
    "a heading below the salutation": (
        f"Yth. Direktur, keluhan saya tentang perawatan ibu saya di bangsal kelas dua\n\n"
        f"Dari: Sari Wulandari\nTanggal: 28 November 2026 10.00\nPerihal: Keluhan\n\n{STORY_ID}"
    ),
    # little above much
    "see below": (
        "Mohon bantuannya.\n\nPada Sel, 6 Jan 2026 pukul 10.03 Klinik <k@example.org> menulis:\n"
        + "> Jadwal operasi Ibu dipindahkan tanpa batas waktu karena alat rusak.\n" * 4
    ),
    "see below, English": (
        "Is this true?\n\nOn Tue, Jan 6, 2026 at 10:03 AM Clinic <c@example.org> wrote:\n"
        + "> Your operation was put off without a date because a device is broken.\n" * 4
    ),
    "see below, Outlook": (
        "Tolong ini.\n\n-----Pesan Asli-----\nDari: Klinik <k@example.org>\n"
        "Dikirim: 6 Januari 2026 10.03\nKepada: Sari\nPerihal: Jadwal\n\n"
        + "Jadwal operasi Ibu dipindahkan tanpa batas waktu karena alat rusak. "
        * 4
    ),
}


@pytest.mark.parametrize("name", KEPT_WHOLE)
def test_a_first_mail_is_kept_whole(name: str) -> None:
    report = told(KEPT_WHOLE[name])

    assert report.words.split() == KEPT_WHOLE[name].split()
    assert report.trimmed == report.whole == ""


FOOTERS = {
    "iPhone": (STORY_ID, "Dikirim dari iPhone saya"),
    "iPhone, English": (STORY_EN, "Sent from my iPhone"),
    "Samsung": (STORY_ID, "Dikirim dari ponsel cerdas Samsung Galaxy saya."),
    "Outlook": (STORY_EN, "Get Outlook for Android"),
    "Yahoo": (STORY_ID, "Dikirim dari Yahoo Mail di Android"),
    "under a signature": (f"{STORY_ID}\n\n-- \nSari, RM 123456", "Dikirim dari iPhone saya"),
}


@pytest.mark.parametrize("name", FOOTERS)
def test_a_first_mail_loses_a_devices_footer_alone(name: str) -> None:
    letter, footer = FOOTERS[name]

    report = told(f"{letter}\n\n{footer}")

    assert report.words.split() == letter.split()
    assert report.trimmed == footer
    assert report.whole.split() == f"{letter} {footer}".split()


LONG_ID = (
    f"{STORY_ID} Kami sudah melapor kepada perawat jaga, tetapi sampai pulang belum ada kabar."
)
QUOTED = {
    "attribution": (
        LONG_ID,
        "Pada Sel, 6 Jan 2026 pukul 10.03 Klinik <k@example.org> menulis:\n> Jadwal Ibu tetap.",
    ),
    "divider": (
        LONG_ID,
        "-----Original Message-----\nFrom: Klinik <k@example.org>\nSent: 6 January 2026 10:03\n"
        "To: Sari\nSubject: Jadwal\n\nJadwal Ibu tetap.",
    ),
    "our own line": ("AC mati.", "-- Balas di atas garis ini --\nLaporan Anda kami terima." * 9),
}


@pytest.mark.parametrize("name", QUOTED)
def test_a_quotation_in_a_first_mail_is_cut_and_shown_as_trimmed(name: str) -> None:
    own, quoted = QUOTED[name]

    report = told(f"{own}\n\n{quoted}", subject="Re: Jadwal")

    assert report.words == own
    assert report.trimmed.split() == quoted.split()


ANSWERS = {
    "record number": ("Sudah saya coba, tetap mati.", "-- \nSari Wulandari\nNo. RM 12-34-56"),
    "telephone": ("Sudah saya coba.", "Salam,\nSari Wulandari\n0812 3456 7890"),
    "room, English": ("It is still broken.", "-- \nJane Doe\nRoom 7, bed 2"),
    "quotation": ("Ya.", "Pada 6 Jan 2026 10.03, RS <halo@rs.example.org> menulis:\n> Sudah?"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_an_answer_loses_is_shown_as_trimmed(name: str) -> None:
    words, cut = ANSWERS[name]

    report = told(f"{words}\n\n{cut}", is_answer=True)

    assert report.words == words
    assert report.trimmed.split() == cut.split()
    assert report.whole.split() == f"{words} {cut}".split()


def test_the_signature_of_html_stays_in_a_first_mail() -> None:
    text = f'<p>{STORY_ID}</p><div class="gmail_signature">Sari, RM 123456</div>'

    report = told(text, kind="text/html")

    assert report.words.split() == f"{STORY_ID} Sari, RM 123456".split()


def test_what_was_passed_on_is_not_trimmed_and_its_heading_is() -> None:
    heading = "---------- Forwarded message ---------\nDari: Budi <b@example.org>\nSubject: Antre"

    report = told(
        f"Ini keluhan tetangga saya.\n-- \nSari, 0812 3456 7890\n\n{heading}\n\n{STORY_ID}",
        subject="Fwd: Antre",
    )

    assert STORY_ID in report.words
    assert "Ini keluhan tetangga saya." in report.words
    assert "0812 3456 7890" in report.words
    assert report.trimmed.split() == heading.split()


def test_a_mail_too_long_to_be_kept_beside_its_words_says_so() -> None:
    quoted = "> Jadwal Ibu tetap.\n" * 20_000

    report = told(
        f"{LONG_ID}\n\nPada 6 Jan 2026 10.03, RS <halo@rs.example.org> menulis:\n{quoted}",
        is_answer=True,
    )

    assert report.words == LONG_ID
    assert report.too_long
    assert report.remarks("en") == (
        "The mail is too long to be kept whole here; the original is attached.",
    )
