"""A mail door as a process to be killed: `python -m tests.intake.channels.email.served`."""

import asyncio
import sys
from pathlib import Path

from core.ground.settings import Settings
from core.opening import open_runtime
from intake.channels.email.channel import EmailChannel
from intake.channels.email.settings import MailSettings
from intake.channels.email.smtp.listener import Door, listening


async def main(url: str, folder: Path) -> None:
    settings = Settings(data=folder, secret_key="a secret for tests, and long enough")
    async with open_runtime(settings, url) as runtime:
        sending = MailSettings(url="smtp://127.0.0.1:9", from_address="halo@rs.example.org")
        channel = EmailChannel(runtime, sending)
        async with listening(Door(port=0), channel.accept, channel.knows) as port:
            print(port, flush=True)  # noqa: T201 - how the test learns it
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
