"""Tokens cannot be guessed; typed codes forgive fingers and never point at another unit."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.qr.token import (
    CODE_FLOOR,
    CODE_LIMIT,
    TOKEN_FLOOR,
    TOKEN_LIMIT,
    fresh_token,
    is_token,
    normalise_code,
)


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
@given(st.text(max_size=100))
def test_any_text_is_a_plain_code_or_none(text: str) -> None:
    code = normalise_code(text)

    assert code is None or (
        code.isascii() and code.isalnum() and CODE_FLOOR <= len(code) <= CODE_LIMIT
    )
    assert code is None or normalise_code(code) == code


def test_a_fresh_token_is_never_a_code() -> None:
    assert not any(normalise_code(fresh_token()) for _ in range(500))
