"""How long a queue takes with a million tickets stored: `python -m bench.queues [TICKETS]`.

A server of its own, 200 units, tickets of three years of which 40,000 are still owed; each queue
is read as the pages read it, by people with very different scope. Prints a table of times and,
with `--explain`, what PostgreSQL does for each.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import create_async_engine

from core.access.scope import Reader
from core.ground.database import alchemy_url, plain_url, transaction
from core.ground.settings import Settings
from core.opening import open_runtime
from core.reading import queues
from core.reading.cursor import Cursor
from core.reading.filters import Wanted
from core.reading.queues import QueueReader
from core.runtime import Runtime
from core.tickets.ticket import Ticket
from intake import embedded
from migrations.upgrade import upgrade
from tests.intake.console.staff import hire, serve

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
REPEATS = 15
UNITS = 200

FILL = (
    "INSERT INTO channels (name) VALUES ('web'), ('email'), ('telegram') ON CONFLICT DO NOTHING",
    """
    INSERT INTO units (id, name, code, parent_unit_id, created_at, updated_at)
    SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Unit ' || n, 'U' || n,
           CASE WHEN n > 1 AND n <= 20
                THEN '00000000-0000-7000-8000-000000000001'::uuid END,
           '2023-11-01', '2023-11-01'
      FROM generate_series(1, 200) AS n
    """,
    """
    INSERT INTO users (id, full_name, created_at, updated_at)
    SELECT ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 'Petugas ' || n,
           '2023-11-01', '2023-11-01'
      FROM generate_series(1, 300) AS n
    """,
    "ALTER TABLE tickets DISABLE TRIGGER ALL",
    "DROP INDEX idx_tickets_search",  # made anew below: quicker than row by row
    # What people write is put together from these; common words and rare ones, as in life.
    """
    INSERT INTO tickets (id, ticket_number, type, title, description, submitter_name, unit_id,
                         assigned_to, status, priority, sla_deadline, source, received_at,
                         routing_reason, sla_reason, tracking_hash, first_response_at,
                         waiting_since, risk_grade, created_at, updated_at)
    SELECT gen_random_uuid(),
           'TKT-' || to_char(at, 'YYYYMMDD') || '-' || lpad(n::text, 7, '0'),
           (ARRAY['complaint','complaint','information','suggestion','satisfaction'])[1 + n % 5],
           said, said || ' Mohon ditindaklanjuti. Terima kasih.',
           'Pelapor ' || n % 5000,
           ('00000000-0000-7000-8000-' || lpad((1 + floor(200 * power(random(), 2)))::text,
                                                12, '0'))::uuid,
           CASE WHEN n % 3 = 0 THEN
               ('00000000-0000-7000-9000-' || lpad((1 + n % 300)::text, 12, '0'))::uuid END,
           CASE WHEN owed THEN (ARRAY['open','in_progress','escalated'])[1 + n % 3]
                ELSE (ARRAY['closed','resolved'])[1 + n % 2] END,
           'medium', at + interval '72 hours', (ARRAY['web','email','telegram'])[1 + n % 3], at,
           '-', '-', uuid_send(gen_random_uuid()),
           CASE WHEN NOT owed THEN at + interval '5 hours' END,
           CASE WHEN owed AND n % 20 = 0 THEN at + interval '1 hour' END,
           (ARRAY['red','yellow','green',NULL])[1 + n % 4], at, at
      FROM (SELECT n, n % 25 = 0 AS owed,
                   CASE WHEN n % 25 = 0 THEN $1::timestamptz - random() * interval '6 days'
                        ELSE $1::timestamptz - random() * interval '3 years' END AS at,
                   (ARRAY['Obat di apotek','AC di kamar','Antrean pendaftaran','Perawat di ruang',
                          'Kamar mandi','Lift pengunjung','Tagihan di kasir','Dokter di poli'])
                       [1 + n % 8] || ' ' ||
                   (ARRAY['lama sekali','rusak','kotor','sangat ramah','tidak jelas','bocor'])
                       [1 + n % 6] || ' sejak ' || n % 90 || ' hari, kata kunci k' || n % 20000
                   || '.' AS said
              FROM generate_series($2::bigint, $3::bigint) AS n) AS made
    """,
    "SET maintenance_work_mem = '512MB'",
    "CREATE INDEX idx_tickets_search ON tickets USING gin (search)",
    """
    INSERT INTO events (id, ticket_id, kind, actor, at)
    SELECT gen_random_uuid(), id, 'received', 'submitter', received_at FROM tickets
     TABLESAMPLE BERNOULLI (1)
    """,
    """
    INSERT INTO deliveries (ticket_id, event_id, channel, recipient_ref, template, language,
                            status, next_attempt_at, created_at, updated_at)
    SELECT ticket_id, id, 'email', 'x@example.org', 'received', 'id',
           CASE WHEN random() < 0.2 THEN 'failed' ELSE 'sent' END, at, at, at FROM events
    """,
    "ALTER TABLE tickets ENABLE TRIGGER ALL",
)


def unit(number: int) -> UUID:
    """Return the id of a unit."""
    return UUID(f"00000000-0000-7000-8000-{number:012}")


def readers() -> dict[str, Reader]:
    """Return people whose scope differs as much as it can."""
    someone = UUID("00000000-0000-7000-9000-000000000076")
    return {
        "supervisor (all)": Reader(user_id=someone, roles=frozenset({"supervisor"})),
        "head (20 units)": Reader(
            user_id=someone,
            roles=frozenset({"head"}),
            units=frozenset(unit(n) for n in range(1, 21)),
        ),
        "officer (large unit)": Reader(
            user_id=someone, roles=frozenset({"officer"}), units=frozenset({unit(1)})
        ),
        "officer (small unit)": Reader(
            user_id=someone, roles=frozenset({"officer"}), units=frozenset({unit(UNITS)})
        ),
    }


WANTED = {
    **{name: Wanted(queue=name) for name in queues.QUEUES},
    "all, one unit": Wanted(queue="all", unit="U150"),
    "all, red": Wanted(queue="all", grade="red"),
    "search: obat": Wanted(words="obat"),
    "search: obat bocor": Wanted(words="obat bocor"),
    "search: k17001": Wanted(words="k17001"),
    "search: nothing": Wanted(words="tidakadakataini"),
}


async def fill(url: str, tickets: int) -> None:
    """Store the tickets, in four pieces side by side."""
    connection = await asyncpg.connect(url)
    for statement in FILL:
        if "$1" not in statement:
            await connection.execute(statement)
            continue
        step = tickets // 4
        pieces = [(step * n + 1, step * (n + 1)) for n in range(4)]
        others = [await asyncpg.connect(url) for _ in pieces]
        await asyncio.gather(
            *(
                other.execute(statement, NOW, *piece)
                for other, piece in zip(others, pieces, strict=True)
            )
        )
        for other in others:
            await other.close()
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def timed(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Return the fastest and the median of some repeats, in milliseconds; the first is unheard."""
    await work()
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        await work()
        times.append((time.perf_counter() - begun) * 1000)
    return min(times), statistics.median(times)


