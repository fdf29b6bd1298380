"""Thanks and assent against words: whatever is left over is evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.dialogue import events as happens
from intake.dialogue.courtesy import only_thanks, thanks, without_thanks
from intake.dialogue.machine import step
from intake.dialogue.state import State
from tests.intake.dialogue.world import MORNING, facts, ticket

NUMBER = "TKT-20261124-0001"


@pytest.mark.parametrize(
    "text",
    [
        "Terima kasih 🙏", "terimakasih bnyk dok", "makasihhh yaa", "trimakasih", "mksh kak",
        "Oke siap", "ok ok", "baik bu, terima kasih", "nuhun pisan", "hatur nuhun kang",
        "matur nuwun sanget", "nggih, maturnuwun", "suwun mas", "thanks a lot!", "thank u so much",
        "got it, thanks", "👍", "👍🏾👍🏾", "🙏🏻", "❤️", "👌 ok", "😊🙏", "✅",
        "terima kasih atas bantuannya",
        "alhamdulillah, makasih", "siap, ditunggu", "baik, saya tunggu", "ok ditunggu kabarnya ya",
    ],
)  # fmt: skip
def test_courtesy_is_courtesy(text: str) -> None:
    assert thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "ok tapi masih sakit", "terima kasih tapi belum", "baik, kapan?", "ok?", "makasih?",
        "sudah lama saya tunggu", "masih ditunggu", "saya tunggu 3 jam", "ditunggu tapi tidak ada",
        "tidak", "belum", "masih", "banyak", "dok", "ya ampun", "siapa", "kasihan ibu saya",
        "baik perawatnya", "?", "...", "👎", "💔", "😡", "🆘", "😭😭", "12", "terima",
        "maksudnya apa", "oke tapi besok", "thanks for nothing", "yes but it hurts",
        "nggih nanging tasih sakit", "muhun tapi nyeri keneh", "sudah", "❤️‍🩹 sakit",
    ],
)  # fmt: skip
def test_words_are_words(text: str) -> None:
    assert not thanks(text)


@pytest.mark.parametrize(
    ("text", "answers"),
    [("iya", True), ("ok", True), ("siap dok", True), ("👍", True), ("ya, makasih", True),
     ("terima kasih", False), ("makasih banyak bu", False), ("nuhun", False)],
)  # fmt: skip
def test_where_staff_asked_only_thanks_are_no_answer(text: str, *, answers: bool) -> None:
    asking = facts(tickets=(ticket(asked_at=MORNING),))

    taken = step(State(), happens.Text(text=text, message="m"), asking)

    assert only_thanks(text) is not answers
    assert [say.key for say in taken.replies] == (["ADDED"] if answers else ["WELCOME"])


@pytest.mark.parametrize("status", ["open", "resolved", "closed"])
@pytest.mark.parametrize("at", ["IDLE", "STATUS", "FOLLOWUP", "RESOLVE_CHECK", "NOTYET", "STARS",
                                "COMMENT", "FOLLOWUP_PICK"])  # fmt: skip
def test_courtesy_never_touches_a_ticket(at: str, status: str) -> None:
    known = facts(tickets=(ticket(status=status),))
    events = (
        happens.Text(text="terima kasih banyak", message="m"),
        happens.Text(text="🙏", message="m"),
        happens.Text(text="makasih", message="m", reply_to=NUMBER),
        happens.Unsupported(kind="sticker"),
    )
    for event in events:
        taken = step(State(at=at, ticket=NUMBER), event, known)

        assert {type(each).__name__ for each in taken.effects} <= {"Schedule"}
        assert taken.replies
        assert "ONLY" not in {say.key for say in taken.replies}


def test_a_sticker_in_a_draft_says_what_is_understood() -> None:
    taken = step(State(at="DESC"), happens.Unsupported(kind="sticker"), facts())

    assert taken.replies[0].key == "ONLY"


@pytest.mark.parametrize(
    ("typed", "left"), [("sudah terima kasih", "sudah"), ("makasih", ""), ("kirim", "kirim")]
)
def test_thanks_beside_a_choice_leave_the_choice(typed: str, left: str) -> None:
    assert without_thanks(typed) == left


def test_solved_with_thanks_is_solved() -> None:
    known = facts(tickets=(ticket(status="resolved"),))

    taken = step(
        State(at="RESOLVE_CHECK", ticket=NUMBER),
        happens.Text(text="Sudah beres, terima kasih", message="m"),
        known,
    )

    assert taken.state.at == "STARS"


@given(st.text(max_size=100))
def test_any_text_can_be_judged(text: str) -> None:
    assert thanks(text) in (True, False)
    assert not only_thanks(text) or thanks(text)
