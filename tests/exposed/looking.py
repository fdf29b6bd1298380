"""Looks wherever somebody could: rows, files, pages by role, commands. Yields place and content."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Mapping
from typing import Final

import aiohttp
from sqlalchemy import text

from core.ground.database import transaction
from core.runtime import Runtime
from core.schema import metadata
from intake.console.access import ACCESS, Door, Row
from tests.exposed.house import WholeHouse
from tests.intake.commands.conftest import Kiss
from tests.intake.console.staff import Person as Staff
from tests.intake.uploads.cleaning.canaries import everything_in
from tests.intake.uploads.cleaning.working import in_storage

Seen = AsyncIterator[tuple[str, bytes | str]]
LIVE: Final = "/events"
"""How the path of a live line ends: it is read for a moment."""
_MOMENT: Final = 0.3
_IDS: Final = {
    # the beginning of a path → what fills its placeholders
    "/console/tickets/{number}/mail/{message}": (
        "SELECT t.ticket_number AS number, m.id AS message FROM messages m"
        " JOIN tickets t ON t.id = m.ticket_id WHERE m.remarks ? 'mail' OR m.html IS NOT NULL"
    ),
    "/console/tickets/{number}": "SELECT ticket_number AS number FROM tickets",
    "/console/files/{id}": "SELECT id FROM ticket_attachments",
    "/console/review/{id}": "SELECT id FROM inbound",
    "/console/callbacks/{id}": "SELECT id FROM callbacks",
    "/console/admin/people/{id}": "SELECT id FROM users",
    "/console/admin/units/{code}": "SELECT code FROM units",
    "/console/admin/categories/{code}": "SELECT code FROM service_categories LIMIT 2",
    "/console/admin/codes/{code}": "SELECT code FROM qr_codes",
    "/console/admin/notices/{template}": "SELECT DISTINCT template FROM deliveries"
    " WHERE template <> 'chat'",
    "/console/link/{token}": "SELECT 'none' AS token",
}


async def rows(runtime: Runtime) -> Seen:
    """Yield every column of every row: `table.column`, and what stands there."""
    async with transaction(runtime.database) as session:
        for table in metadata().sorted_tables:
            found = await session.execute(text(f"SELECT * FROM {table.fullname}"))
            for row in found.mappings():
                for name, value in row.items():
                    content = value if isinstance(value, bytes) else str(value)
                    yield f"{table.name}.{name}", content


async def files(runtime: Runtime) -> Seen:
    """Yield every file under the data folder, its own name too."""
    for path, content in in_storage(runtime).items():
        yield "file", path
        with contextlib.suppress(Exception):  # what cannot be unpacked is looked at as it lies
            yield "file", everything_in(content)
        yield "file", content


async def pages(house: WholeHouse, person: Staff, role: str, *, only: str = "/console") -> Seen:
    """Yield what every route of the console answers to somebody, headers and all."""
    async with house.served.signed_in(person) as browser:
        for row in ACCESS:
            closed = role not in row.roles or row.door is Door.HALF
            if row.method != "GET" or closed or not row.path.startswith(only):
                continue
            found = await _filled(house.runtime, row)
            for path in found[:1] if row.path.endswith(LIVE) else found:
                answer = await _asked(browser.session, path)
                yield f"{role} GET {row.path}", answer
        for path in ("/console/none", "/livez", "/readyz", "/metrics", "/none"):
            yield f"{role} GET {path}", await _asked(browser.session, path)


async def _asked(session: aiohttp.ClientSession, path: str) -> bytes:
    parts: list[bytes] = []
    async with session.get(path) as answer:
        parts.append(str(dict(answer.headers)).encode())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_MOMENT if path.endswith(LIVE) else 10):
                async for part in answer.content.iter_any():
                    parts.append(part)  # noqa: PERF401 - what came before the time was up
    assert answer.status < 500, path
    whole = b"\n".join(parts)
    if b"%PDF" in whole or b"PK" in whole:
        with contextlib.suppress(Exception):
            whole += everything_in(b"".join(parts[1:]))
    return whole


async def _filled(runtime: Runtime, row: Row) -> list[str]:
    """Return the addresses of a route, one for each thing that there is."""
    if "{" not in row.path:
        return [row.path]
    query = next(query for start, query in _IDS.items() if row.path.startswith(start))
    async with transaction(runtime.database) as session:
        found = (await session.execute(text(query))).mappings().all()
    return [_named(row.path, dict(one)) for one in found]


def _named(path: str, values: Mapping[str, object]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), path)


async def commands(house: WholeHouse, kiss: Kiss) -> Seen:
    """Yield what every command says that lists or shows something."""
    numbers = [str(n) for (n,) in await house.chats.rows("SELECT ticket_number FROM tickets")]
    came = [str(i) for (i,) in await house.chats.rows("SELECT id FROM inbound")]
    asked = [
        ("tickets",),
        ("tickets", "--json"),
        ("deliveries", "list"),
        *(("deliveries", "list", "--status", one) for one in ("sent", "failed", "cancelled")),
        ("deliveries", "list", "--json"),
        ("inbound", "list"),
        *(("inbound", "list", "--status", one) for one in ("done", "quarantined", "dropped")),
        ("inbound", "list", "--json"),
        ("inbound", "trusted"),
        ("limits", "--refused"),
        ("doctor",),
        ("doctor", "--json"),
        ("user", "list"),
        ("qr", "list"),
        ("secret", "show"),
        *(("case", number, "show") for number in numbers),
        *(("tickets", number) for number in numbers),
        *(("inbound", "show", one) for one in came),
        *(("inbound", "show", one, "--raw") for one in came),
    ]
    for words in asked:
        told = await kiss(*words)
        yield f"kiss {' '.join(words[:2])} {' '.join(words[3:])}", told.out + told.err
