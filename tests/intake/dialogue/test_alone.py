"""What stands around a code and says nothing, and what are words."""

import re

import pytest

from intake.dialogue.alone import OURS, is_alone, says_only
from intake.language import LANGUAGES, translate
from tests.root import ROOT

CODE = "7KQ4-M2XD-9RTA-H5WN"
SHOWN = ("pages/thanks.html", "pages/kiosk_thanks.html", "pages/slip.html")
TEMPLATES = (*SHOWN, "notices/_sentences.jinja", "notices/_person.txt")
THANKS = "\n".join(
    (
        translate("id", "Thank you. Your report has arrived."),
        translate("id", "Report number"),
        "TKT-20261124-0007",
        translate(
            "id",
            "With %(unit)s. An answer by %(moment)s at the latest.",
            unit="Instalasi Farmasi",
            moment="Kamis, 26 November 2026 pukul 10.00 WIB",
        ),
        translate("id", "Tracking code"),
        CODE,
    )
)


@pytest.mark.parametrize(
    "text",
    [
        "{code}",
        "ini kode saya {code}",
        "Halo, kode saya {code}. Terima kasih",
        "my tracking code is {code}",
        "https://rs.example.org/t/{code}",
        "TKT-20261124-0007 {code}",
        "Yth. Bapak/Ibu,\n\n{code}\n\nHormat saya",
        THANKS,
        THANKS.replace("\n", " "),
        "Report number TKT-20261124-0007 Tracking code {code} Keep this code: it is shown only now."
        " Whoever has it can read the report.",
    ],
)
def test_nothing_else_is_said(text: str) -> None:
    assert says_only(text.format(code=CODE.lower()), [CODE])


@pytest.mark.parametrize(
    "text",
    [
        "{code} kapan dijawab?",
        "{code} AC masih mati",
        THANKS + "\nAC masih mati",
        "Nomor laporan {code} belum dijawab juga",
        "4X7K-29PQ-ABCD-1234 {code}",
        "tidak ada kode",
        "{code} ibu saya sakit",
        "Sakit\n{code}",
        "AC mati. Ditangani siapa? Dijawab paling lambat kapan? {code}",
        "{code} " + "a" * 7000,
    ],
)
def test_words_are_words(text: str) -> None:
    assert not says_only(text.format(code=CODE), [CODE])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sentence", OURS)
def test_our_own_sentences_are_none_of_theirs(sentence: str, language: str) -> None:
    filled = re.sub(r"%\(\w+\)s", "Ruang Melati 2", translate(language, sentence))

    assert is_alone(f"{filled}\n••••")


def test_they_are_those_of_the_pages() -> None:
    said = "".join((ROOT / "templates" / each).read_text(encoding="utf-8") for each in TEMPLATES)

    assert [each for each in OURS if f'_("{each}"' not in said] == []


def test_all_that_the_receipt_says_is_among_them() -> None:
    page = (ROOT / "templates/pages/thanks.html").read_text(encoding="utf-8")
    receipt = page[
        page.index('<section class="card receipt"') : page.index(
            "</section>", page.index("card receipt")
        )
    ]

    assert set(re.findall(r'_\("([^"]+)"', receipt)) - {"Copied"} <= set(OURS)
