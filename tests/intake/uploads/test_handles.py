"""A handle carries a stored file through one form, and through no other."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.ground.seals import LONGEST, STAGED_FILE
from core.ground.secret import Secret
from intake.uploads.arrival import ReceivedFile
from intake.uploads.handles import Handles
from intake.uploads.images import Display
from intake.uploads.reasons import Reason
from intake.uploads.types import Verdict

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HANDLES = Handles(secret=Secret.of(b"rahasia" * 5))


def a_file(name: str = "foto.jpg", reason: Reason | None = None) -> ReceivedFile:
    return ReceivedFile(
        field="foto",
        key="ab/" + "ab" * 32,
        sha256="ab" * 32,
        size=123,
        original_name=name,
        safe_name=name,
        declared_type="image/jpeg",
        verdict=Verdict(
            kind="jpeg", mime="image/jpeg", extension="jpg", reason=reason, flags=("javascript",)
        ),
        display=Display(key="cd/" + "cd" * 32, mime="image/webp", size=9, width=3, height=4),
    )


@given(name=st.text(st.characters(exclude_categories=["Cs"]), max_size=500), form=st.text())
def test_what_is_signed_comes_back_whole(name: str, form: str) -> None:
    for reason in (None, Reason.DISGUISED):
        handle = HANDLES.sign(a_file(name, reason), form, NOW)

        assert HANDLES.open(handle, form, NOW + STAGED_FILE.lasts) == a_file(name, reason)
        assert len(handle) <= LONGEST
        assert set(handle) <= set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        )


def test_it_opens_in_its_own_form_only_and_only_for_a_day() -> None:
    handle = HANDLES.sign(a_file(), "formulir-1", NOW)

    assert HANDLES.open(handle, "formulir-2", NOW) is None
    assert HANDLES.open(handle, "", NOW) is None
    assert HANDLES.open(handle, "formulir-1", NOW + STAGED_FILE.lasts + SECOND) is None
    assert Handles(secret=Secret.of(b"lain" * 9)).open(handle, "formulir-1", NOW) is None


@given(position=st.integers(0, 719), letter=st.sampled_from("Aa0-_"))
def test_one_changed_letter_opens_nothing_else(position: int, letter: str) -> None:
    handle = HANDLES.sign(a_file(), "f", NOW)
    forged = handle[:position] + letter + handle[position + 1 :]

    assert HANDLES.open(forged, "f", NOW) == (a_file() if forged == handle else None)


@given(st.text() | st.text("Aa0-_=", max_size=200))
def test_nonsense_opens_nothing(handle: str) -> None:
    assert HANDLES.open(handle, "f", NOW) is None
