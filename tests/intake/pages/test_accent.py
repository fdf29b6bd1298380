import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.pages.accent import Accent, contrast

PAPER, CARD, NIGHT = (0xFA, 0xF8, 0xF5), (255, 255, 255), (0x1B, 0x24, 0x27)


@given(st.integers(0, 0xFFFFFF))
def test_any_accent_becomes_readable_in_both_themes(colour: int) -> None:
    accent = Accent.readable(f"#{colour:06x}")

    assert contrast(accent.paper, PAPER) >= 4.5
    assert contrast(CARD, accent.paper) >= 4.5
    assert contrast(accent.night, NIGHT) >= 4.5


def test_an_accent_that_reads_well_stays_itself() -> None:
    assert Accent.readable("#0b5f66").paper == (0x0B, 0x5F, 0x66)


@pytest.mark.parametrize("wrong", ["", "teal", "#fff", "#0b5f6", "red;}", "#0b5f66;x"])
def test_nothing_but_a_colour_enters_the_style_sheet(wrong: str) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        Accent.readable(wrong)
