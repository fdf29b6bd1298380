"""The limits of what comes in are one table, and an operator's word holds at every door.

That they are kept is shown at each door: `test_a_file_over_the_operators_limit…` in the tests of
the web form, the web chat, the console, mail and Telegram.
"""

import re
from pathlib import Path

import pytest

from core.ground.settings import Settings
from intake.chat.limits import dialogue_limits, upload_limits
from intake.uploads.limits import DEFAULT_LIMITS, KIBIBYTE, MEBIBYTE, Limits
from tests.root import ROOT

INTAKE = ROOT / "intake"


def test_what_an_operator_sets_is_the_limit(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, file_limit=3, files_limit=2, request_limit=5)

    limits = Limits.of(settings)

    assert (limits.file_bytes, limits.files, limits.request_bytes) == (3, 2, 5)
    assert limits.without_files().files == 0


def test_where_nothing_is_set_the_settings_own_defaults_hold(tmp_path: Path) -> None:
    assert Limits.of(Settings(data=tmp_path)) == DEFAULT_LIMITS


@pytest.mark.parametrize(
    ("set_to", "kept"),
    [(2000, 2000), (500 * KIBIBYTE, 500 * KIBIBYTE), (100 * MEBIBYTE, 20_000_000)],
)
def test_a_chat_takes_what_the_operator_allows_and_a_bot_may_fetch(
    tmp_path: Path, set_to: int, kept: int
) -> None:
    settings = Settings(data=tmp_path, file_limit=set_to)

    assert dialogue_limits(settings).file_bytes == kept
    assert upload_limits(settings).file_bytes == kept


def test_no_door_makes_limits_of_its_own() -> None:
    """The default table is for what has no installation around it: a sample on a page."""
    own = re.compile(r"(?<![.\w])(Limits\(|DEFAULT_LIMITS)")
    table, sample = (
        INTAKE / "uploads" / "limits.py",
        INTAKE / "channels" / "web" / "static_pages.py",
    )

    making = [
        str(path.relative_to(INTAKE))
        for path in INTAKE.rglob("*.py")
        if "intake.uploads.limits" in (text := path.read_text("utf-8"))
        and own.search(text)
        and path not in {table, sample}
    ]

    assert making == []
