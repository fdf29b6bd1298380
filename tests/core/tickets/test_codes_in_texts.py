"""Codes are found however people write them, covered where they are, and quickly in any text."""

from time import process_time

import pytest

from core.tickets.codes_in_texts import COVER, MOST, candidates, cover
from core.tickets.tracking_code import ALPHABET

CODE = "7KQ4-M2XD-9RTA-H5WN"


@pytest.mark.parametrize(
    "written",
    [
        CODE,
        CODE.lower(),
        CODE.replace("-", ""),
        CODE.replace("-", " "),
        CODE.replace("-", "\u2013"),
        CODE.replace("-", "\n> "),
        "7KQ4M2XD 9RTAH5WN",
        " ".join(CODE.replace("-", "")),
        "https://rs.example.org/t/" + CODE,
        "７ＫＱ４－Ｍ２ＸＤ－９ＲＴＡ－Ｈ５ＷＮ",
        "𝟕𝐊𝐐𝟒-𝐌𝟐𝐗𝐃-𝟗𝐑𝐓𝐀-𝐇𝟓𝐖𝐍",
        f"({CODE}).",
    ],
)
def test_a_code_is_found_and_covered_in_every_notation(written: str) -> None:
    text = f"kode saya {written}, kapan?"

    assert CODE in candidates([text])
    assert COVER in cover(text, [CODE])
    assert candidates([cover(text, [CODE])]) == ()


@pytest.mark.parametrize(
    "words",
    [
        "saya mau lapor AC kamar tiga mati",
        "TKT-20261124-0007",
        "ruang rawat inap melati dua",
        "4X7K-29PQ-ABCD",
        "4X7K-29PQ-ABCD-12345",
        "UUUU-UUUU-UUUU-1234",
    ],
)
def test_other_words_are_not_even_looked_up(words: str) -> None:
    assert candidates([words]) == ()


def test_what_is_most_like_a_code_is_looked_up_first() -> None:
    strange = " ".join(f"{a}{b}" for a in ALPHABET[:10] for b in ALPHABET)

    found = candidates([f"{strange} {CODE}"])

    assert found[0] == CODE
    assert len(found) == MOST


@pytest.mark.parametrize(
    "unit",
    [
        "ABCD ",
        "A B C ",
        "a1 ",
        "A......",
        "saya ada di ruang ini – ",
        "A<b></b>",
        "Ａ１Ｂ２ ",
        "A" * 16,
    ],
)
def test_twice_the_text_takes_about_twice_the_time(unit: str) -> None:
    def taken(letters: int) -> float:
        begun = process_time()
        candidates([unit * (letters // len(unit))])
        return process_time() - begun

    taken(1000)

    assert taken(200_000) < 12 * taken(50_000) + 0.1  # linear: 4; its square: 16
