"""Tokens cannot be guessed; typed codes forgive fingers and never point at another unit."""

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.qr.token import (
    CODE_FLOOR,
    CODE_LIMIT,
    TOKEN_FLOOR,
    TOKEN_LIMIT,
    fresh_code,
    fresh_token,
    is_token,
    normalise_code,
    typed_code,
)

UNIT_CODES = st.text(max_size=40) | st.from_regex(r"[A-Z]{2,8}(-[0-9]{1,2})?", fullmatch=True)
NUMBERS = st.integers(min_value=1, max_value=9999)


def test_c36_a_token_holds_128_bits_and_fits_a_chat_link() -> None:
    tokens = {fresh_token() for _ in range(2000)}

    assert len(tokens) == 2000
    assert all(is_token(token) and token.isalnum() for token in tokens)
    assert {len(token) for token in tokens} == {TOKEN_FLOOR}
    assert TOKEN_FLOOR * math.log2(62) >= 128
    assert TOKEN_LIMIT + len("u_") <= 64


def test_c36_every_letter_of_the_alphabet_is_drawn_about_equally() -> None:
    drawn = "".join(fresh_token() for _ in range(3000))

    counts = [drawn.count(letter) for letter in set(drawn)]

    assert len(counts) == 62
    assert 0.75 < min(counts) / (len(drawn) / 62) <= max(counts) / (len(drawn) / 62) < 1.25


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MELATI-7T",
        "a" * (TOKEN_FLOOR - 1),
        "a" * (TOKEN_LIMIT + 1),
        "a" * TOKEN_FLOOR + "\n",
        "a" * TOKEN_FLOOR + " ",
        "é" * TOKEN_FLOOR,
        "٣" * TOKEN_FLOOR,
        "' OR 1=1; DROP TABLE qr_codes --",
        "<script>alert(1)</script>",
        "../../../../../../etc/passwd",
        "\x00" * TOKEN_FLOOR,
    ],
)
def test_c36_what_is_no_token_is_seen_before_the_database_is_asked(text: str) -> None:
    assert not is_token(text)


def test_a_code_is_the_unit_its_number_and_a_check() -> None:
    assert typed_code("MELATI", 7) == "MELATI-7T"
    assert typed_code("igd-01", 1) == "IGD-01-1F"
    assert typed_code("بيت", 1).startswith("UNIT-1")


def test_posters_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        typed_code("MELATI", 0)


@pytest.mark.parametrize(
    "typed",
    ["melati7t", "  Melati 7 T ", "MELATI–7T", "melati.7t", "me-la-ti_7t", "ＭＥＬＡＴＩ　７Ｔ"],
)
def test_case_spaces_and_dashes_do_not_matter(typed: str) -> None:
    assert normalise_code(typed) == normalise_code("MELATI-7T")


def test_o_reads_as_nought_and_i_as_one() -> None:
    assert normalise_code("IGD-O1-IF") == normalise_code("1gd-01-1f")


@pytest.mark.parametrize(
    "text",
    ["", "ab", "Obatnya belum datang, tolong!", "<b>MELATI</b>", "a" * 21, "x" * 10**6, "7;--"],
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert normalise_code(text) is None


@settings(deadline=None)
@given(UNIT_CODES, NUMBERS, st.data())
def test_a_code_survives_careless_fingers(unit: str, number: int, data: st.DataObject) -> None:
    code = typed_code(unit, number)
    gaps = data.draw(st.lists(st.sampled_from(["", " ", "-", "."]), min_size=len(code)))
    cases = data.draw(st.lists(st.booleans(), min_size=len(code)))

    careless = "".join(
        (letter.lower() if low else letter).replace("0", "o").replace("1", "i") + gap
        for letter, gap, low in zip(code, gaps, cases, strict=False)
    )

    assert normalise_code(careless) == normalise_code(code) is not None


@settings(deadline=None)
@given(st.text(max_size=100))
def test_any_text_is_a_plain_code_or_none(text: str) -> None:
    code = normalise_code(text)

    assert code is None or (
        code.isascii() and code.isalnum() and CODE_FLOOR <= len(code) <= CODE_LIMIT
    )
    assert code is None or normalise_code(code) == code


def test_a_fresh_token_is_never_a_code() -> None:
    assert not any(normalise_code(fresh_token()) for _ in range(500))


def test_c36_one_wrong_character_never_lands_in_another_unit() -> None:
    units = ["MELATI", "MAWAR", "MELATJ", "IGD-01", "IGD-02", "R-1", "R-2", "ICU", "1CU"]
    codes = {normalise_code(typed_code(u, n)) for u, n in product(units, range(1, 100))}

    masked: dict[str, str] = {}
    for code in filter(None, codes):
        for place in range(len(code)):
            pattern = f"{code[:place]}?{code[place + 1 :]}"
            assert masked.setdefault(pattern, code) == code


def test_a_taken_code_is_passed_over() -> None:
    taken: set[str] = set()
    for unit in ["R-1", "R-11", "R-1", "r 1", "RUANG MELATI SATU", "RUANG MELATI DUA"] * 12:
        code = normalise_code(fresh_code(unit, taken))
        assert code is not None
        assert code not in taken
        taken.add(code)
