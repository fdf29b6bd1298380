from pathlib import Path

import pytest

from tests.intake.dialogue.memory import MemoryDriver
from tests.intake.dialogue.player import Outcome, TicketOutcome, differences, play
from tests.intake.dialogue.script import Expected, TicketExpected, read
from tests.root import ROOT

CHATS = ROOT / "tests" / "chats"
SCRIPTS = sorted(CHATS.glob("*.yaml"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
async def test_the_conversation_comes_out_as_its_script_says(path: Path) -> None:
    script = read(path)
    driver = MemoryDriver()

    outcome = await play(script, driver)

    told = "\n".join(driver.world.texts)
    assert differences(script.expect, outcome) == [], f"{script.title}\n{told}"


def test_there_are_scripts_in_every_language() -> None:
    languages = {read(path).language for path in SCRIPTS}

    assert len(SCRIPTS) >= 20
    assert languages == {"id", "en", "mixed", "jv", "su"}


def test_the_player_tells_what_is_otherwise_than_expected() -> None:
    expected = Expected(
        tickets=(TicketExpected(unit="GIGI", words=("kotor",), without=("toilet",)),), alarms=1
    )
    got = Outcome(
        tickets=(
            TicketOutcome(
                number="1", code="c", unit="FAR", kind="complaint", words="toilet", status="open"
            ),
        ),
        draft="left over",
    )

    assert differences(expected, got) == [
        "ticket 1 words: 'kotor' is not in 'toilet'",
        "ticket 1: 'toilet' is there",
        "ticket 1 unit: expected 'GIGI', got 'FAR'",
        "alarms: expected 1, got 0",
        "draft: expected None, got 'left over'",
    ]
