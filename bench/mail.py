"""Mail accepted and understood, against a bare aiosmtpd whose handler inserts one row.

Run `python -m bench.mail [MAILS]`; needs Postfix's smtp-source. Both servers run as processes of
their own on one database and are measured in turn; the ratio of one run is the figure.
"""

import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from bench.mail_serve import MAILBOX, SINK
from core.ground.database import alchemy_url, plain_url
from intake import embedded
from migrations.upgrade import upgrade
from tests.builders import seed

ROUNDS = 5
_AS_NOBODY = ["-u", "nobody"] if os.geteuid() == 0 else []
SESSIONS = 8
PORTS = {"bare": 18125, "ours": 18126, "through": 18127}
CASES = (
    # name, bytes, share of the mails sent, further switches of smtp-source
    ("5 KB, new connections", 5120, 1.0, ()),
    ("5 KB, one connection", 5120, 1.0, ("-d",)),
    ("200 KB, new connections", 204_800, 0.25, ()),
)
Rate = tuple[float, float]
"""Mails a second, and the server's CPU milliseconds for each."""
WORDS = "Selamat pagi, AC di kamar 3 mati sejak kemarin malam dan ibu saya kepanasan. " * 60


@dataclass(frozen=True)
class Server:
    """A running server."""

    pid: int
    port: int

    def cpu_ms(self) -> float:
        """Return the milliseconds of CPU that its process has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def serving(what: str, dsn: str, folder: str) -> Iterator["Server"]:
    """Run one server as a process."""
    port = PORTS[what]
    command = [sys.executable, "-m", "bench.mail_serve", what, dsn, folder, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "serving\n"
        try:
            yield Server(process.pid, port)
        finally:
            process.terminate()


def measured(server: Server, size: int, count: int, switches: tuple[str, ...]) -> Rate:
    """Send mails with smtp-source; return how many were accepted a second, and the CPU of each."""
    command = ["smtp-source", *switches, "-l", str(size), "-m", str(count), "-s", str(SESSIONS)]
    cpu, began = server.cpu_ms(), time.perf_counter()
    subprocess.run([*command, "-t", MAILBOX, f"127.0.0.1:{server.port}"], check=True)
    return count / (time.perf_counter() - began), (server.cpu_ms() - cpu) / count


def accepted(dsn: str, folder: str, mails: int) -> None:
    """Print both servers' rates and CPU for each case, and the median ratios."""
    print("| accepted | bare /s | ours /s | ratio | bare CPU ms | ours CPU ms | ratio |")
    print("|---|---|---|---|---|---|---|")
    with serving("bare", dsn, folder) as bare, serving("ours", dsn, folder) as ours:
        for name, size, share, switches in CASES:
            count = int(mails * share)
            for server in (bare, ours):  # warm up
                measured(server, size, 40, switches)
            pairs = [
                (measured(bare, size, count, switches), measured(ours, size, count, switches))
                for _ in range(ROUNDS)
            ]
            rate, cpu = _columns(pairs, 0), _columns(pairs, 1)
            speed = statistics.median(b[0] / a[0] for a, b in pairs)
            thrift = statistics.median(a[1] / b[1] for a, b in pairs)
            row = f"{rate[0]:.0f} | {rate[1]:.0f} | **{speed:.2f}** | {cpu[0]:.2f} | {cpu[1]:.2f}"
            print(f"| {name} | {row} | {thrift:.2f} |", flush=True)


def _columns(pairs: list[tuple[Rate, Rate]], column: int) -> tuple[float, float]:
    return (
        statistics.median(bare[column] for bare, _ in pairs),
        statistics.median(ours[column] for _, ours in pairs),
    )


@contextlib.contextmanager
def sink() -> Iterator[None]:
    """Run Postfix's smtp-sink, which takes what we send."""
    with subprocess.Popen(["smtp-sink", *_AS_NOBODY, f"127.0.0.1:{SINK}", "100"]) as process:
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
    await connection.execute("DELETE FROM rate_limits")  # as if they came over a day
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
        sender = f"pelapor{number}@p{number}.example"  # nobody's flood (rate_limits.py)
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
            dsn = server.owner_dsn("bench")
            asyncio.run(_prepare(dsn))
            accepted(dsn, folder, mails)
            for sending in (False, True):
                with sink(), serving("through", dsn, folder) as through_it:
                    rate = asyncio.run(through(dsn, through_it.port, mails, sending=sending))
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
