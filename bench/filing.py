"""Where ticket numbers come from, measured: a sequence with a base per day, or a counter row.

Run `make bench` or `python -m bench.filing`. Both variants file the whole report in one statement
and differ only in how the number is drawn; a lone INSERT in the same run is the limit.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from uuid import uuid4

from sqlalchemy.ext.asyncio import create_async_engine

from bench.measure import Rate, closed_loop, table
from core.ground.clock import system_clock
from core.ground.database import alchemy_url, plain_url
from core.ground.settings import Settings
from core.ground.statement import Statement
from core.opening import open_runtime
from core.runtime import Runtime
from core.tickets import filing
from core.tickets.desk import Desk
from intake import embedded
from migrations.upgrade import upgrade
from tests.builders import seed, submission

SEQUENCE = "LATERAL (SELECT nextval('ticket_number_seq') - day.base AS n) AS drawn"
COUNTER = "counted AS drawn"
COUNTED = """
counted AS (
    INSERT INTO bench_counters AS c (day, n) SELECT :day, 5000000 FROM message
        ON CONFLICT (day) DO UPDATE SET n = c.n + 1
    RETURNING n
), ticket AS ("""


def counter_variant() -> Statement:
    """Return the filing statement with a locked counter row instead of the sequence."""
    sql = filing._FILE.sql  # noqa: SLF001 - the bench rewrites the very statement it measures
    day = f"${filing._FILE.names.index('day') + 1}"  # noqa: SLF001 - the same
    counted = COUNTED.replace(":day", day)
    return Statement(
        sql.replace(SEQUENCE, COUNTER).replace("ticket AS (", counted.lstrip(), 1),
        filing._FILE.names,  # noqa: SLF001 - the same
    )


async def measure(runtime: Runtime, seconds: float) -> list[Rate]:
    """Measure limit, sequence and counter at 1, 8 and 32 clients."""
    desk = Desk(runtime)
    await runtime.database.pool.execute(
        "CREATE TABLE bench_counters (day date PRIMARY KEY, n int NOT NULL);"
        "CREATE TABLE bench_rows (id uuid PRIMARY KEY, body text NOT NULL)"
    )

    async def one_row() -> None:
        async with runtime.database.pool.acquire() as connection:
            await connection.execute("INSERT INTO bench_rows VALUES ($1, $2)", uuid4(), "x" * 300)

    async def report() -> None:
        await desk.submit(submission())

    original, counter = filing._FILE, counter_variant()  # noqa: SLF001 - the same
    rates: list[Rate] = []
    for clients in (1, 8, 32):
        rates.append(await closed_loop("one INSERT", one_row, clients=clients, seconds=seconds))
        filing._FILE = original  # noqa: SLF001 - the same
        rates.append(await closed_loop("sequence", report, clients=clients, seconds=seconds))
        filing._FILE = counter  # noqa: SLF001 - the same
        rates.append(await closed_loop("counter row", report, clients=clients, seconds=seconds))
    filing._FILE = original  # noqa: SLF001 - the same
    return rates


async def main(url: str, folder: Path, seconds: float) -> None:
    """Prepare a database and print the table."""
    engine = create_async_engine(alchemy_url(url))
    await upgrade(engine)
    await engine.dispose()
    await seed(plain_url(url))
    settings = Settings(
        data=folder, secret_key="a secret to measure, and long enough", pool_size=32
    )
    async with open_runtime(settings, url, clock=system_clock) as runtime:
        print(table(await measure(runtime, seconds), base="one INSERT"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with embedded.running(Path(folder) / "data", settings={"max_connections": 100}) as server:
            server.create_database("bench")
            where = Path(folder)
            asyncio.run(
                main(
                    server.owner_dsn("bench"), where, float(sys.argv[1:2][0] if sys.argv[1:] else 4)
                )
            )
