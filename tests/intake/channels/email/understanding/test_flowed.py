"""format=flowed (RFC 3676): quotations keep their depth, and text that looks like one is text."""

import pytest

from intake.channels.email.understanding.mail import Mail
from intake.channels.email.understanding.understand import understand


def flowed(*lines: str, extra: str = "") -> Mail:
    """Read a mail in format=flowed, its trailing spaces kept."""
    head = f"From: s@example.org\nContent-Type: text/plain; charset=utf-8; format=flowed{extra}\n\n"
    return understand((head + "\n".join(lines)).encode())


CASES = {
    # name: lines as they came, text as people read it
    "soft break": (["Kamar kotor ", "sekali."], "Kamar kotor sekali."),
    "depth grows": (["> satu ", ">> dua ", ">> tiga"], "> satu \n>> dua tiga"),
    "depth falls": ([">> dua ", "> satu ", "nol"], ">> dua \n> satu \nnol"),
    "own words after a quotation": (["> kutipan ", "Jawaban saya."], "> kutipan \nJawaban saya."),
    "stuffed quote mark": ([" > 38 derajat", "panas."], "> 38 derajat\npanas."),
    "stuffed From": ([" From Monday on", "nobody came."], "From Monday on\nnobody came."),
    "stuffed space": (["  menjorok", "biasa"], " menjorok\nbiasa"),
    "signature is not joined": (["Terima kasih ", "-- ", "Sari"], "Terima kasih \n-- \nSari"),
    "quoted signature": (["> ya ", "> -- ", "> Sari"], "> ya \n> -- \n> Sari"),
    "blank line ends it": (["satu ", "", "dua"], "satu \ndua"),
    "stuffed inside a paragraph": (["lebih ", " > 3 jam"], "lebih > 3 jam"),
}


@pytest.mark.parametrize("name", CASES)
def test_soft_breaks_are_undone_within_their_depth(name: str) -> None:
    lines, text = CASES[name]

    assert flowed(*lines).text == text


def test_delsp_deletes_the_space_of_a_soft_break() -> None:
    assert flowed("perawa ", "tan", extra="; delsp=yes").text == "perawatan"
    assert flowed("> perawa ", "> tan", extra="; DelSp=Yes").text == "> perawatan"


@pytest.mark.parametrize(
    "lines",
    [
        [" > 38 derajat sejak kemarin", "dan tidak ada dokter."],
        ["Panasnya sejak kemarin:", " > 38 derajat"],
        [" > 3 hours in casualty", " > 2 hours in the corridor"],
    ],
)
def test_stuffed_text_is_no_quotation_in_an_answer(lines: list[str]) -> None:
    mail = flowed(*lines)

    assert mail.reply == mail.letter == mail.text
    assert mail.text == "\n".join(line.removeprefix(" ") for line in lines)


def test_a_real_quotation_is_still_cut_from_an_answer() -> None:
    mail = flowed(
        "Sudah dingin, ",
        "terima kasih.",
        "",
        "Pada 6 Jan 2026 10.03, RS <halo@rs.example.org> menulis:",
        "> Apakah AC ",
        "> sudah dingin?",
    )

    assert mail.reply == "Sudah dingin, terima kasih."