async def measure(runtime: Runtime, *, explain: bool) -> None:
    """Print a line for each queue and reader."""
    directory = await runtime.directory.get()
    print("| queue | reader | rows | fastest ms | median ms |\n|---|---|---|---|---|")
    for who, reader in readers().items():
        desk = QueueReader(reader=reader, directory=directory, now=NOW)
        mine = {queue.name for queue in queues.queues_of(desk)}
        for name, wanted in WANTED.items():
            if wanted.queue and wanted.queue not in mine:
                continue

            async def read(
                desk: QueueReader = desk, wanted: Wanted = wanted, after: Cursor | None = None
            ) -> queues.QueuePage:
                async with transaction(runtime.database) as session:
                    return await queues.page(session, desk, wanted, after)

            page = await read()
            await line(name, who, len(page.rows), read)
            if name == "all" and page.following:
                far = partial(read, after=Cursor(NOW - timedelta(days=500), UUID(int=0)))
                await line("all, far down", who, queues.PAGE, far)

        async def counted(desk: QueueReader = desk) -> dict[str, int]:
            async with transaction(runtime.database) as session:
                return await queues.counts(session, desk)

        await line("counts of every queue", who, len(mine) - 1, counted)
    await pages(runtime)
    if explain:
        await explained(runtime)


