"""Whole conversations of `tests/chats`, played against the running system."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.runtime import Runtime
from tests.builders import MONDAY
from tests.intake.channels.telegram.conftest import Running
from tests.intake.channels.telegram.fake import telegram
from tests.intake.chat.system import SystemDriver, furnish
from tests.intake.dialogue.player import differences, play
from tests.intake.dialogue.script import read
from tests.root import ROOT

SCRIPTS = sorted((ROOT / "tests" / "chats").glob("*.yaml"))


@pytest.fixture
def hands() -> Running:
    """Give the system a running clock."""
    return Running(MONDAY)


@pytest.fixture
async def driver(runtime: Runtime, hands: Running) -> AsyncIterator[SystemDriver]:
    """Serve the system, with the hospital of the scripts in it."""
    await furnish(runtime)
    async with telegram() as (fake, url):
        made = SystemDriver(dataclasses.replace(runtime), fake, url, hands)
        await made.begin()
        yield made
        await made.end()


@pytest.mark.slow
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
async def test_the_conversation_comes_out_as_its_script_says(
    driver: SystemDriver, path: Path
) -> None:
    script = read(path)

    outcome = await play(script, driver)

    told = "\n".join(driver.telegram.texts(driver.person.id))
    assert differences(script.expect, outcome) == [], f"{script.title}\n{told}"
