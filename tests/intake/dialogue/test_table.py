from pathlib import Path

from click.testing import CliRunner

from intake.cli import main
from intake.dialogue import table
from intake.dialogue.machine import SCREENS
from tests.root import ROOT

PAGE = ROOT / "docs" / "chat.md"


def test_the_page_shows_the_states_as_they_are() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert table.renewed(page) == page, "run: kiss chat-states docs/chat.md"


def test_the_table_names_every_state() -> None:
    headings = [line[4:] for line in table.markdown().splitlines() if line.startswith("### ")]

    assert headings[1:] == list(SCREENS)


def test_the_command_writes_a_page_anew(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n", encoding="utf-8")

    result = CliRunner().invoke(main, ["chat-states", str(page)])

    assert result.exit_code == 0
    written = page.read_text(encoding="utf-8")
    assert written.startswith("before\n")
    assert written.endswith("\nafter\n")
    assert "### REVIEW" in written
    assert "\nold\n" not in written


def test_every_row_names_screens_that_exist() -> None:
    known = {*SCREENS, "same", "back"}

    for screen in SCREENS.values():
        assert {to for row in screen.rows for to in row.to} <= known, screen.name
