"""Whole conversations of `tests/chats`, played against the running system in both channels."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.runtime import Runtime
from tests.builders import MONDAY
from tests.intake.channels.telegram.conftest import Running
from tests.intake.channels.telegram.fake import telegram
from tests.intake.chat.browser_system import BrowserDriver, can_play
from tests.intake.chat.standing import furnish
from tests.intake.chat.system import SystemDriver
from tests.intake.dialogue.player import differences, play
from tests.intake.dialogue.script import read
from tests.root import ROOT

SCRIPTS = sorted((ROOT / "tests" / "chats").glob("*.yaml"))
FOR_A_PAGE = [path for path in SCRIPTS if can_play(read(path))]


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


@pytest.fixture
async def browser(runtime: Runtime, hands: Running) -> AsyncIterator[BrowserDriver]:
    """Serve the web chat, with the hospital of the scripts in it."""
    await furnish(runtime)
    made = BrowserDriver(runtime, hands)
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


@pytest.mark.slow
@pytest.mark.parametrize("path", FOR_A_PAGE, ids=lambda path: path.stem)
async def test_it_comes_out_the_same_in_the_web_chat(browser: BrowserDriver, path: Path) -> None:
    script = read(path)

    outcome = await play(script, browser)

    told = "\n".join((await browser.guest.open()).said)
    assert differences(script.expect, outcome) == [], f"{script.title}\n{told}"


def test_most_scripts_are_played_in_both_channels() -> None:
    assert len(FOR_A_PAGE) > len(SCRIPTS) / 2
