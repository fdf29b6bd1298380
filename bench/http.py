"""A report by form POST, against a bare handler that reads the form and inserts one row.

Run `python -m bench.http [SECONDS]`. Both servers run as processes of their own on the same
database, measured in turn; the ratio of one run is the figure, not the rates.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import create_async_engine

from bench.measure import Work, closed_loop, table
from bench.serve import SECRET
from core.ground.clock import system_clock
from core.ground.database import alchemy_url, plain_url
from core.ground.secret import Secret
from intake import embedded
from intake.channels.web.report_form import fresh_key
from intake.channels.web.robot_check import RobotCheck
from migrations.upgrade import upgrade
from tests.builders import TOKEN, seed

STORY = "AC di kamar 3 mati sejak kemarin malam dan ibu saya kepanasan. " * 5
PORTS = {"bare": 18091, "ours": 18092}


class Connection:
    """One keep-alive connection that posts forms and reads answers, with little work of its own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: bytes) -> None:
        """Post a form; any answer but 303 is an error."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            "Cookie: kiss-form=1\r\n"  # a browser that keeps cookies is led on, with a 303
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 303"):
            raise RuntimeError(answer.decode())
        fields = answer.lower().partition(b"content-length: ")[2]
        await reader.readexactly(int(fields.partition(b"\r\n")[0] or 0))


def forms() -> Iterator[bytes]:
    """Make forms as a person's browser sends them, each with a pass that is old enough."""
    robot_check = RobotCheck(Secret.of(SECRET.encode()))
    while True:
        key = fresh_key()
        earlier = system_clock() - timedelta(seconds=10)
        given = robot_check.grant(key, earlier)
        fields = {"key": key, "pass": given, "type": "complaint", "story": STORY, "qr": TOKEN}
        yield urlencode(fields).encode()


def work(port: int, path: str, clients: int) -> Work:
    """Return work that posts the next form over a free connection."""
    free = [Connection(port) for _ in range(clients)]
    bodies = forms()

    async def post() -> None:
        connection = free.pop()
        await connection.post(path, next(bodies))
        free.append(connection)

    return post


async def server(what: str, dsn: str, folder: Path) -> asyncio.subprocess.Process:
    """Start one of the two servers and wait until it serves."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.serve", what, dsn, str(folder), str(PORTS[what])),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ},
    )
    assert process.stdout is not None
    await process.stdout.readline()
    return process


async def main(dsn: str, folder: Path, seconds: float) -> None:
    """Prepare, start both, measure in turn, print."""
    engine = create_async_engine(alchemy_url(dsn))
    await upgrade(engine)
    await engine.dispose()
    await seed(plain_url(dsn))
    processes = [await server(what, dsn, folder) for what in PORTS]
    try:
        rates = [
            await closed_loop(
                what, work(PORTS[what], path, clients), clients=clients, seconds=seconds
            )
            for clients in (1, 8, 32)
            for what, path in (("bare", "/"), ("ours", f"/q/{TOKEN}/report"))
        ]
    finally:
        for process in processes:
            process.kill()
            await process.wait()
    print(table(rates, base="bare"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        with embedded.running(place / "data", settings={"max_connections": 150}) as postgres:
            postgres.create_database("bench")
            seconds = float(sys.argv[1]) if sys.argv[1:] else 4.0
            asyncio.run(main(postgres.owner_dsn("bench"), place, seconds))