STAFF = {
    # who signs in: their role and unit, as the readers above
    "supervisor (all)": ("supervisor", None),
    "head (20 units)": ("head", unit(1)),
    "officer (small unit)": ("officer", unit(UNITS)),
}


async def pages(runtime: Runtime) -> None:
    """Measure whole pages over HTTP: session, queue, counts, filters, template."""
    async with transaction(runtime.database) as session:
        number = await session.scalar(
            select(Ticket.ticket_number).where(Ticket.unit_id == unit(UNITS)).limit(1)
        )
    async with serve(runtime) as served:
        for who, (role, unit_id) in STAFF.items():
            person = await hire(runtime, f"bench-{uuid4().hex[:8]}", role, unit_id=unit_id)
            async with served.signed_in(person) as browser:
                for name in ("overdue", "soon", "all"):
                    path = f"/console/inbox?queue={name}"
                    await line(f"page: {name}", who, queues.PAGE, partial(browser.get, path))
                if role != "head":
                    path = f"/console/tickets/{number}?queue=overdue"
                    await line("page: a ticket beside its list", who, 1, partial(browser.get, path))


async def line(name: str, who: str, rows: int, work: Callable[[], Awaitable[object]]) -> None:
    """Measure one thing and print it."""
    fastest, median = await timed(work)
    print(f"| {name} | {who} | {rows} | {fastest:.1f} | {median:.1f} |", flush=True)


async def explained(runtime: Runtime) -> None:
    """Print what PostgreSQL does for each queue of the supervisor and the small unit."""
    directory = await runtime.directory.get()
    connection = await asyncpg.connect(plain_url(str(runtime.settings.database_url)))
    for who in ("supervisor (all)", "officer (small unit)"):
        desk = QueueReader(reader=readers()[who], directory=directory, now=NOW)
        mine = {queue.name for queue in queues.queues_of(desk)}
        for name in mine & set(queues.QUEUES):
            heard: list[tuple[str, tuple[object, ...]]] = []
            engine = runtime.database.engine.sync_engine

            def hear(_c: object, _u: object, statement: str, given: object, *_: object) -> None:
                heard.append((statement, tuple(given)))  # type: ignore[arg-type]  # noqa: B023 - used within the turn

            event.listen(engine, "before_cursor_execute", hear)
            async with transaction(runtime.database) as session:
                await queues.page(session, desk, Wanted(queue=name))
            event.remove(engine, "before_cursor_execute", hear)
            statement, given = heard[-1]
            print(f"\n-- {name}, {who}")
            for row in await connection.fetch(
                f"EXPLAIN (ANALYZE, COSTS OFF, SUMMARY OFF) {statement}", *given
            ):
                print(row[0])
    await connection.close()


async def main(url: str, folder: Path, tickets: int, *, explain: bool) -> None:
    """Prepare a database, fill it unless it was filled before, and print the table."""
    engine = create_async_engine(alchemy_url(url))
    await upgrade(engine)
    await engine.dispose()
    if tickets:
        begun = time.perf_counter()
        await fill(plain_url(url), tickets)
        print(f"{tickets:,} tickets stored in {time.perf_counter() - begun:.0f} s\n", flush=True)
    settings = Settings(
        data=folder,
        secret_key="a secret to measure, and long enough",
        DATABASE_URL=url,
        database_timeout=60,
    )
    async with open_runtime(settings, url, clock=lambda: NOW) as runtime:
        await measure(runtime, explain=explain)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("tickets", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--explain", action="store_true")
    parser.add_argument("--url", help="a database that an earlier run filled and left")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        if asked.url:
            asyncio.run(main(asked.url, folder, 0, explain=asked.explain))
            sys.exit()
        with embedded.running(folder / "data") as server:
            server.create_database("bench")
            asyncio.run(
                main(server.owner_dsn("bench"), folder, asked.tickets, explain=asked.explain)
            )
