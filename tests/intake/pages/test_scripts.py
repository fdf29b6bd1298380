from pathlib import Path

import pytest

from tests.root import ROOT

SCRIPTS = sorted((ROOT / "static").glob("*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_moves_where_the_tab_key_begins(script: Path) -> None:
    """Chromium 150 starts at whatever was last scrolled into view, past the skip link."""
    assert ".scrollIntoView(" not in script.read_text()


def test_the_scripts_are_found() -> None:
    assert {"chat.js", "console.js", "form.js"} <= {path.name for path in SCRIPTS}
