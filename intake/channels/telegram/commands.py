"""`kiss telegram …`."""

import asyncio

import click

from core.ground.clock import system_clock
from core.ground.settings import Settings
from intake.channels.telegram import FACTS
from intake.channels.telegram import bot as bots
from intake.channels.telegram.check import Check
from intake.channels.telegram.settings import TelegramSettings

HOW_TO_SWITCH_ON = f"""\
No token is set, so Telegram is off; the web chat at /chat speaks the same conversation.
To switch it on: {FACTS.how_to_open}."""


@click.group()
def telegram() -> None:
    """Look after the chat bot on Telegram."""


@telegram.command()
def check() -> None:
    """Verify token, webhook and commands; say what is wrong. Ends with 1 if anything is."""
    settings = TelegramSettings()
    if settings.token is None:
        click.echo(HOW_TO_SWITCH_ON)
        raise SystemExit(1)
    if not asyncio.run(_check(settings, Settings())):
        raise SystemExit(1)


async def _check(settings: TelegramSettings, ours: Settings) -> bool:
    bot = bots.open_bot(settings)
    url = ours.public_url.rstrip("/") + settings.path(ours.secret())
    looks = Check(bot=bot, settings=settings, webhook_url=url, now=ours.shifted(system_clock)())
    good = True
    try:
        async for finding in looks.findings():
            click.echo(f"{'ok ' if finding.good else '!! '} {finding.says}")
            good = good and finding.good
    finally:
        await bots.close(bot)
    return good
