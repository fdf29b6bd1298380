"""Mail accepted and understood, against a bare aiosmtpd whose handler inserts one row.

Run `python -m bench.mail [MAILS]`; needs Postfix's smtp-source. Both servers run as processes of
their own on one database and are measured in turn; the ratio of one run is the figure.
"""

import asyncio
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from bench.mail_serve import MAILBOX, SINK
from core.database import alchemy_url, plain_url
from intake import embedded
from migrations.upgrade import upgrade
from tests.builders import seed

ROUNDS = 3
SESSIONS = 8
PORTS = {"bare": 18125, "ours": 18126, "through": 18127}
CASES = (
    # name, bytes, share of the mails sent, further switches of smtp-source
    ("5 KB, new connections", 5120, 1.0, ()),
    ("5 KB, one connection", 5120, 1.0, ("-d",)),
    ("200 KB, new connections", 204_800, 0.25, ()),
)
WORDS = "Selamat pagi, AC di kamar 3 mati sejak kemarin malam dan ibu saya kepanasan. " * 60


@contextlib.contextmanager
def serving(what: str, dsn: str, folder: str) -> Iterator[int]:
    """Run one server as a process."""
    port = PORTS[what]
    command = [sys.executable, "-m", "bench.mail_serve", what, dsn, folder, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "serving\n"
        try:
            yield port
        finally:
            process.terminate()


def sent_per_second(port: int, size: int, count: int, switches: tuple[str, ...]) -> float:
    """Send mails with smtp-source; return how many were accepted a second."""
    command = ["smtp-source", *switches, "-l", str(size), "-m", str(count), "-s", str(SESSIONS)]
    began = time.perf_counter()
    subprocess.run([*command, "-t", MAILBOX, f"127.0.0.1:{port}"], check=True)
    return count / (time.perf_counter() - began)


def accepted(dsn: str, folder: str, mails: int) -> None:
    """Print both servers' rates for each case, and their ratio."""
    print(f"{'accepted a second':28} {'bare':>8} {'ours':>8} {'ratio':>7}")
    with serving("bare", dsn, folder) as bare, serving("ours", dsn, folder) as ours:
        for name, size, share, switches in CASES:
            count = int(mails * share)
            for port in (bare, ours):  # warm up
                sent_per_second(port, size, 40, switches)
            pairs = [
                [sent_per_second(port, size, count, switches) for port in (bare, ours)]
                for _ in range(ROUNDS)
            ]
            left, right = (statistics.median(rates) for rates in zip(*pairs, strict=True))
            ratio = statistics.median(b / a for a, b in pairs)
            print(f"{name:28} {left:8.0f} {right:8.0f} {ratio:7.2f}", flush=True)


@contextlib.contextmanager
def sink() -> Iterator[None]:
    """Run Postfix's smtp-sink, which takes what we send."""
    with subprocess.Popen(["smtp-sink", f"127.0.0.1:{SINK}", "100"]) as process:
        try:
            yield
        finally:
            process.terminate()


async def through(dsn: str, port: int, mails: int, *, sending: bool) -> float:
    """Send mails of as many people and wait for their tickets; return tickets a second.

    With `sending` the notices of receipt leave meanwhile, by the same process.
    """
    connection = await asyncpg.connect(plain_url(dsn))
    await connection.execute("UPDATE channels SET can_send = $1", sending)
    await connection.execute("UPDATE hospital SET phone = $1", f"0800-0000-{sending:04d}")
    before = await connection.fetchval("SELECT count(*) FROM tickets")
    numbers = iter(range(mails * sending, mails * (1 + sending)))
    await asyncio.sleep(3)  # until the servers know
    began = time.perf_counter()
    await asyncio.gather(*[_client(port, numbers) for _ in range(SESSIONS)])
    while await connection.fetchval("SELECT count(*) FROM tickets") < before + mails:  # noqa: ASYNC110 - another process files them
        await asyncio.sleep(0.1)
    done = time.perf_counter()
    await connection.close()
    return mails / (done - began)


async def _client(port: int, numbers: Iterator[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def say(text: str) -> None:
        writer.write(text.encode())
        while (await reader.readline())[3:4] == b"-":
            pass

    await reader.readline()
    await say("EHLO bench\r\n")
    for number in numbers:
        sender = f"pelapor{number}@example.org"
        for line in (f"MAIL FROM:<{sender}>", f"RCPT TO:<{MAILBOX}>", "DATA"):
            await say(f"{line}\r\n")
        head = f"From: Pelapor <{sender}>\r\nSubject: AC mati\r\nMessage-ID: <{number}@b.example>"
        await say(f"{head}\r\n\r\n{WORDS}\r\n.\r\n")
    writer.close()


def main(mails: int) -> None:
    """Measure everything on a fresh database."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = embedded.start(Path(folder) / "pg", state=Path(folder) / "state")
        try:
            server.create_database("bench")
            dsn = server.dsn("bench")
            asyncio.run(_prepare(dsn))
            accepted(dsn, folder, mails)
            for sending in (False, True):
                with sink(), serving("through", dsn, folder) as port:
                    rate = asyncio.run(through(dsn, port, mails, sending=sending))
                told = "and every notice sent" if sending else "no notices"
                print(f"mails to tickets, 5 KB, {told}: {rate:.0f}/s", flush=True)
        finally:
            server.stop()


async def _prepare(dsn: str) -> None:
    engine = create_async_engine(alchemy_url(dsn))
    await upgrade(engine)
    await engine.dispose()
    await seed(plain_url(dsn))
    connection = await asyncpg.connect(plain_url(dsn))
    await connection.execute("UPDATE hospital SET email = $1", MAILBOX)
    await connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
