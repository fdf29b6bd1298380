"""New words apart from old ones; a person's own sentences are never taken for a quote."""

import pytest

from intake.channels.email.understanding.mail import Person
from intake.channels.email.understanding.replies import attributions, blocks
from intake.channels.email.understanding.replies.strip import reply_of

BUDI = Person(name="Budi Misal", address="budi@example.org")


@pytest.mark.parametrize(
    "line",
    [
        "Pada Sel, 6 Jan 2026 pukul 10.03 Siti <siti@example.org> menulis:",
        "Pada tanggal Sab, 31 Okt 2020 pukul 22.12 Siti Contoh <siti@example.org> menulis:",
        'Pada 3 Apr 2014 11.03, "Siti" <siti@example.org> menulis:',
        "On Tue, Jan 6, 2026 at 10:03 AM Siti <siti@example.org> wrote:",
        "On 6 Jan 2026, at 10:03, Siti Contoh wrote:",
        "Am 06.01.2026 um 10:03 schrieb Siti Contoh:",
        "Siti Contoh <siti@example.org> schrieb am Di., 6. Jan. 2026 um 10:03 Uhr:",
        "Le mar. 6 janv. 2026 à 10:03, Siti <siti@example.org> a écrit :",
        "El mar, 6 ene 2026 a las 10:03, Siti (<siti@example.org>) escribió:",
        "Em ter., 6 de jan. de 2026 às 10:03, Siti <siti@example.org> escreveu:",
        "Il giorno mar 6 gen 2026 alle ore 10:03 Siti <siti@example.org> ha scritto:",
        "Op di 6 jan 2026 om 10:03 schreef Siti <siti@example.org>:",
        "Den tis 6 jan. 2026 kl 10:03 skrev Siti <siti@example.org>:",
        "ti 6. tammik. 2026 klo 10.03 Siti (siti@example.org) kirjoitti:",
        "W dniu 6.01.2026 o 10:03 Siti Contoh pisze:",
        "út 6. 1. 2026 v 10:03 odesílatel Siti <siti@example.org> napsal:",
        "6 янв. 2026 г., в 10:03, Siti <siti@example.org> написал(а):",
        "вт, 6 янв. 2026 г. в 10:03, Siti <siti@example.org>:",
        "2026年1月6日(火) 10:03 Siti <siti@example.org>:",
        "在 2026年1月6日，10:03，Siti <siti@example.org> 写道：",
        "2026년 1월 6일 (화) 오전 10:03, Siti <siti@example.org>님이 작성:",
        "Vào Th 3, 6 thg 1, 2026 vào lúc 10:03 Siti <siti@example.org> đã viết:",
        "6 Oca 2026 Sal 10:03 tarihinde Siti <siti@example.org> şunu yazdı:",
        "2026-01-06 10:03 GMT+07:00 Siti Contoh",
        "Pada Jum, 6 Jan 2026 pada 10:03 PG Siti <siti@example.org> menulis:",
        "--- Pada Sel, 6/1/26, Siti <siti@example.org> menulis:",
        "Siti <siti@example.org> menulis pada 6 Januari 2026 10.03:",
        "Tanggal 6 Januari 2026 10.03, Siti <siti@example.org> menulis:",
        "El dt., 6 gen. 2026, 10:03, Siti <siti@example.org> va escriure:",
        "Noong Mar, Ene 6, 2026 nang 10:03 AM, isinulat ni Siti <siti@example.org> ang:",
        "\u202bבתאריך יום ג׳, 6 בינו׳ 2026 ב-10:03 מאת \u202aSiti\u202c <siti@example.org>:\u202c",
        "Στις 6 Ιαν 2026 10:03 π.μ., ο χρήστης Siti <siti@example.org> έγραψε:",
        "في الثلاثاء، 6 يناير 2026 10:03 ص Siti <siti@example.org> كتب:",
        "2026/1/6 Siti Contoh <siti@example.org>",
    ],
)
def test_attribution_is_recognised_in_many_languages(line: str) -> None:
    found = attributions.find(["Halo.", "", line, "", "> lama"])

    assert found is not None
    assert (found.start, found.end) == (2, 3)


