"""One mail server to be measured: `python -m bench.mail_serve bare|ours|through DSN FOLDER PORT`.

`bare` is the limit: a stock aiosmtpd whose handler inserts one row before 250. `ours` is the
hardened listener with the raw-first inbox; `through` also understands the mail, in one process.
"""

import asyncio
import contextlib
import sys
from pathlib import Path

import asyncpg
from aiosmtpd.smtp import SMTP, Envelope, Session

from core.ground.database import plain_url
from core.ground.settings import Settings
from core.opening import open_runtime
from intake.channels.email.channel import EmailChannel
from intake.channels.email.settings import MailSettings
from intake.channels.email.smtp.limits import DoorLimits
from intake.channels.email.smtp.listener import Door, listening
from intake.registry import Registry, write_channels
from notifier.worker import background

MAILBOX = "halo@rs.example.org"
SINK = 18128
"""Port of the server that takes our notices."""


class OneRow:
    """Inserts one row for each mail and says 250."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def handle_DATA(  # noqa: N802 - aiosmtpd's spelling
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Commit the content."""
        await self._pool.execute("INSERT INTO bench_mails (raw) VALUES ($1)", envelope.content)
        return "250 OK"


async def bare(dsn: str, port: int) -> None:
    """Serve the limit."""
    pool = await asyncpg.create_pool(plain_url(dsn), min_size=8, max_size=32)
    await pool.execute(
        "CREATE TABLE IF NOT EXISTS bench_mails (id bigserial PRIMARY KEY, raw bytea)"
    )
    loop = asyncio.get_running_loop()
    await loop.create_server(
        lambda: SMTP(OneRow(pool), hostname="bench", loop=loop), "127.0.0.1", port
    )
    await _serving()


async def ours(dsn: str, folder: Path, port: int, *, through: bool) -> None:
    """Serve the real listener on the real inbox."""
    settings = Settings(
        data=folder, secret_key="a secret to measure, and long enough", pool_size=32
    )
    sending = MailSettings(url=f"smtp://127.0.0.1:{SINK}", from_address=MAILBOX)
    async with contextlib.AsyncExitStack() as stack:
        runtime = await stack.enter_async_context(open_runtime(settings, dsn))
        channel = EmailChannel(runtime, sending)
        registry = Registry({"email": channel})
        await write_channels(runtime, registry)
        trusted = frozenset({"127.0.0.1"})
        door = Door(port=port, trusted=trusted, limits=DoorLimits(commands=1 << 20))
        await stack.enter_async_context(listening(door, channel.accept, channel.knows))
        if through:
            await stack.enter_async_context(background(runtime, registry, works=True))
        await _serving()


async def _serving() -> None:
    print("serving", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    _, what, dsn, folder, port = sys.argv
    if what == "bare":
        asyncio.run(bare(dsn, int(port)))
    else:
        asyncio.run(ours(dsn, Path(folder), int(port), through=what == "through"))
