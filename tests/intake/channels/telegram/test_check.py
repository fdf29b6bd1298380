"""`kiss telegram check`, run as an operator runs it."""

import asyncio
import os
import sys
from pathlib import Path

from tests.intake.channels.telegram.fake import TOKEN, FakeTelegram
from tests.intake.channels.telegram.house import House
from tests.root import ROOT


async def check(tmp_path: Path, **environment: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from intake.cli import main; main()",
        "telegram",
        "check",
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "KISS_DATA": str(tmp_path)} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_without_a_token_it_says_how_to_get_one(tmp_path: Path) -> None:
    code, said = await check(tmp_path)

    assert code == 1
    assert "@BotFather" in said
    assert "/chat" in said


async def test_a_bot_that_runs_is_well(polling: House, tmp_path: Path) -> None:
    await polling.until(lambda: polling.telegram.commands.keys() >= {"", "en"})

    code, said = await check(
        tmp_path,
        KISS_TELEGRAM_TOKEN=TOKEN,
        KISS_TELEGRAM_API_URL=polling.settings.api_url,
    )

    assert code == 0, said
    assert "!!" not in said
    assert "@rs_contoh_bot" in said
    assert TOKEN not in said


async def test_what_is_wrong_is_said_in_plain_words(
    fake: tuple[FakeTelegram, str], tmp_path: Path
) -> None:
    telegram, url = fake
    settings = {"KISS_TELEGRAM_TOKEN": TOKEN, "KISS_TELEGRAM_API_URL": url}

    nowhere = settings | {"KISS_TELEGRAM_API_URL": "http://127.0.0.1:9"}

    old_menu, no_https, nobody = await asyncio.gather(
        check(tmp_path, **settings),
        check(tmp_path, KISS_TELEGRAM_MODE="webhook", **settings),
        check(tmp_path, **nowhere),
    )
    telegram.fail("getMe", 401, "Unauthorized")
    unauthorised = await check(tmp_path, **settings)

    told = {
        "menu of commands": old_menu,
        "https": no_https,
        "does not answer": nobody,
        "does not accept the token": unauthorised,
    }
    for words, (code, said) in told.items():
        assert code == 1
        assert words in said
        assert TOKEN not in said