@pytest.mark.parametrize(
    "lines",
    [
        ["Pada Sel, 6 Jan 2026 pukul 10.03 Siti Contoh <", "siti@example.org> menulis:"],
        ["On Tue, Jan 6, 2026 at 10:03 AM, Siti Contoh", "<siti@example.org>", "wrote:"],
        ["On Jan 6, 2026,", "at 10:03,", "Siti <siti@example.org> wrote:"],
        ["Am 06.01.2026 10:03 schrieb Siti <siti@example.org", ">:"],
    ],
)
def test_wrapped_attribution_is_taken_whole(lines: list[str]) -> None:
    found = attributions.find(["Halo.", *lines, "> lama"])

    assert found is not None
    assert (found.start, found.end) == (1, 1 + len(lines))


@pytest.mark.parametrize(
    "text",
    [
        "Pada tanggal 3 Januari 2026 pukul 10.00 dokter menulis resep:\nobat A",
        "Pada hari Senin saya menulis email ke info@rs.example.org, jawabannya:\ntidak ada",
        "On the other hand, the nurse wrote nothing.\nStill waiting.",
        "Dari: Siti\nPerihal: keluhan\n\nKamar kotor.",
        "2026-01-06 10:03\n2026/01/06 11:00\nitu jam kejadiannya.",
        "Daftar keluhan:\n- AC\n- lampu\n----\nitu saja",
        "Kami menunggu -- lama sekali -- di loket.",
        "Saya tulis dari rumah: tidak ada yang datang.",
        "Sent from my desk, it took an hour to write this.",
        "Terima kasih\nsudah membantu ibu saya\nsampai sembuh",
        "Obat salah.\n\nBudi Misal\nNo. RM 00-00-01",
        "Data pasien:\n\nBudi Misal\nUmur 40\nKamar 3",
        "Yang dirawat:\nBudi Misal",
        "On 3/4/2026 at 10:00 Nurse Ani said:\nplease wait outside",
        "Pada tanggal 3 Januari 2026 pukul 10.00 Suster Ani berkata:\ntunggu di luar",
    ],
)
def test_own_words_are_kept_whole(text: str) -> None:
    assert reply_of(text, BUDI) == text


def test_answers_between_quotes_keep_their_context() -> None:
    text = "> Kapan?\n\nSenin.\n\n> Di mana?\n\nDi IGD.\n\n> Terima kasih."

    assert reply_of(text, BUDI) == "> Kapan?\n\nSenin.\n\n> Di mana?\n\nDi IGD."


def test_mail_of_quotes_alone_is_kept() -> None:
    assert reply_of("> satu\n> dua", BUDI) == "> satu\n> dua"


@pytest.mark.parametrize(
    ("tail", "kept"),
    [
        ("\n\n-- \nBudi\n0812-0000-0005", ""),
        ("\n\nDikirim dari iPhone saya", ""),
        ("\n\nGet Outlook for Android", ""),
        ("\n\nBudi Misal\nStaf\n0812-0000-0005", ""),
        ("\n\nTerima kasih,\nBudi", ""),
        ("\n\nSalam hormat,\n\nSari Contoh\nKepala Ruang\nTelp. 021-0000-0002", ""),
        ("\n\nBest regards,\nSari", "\n\nBest regards,\nSari"),
        ("\n\nEmail ini dan lampirannya bersifat rahasia.", ""),
        ("\n\n_____\n", ""),
    ],
)
def test_what_stands_under_a_letter_is_cut(tail: str, kept: str) -> None:
    assert reply_of("AC rusak." + tail, BUDI) == "AC rusak." + kept


def test_code_between_fences_is_no_signature() -> None:
    text = "Contoh:\n```\n-- \nkode\n```"

    assert reply_of(text, BUDI) == text


def test_header_block_needs_a_sender_and_evidence() -> None:
    convincing = ["Dari: S <s@example.org>", "Dikirim: 6 Januari 2026 10.00", "Subjek: x", "", "y"]
    bare = ["Dari: Siti", "Kepada: Direktur", "Perihal: keluhan", "", "isi"]

    block = blocks.read(convincing, 0)

    assert block is not None
    assert block.end == 3
    assert blocks.read(bare, 0) is None
