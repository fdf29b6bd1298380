import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.dialogue.choices import greets, match
from intake.dialogue.courtesy import thanks
from intake.dialogue.replies import Choice, Say, choices

MENU = Say(
    key="MENU",
    choices=choices("complaint", "suggestion", "information", "survey", "status", "language"),
)
REVIEW = Say(key="REVIEW", choices=choices("send", "identify", "edit", "cancel"))
UNITS = Say(
    key="UNIT",
    choices=(Choice(id="unit", about="gigi", text="Poli Gigi"), *choices("unsure")),
)
RESOLVED = Say(key="RESOLVED", choices=choices("solved", "unsolved"))


@pytest.mark.parametrize(
    ("typed", "say", "meant"),
    [
        ("Keluhan", MENU, "complaint"),
        ("COMPLAINT", MENU, "complaint"),
        ("complaint", MENU, "complaint"),
        ("keluhann", MENU, "complaint"),
        ("kelluhan", MENU, "complaint"),
        ("saya mau lapor dong", MENU, "complaint"),
        ("mau komplain min", MENU, "complaint"),
        ("wadul", MENU, "complaint"),
        ("1", MENU, "complaint"),
        ("no 2", MENU, "suggestion"),
        ("3.", MENU, "information"),
        ("cek  status!", MENU, "status"),
        ("survey", MENU, "survey"),
        ("📝 Saran", MENU, "suggestion"),
        ("kirimm", REVIEW, "send"),
        ("ya kirim", REVIEW, "send"),
        ("nggih", REVIEW, "send"),
        ("Send", REVIEW, "send"),
        ("gak jadi", REVIEW, "cancel"),
        ("ubah", REVIEW, "edit"),
        ("poli gigi", UNITS, "unit"),
        ("poli gigii", UNITS, "unit"),
        ("gak tau", UNITS, "unsure"),
        ("mboten ngertos", UNITS, "unsure"),
        ("sampun", RESOLVED, "solved"),
        ("durung", RESOLVED, "unsolved"),
        ("belum", RESOLVED, "unsolved"),
        ("not yet", RESOLVED, "unsolved"),
    ],
)
def test_a_choice_is_meant_by_number_label_or_other_words(typed: str, say: Say, meant: str) -> None:
    found = match(typed, say)

    assert found is not None
    assert found.id == meant


@pytest.mark.parametrize(
    ("typed", "say"),
    [
        ("", MENU),
        ("7", MENU),
        ("0", MENU),
        ("toilet kotor", MENU),
        ("saya ingin menyampaikan keluhan tentang perawat yang tidak ramah", MENU),
        ("kirim ambulans", REVIEW),
        ("batal operasi karena dokter cuti", REVIEW),
    ],
)
def test_what_is_no_choice_stays_words(typed: str, say: Say) -> None:
    assert match(typed, say) is None


def test_numbers_count_only_where_they_are_offered() -> None:
    story = Say(key="DESC_complaint", choices=choices("continue", "cancel"), numbers=False)

    assert match("2", story) is None


@pytest.mark.parametrize(
    "text", ["halo", "Selamat pagi dok", "assalamualaikum wr wb", "p", "hi there", "kulo nuwun"]
)
def test_greetings_are_known(text: str) -> None:
    assert greets(text)
    assert not thanks(text)


@pytest.mark.parametrize(
    "text", ["terima kasih banyak ya", "matur nuwun", "ok", "thanks a lot", "hatur nuhun kang"]
)
def test_thanks_are_known(text: str) -> None:
    assert thanks(text)
    assert not greets(text)


@pytest.mark.parametrize(
    "text", ["halo toilet kotor", "terima kasih tapi obatnya salah", "dok", "", "pagi tadi jatuh"]
)
def test_courtesy_with_content_is_content(text: str) -> None:
    assert not greets(text)
    assert not thanks(text)


@given(st.text(max_size=200))
def test_any_text_can_be_matched(text: str) -> None:
    found = match(text, MENU)

    assert found is None or found in MENU.choices
