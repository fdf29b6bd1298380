"""Whatever a unit is called, what can be printed is printed, in its place and whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.qr.typesetting import ELLIPSIS, LEADING, LONGEST, Face, TextBox, fit, printable, width

NAMES = st.text(max_size=80) | st.text("abcdef ghij–-.W", max_size=400)


def test_the_words_of_a_hospital_pass_unchanged() -> None:
    name = "Ruang Melati – Lantai 3 · “Cempaka” / IGD’s & Café Ñandú (24 jam) ½ °C €…"

    assert printable(name) == name


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Ruang\tMelati\r\n Lantai\u00a03", "Ruang Melati Lantai 3"),
        ("Ruang\u202e italeM\u202c\u200b", "Ruang italeM"),
        ("Poli\x00klinik\x1b[31m", "Poliklinik[31m"),
        ("Ruāng Čempaka", "Ruang Čempaka"),
        ("e\u0301clair", "éclair"),
        ("Ruang ① ﬁsik", "Ruang 1 ﬁsik"),
        ("قسم الطوارئ", ""),
        ("病棟 7", "7"),
        ("IGD 🚑", "IGD"),
        ("\ud800Melati", "Melati"),
    ],
)
def test_what_cannot_be_printed_goes_quietly(name: str, printed: str) -> None:
    assert printable(name) == printed


@settings(deadline=None)
@given(st.text(max_size=500))
def test_printing_settles_at_once(name: str) -> None:
    once = printable(name)

    assert printable(once) == once
    assert len(once) <= 20 * LONGEST
    assert once == " ".join(once.split())


@settings(max_examples=150, deadline=None)
@given(NAMES, st.floats(60, 500), st.floats(15, 120))
def test_letters_stay_in_their_room(name: str, across: float, tall: float) -> None:
    room = TextBox(across, tall)

    fitted = fit(printable(name), Face.BOLD, room, largest=40, least=6)

    assert all(width(line, Face.BOLD, fitted.size) <= across + 0.01 for line in fitted.lines)
    assert ((len(fitted.lines) - 1) * LEADING + 1) * fitted.size <= tall + 0.01
    assert 6 <= fitted.size <= 40


@settings(max_examples=100, deadline=None)
@given(NAMES)
def test_nothing_is_lost_without_saying_so(name: str) -> None:
    text = printable(name)

    fitted = fit(text, Face.REGULAR, TextBox(300, 40), largest=20, least=7)
    shown = "".join(fitted.lines).replace(" ", "")

    cut = shown.endswith(ELLIPSIS) and not text.endswith(ELLIPSIS)
    assert shown == text.replace(" ", "") or cut


def test_a_dash_ends_a_line_and_never_begins_one() -> None:
    fitted = fit("Ruang Melati – Lantai 3", Face.BOLD, TextBox(220, 90), largest=50, least=10)

    assert len(fitted.lines) > 1
    assert not any(line.startswith("–") for line in fitted.lines)
    assert any(line.endswith("–") for line in fitted.lines)


def test_a_long_address_breaks_after_a_dot() -> None:
    fitted = fit(
        "pengaduan.contohsehat.example.org", Face.BOLD, TextBox(80, 30), largest=9, least=5
    )

    assert fitted.lines[0].endswith(".")
