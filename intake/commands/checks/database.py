"""The database: does it answer, does it keep what it promised, is it of our shape."""

from collections.abc import Iterator
from datetime import timedelta

from core.ground.clock import system_clock
from core.ground.database import Database
from core.ground.server_facts import (
    NoServerError,
    ServerFacts,
    server_facts,
    tables_open,
    tables_owned,
)
from core.ground.settings import Settings
from core.runtime import Runtime
from core.schema import SCHEMAS
from intake import embedded
from intake.finding import Finding, down, fail, ok, warn
from migrations.catalogue import drift_of
from migrations.roles import ADDED_TO
from migrations.upgrade import OF_A_FORMER_BUILD, SchemaState, state_of

OLDEST = 14
"""The first major version whose features we use; the tests run on the bundled one."""
SKEW = timedelta(seconds=5)
FEW, SHOWN = 3, 100
"""How many differences are named, and how many characters of each."""

_SCHEMA = {
    SchemaState.CURRENT: ok("tables", "They are those of this release."),
    SchemaState.EMPTY: fail("tables", "There are none: `kiss migrate` makes them."),
    SchemaState.OLDER: fail("tables", "They are older than this release: run `kiss migrate`."),
    SchemaState.NEWER: fail("tables", "A newer release made them: start that one."),
    SchemaState.FORMER: fail("tables", OF_A_FORMER_BUILD),
    SchemaState.CLOSED: fail(
        "tables", "DATABASE_URL's role may not read them: `kiss migrate` with DATABASE_OWNER_URL."
    ),
}


def bundled(settings: Settings) -> tuple[Finding, bool]:
    """Look at the bundled server without starting it; also tell whether it runs."""
    report = embedded.describe(settings.data)
    if report.problem is not None:
        return fail("bundled PostgreSQL", report.problem), report.running
    programs = report.binaries
    named = f"PostgreSQL {programs.version} from {programs.source}" if programs else "none"
    if report.pgdata is None:
        return down("bundled PostgreSQL", f"{named}; no database yet, `kiss run` makes it."), False
    if not report.running:
        said = f"{named}; {report.pgdata} is not running: `kiss run` starts it."
        return down("bundled PostgreSQL", said), False
    return ok("bundled PostgreSQL", f"{named}; {report.pgdata}, as {report.account}."), True


async def server(url: str, timeout_seconds: float) -> list[Finding]:
    """Ask the server how it keeps what it promises."""
    try:
        return list(_judge(await server_facts(url, timeout_seconds)))
    except NoServerError as error:
        return [fail("database", f"It cannot be reached ({error}).")]


def _judge(facts: ServerFacts) -> Iterator[Finding]:
    if facts.major < OLDEST:
        yield fail("database", f"PostgreSQL {facts.version} is too old: {OLDEST} at least.")
        return
    yield ok("database", f"PostgreSQL {facts.version} answers.")
    kept = {"fsync": facts.fsync, "full_page_writes": facts.full_page_writes}
    unsafe = [name for name, value in kept.items() if value != "on"]
    if facts.synchronous_commit == "off":
        unsafe.append("synchronous_commit")
    if unsafe:
        yield fail("durability", f"{', '.join(unsafe)} off: a crash would lose answered reports.")
    else:
        yield ok("durability", "What is answered is on the disk.")


async def roles(database: Database) -> Finding:
    """See whether the application's role could do more than it has to."""
    owned = await tables_owned(database, SCHEMAS)
    if owned:
        return warn(
            "roles",
            f"DATABASE_URL's role owns {owned} of our tables or may do everything, so that it "
            "could empty them and change history: name their owner in DATABASE_OWNER_URL.",
        )
    if open_ones := await tables_open(database, ADDED_TO):
        return warn(
            "roles",
            f"DATABASE_URL's role may change rows in {open_ones} tables that are only added to: "
            "`kiss migrate` with DATABASE_OWNER_URL takes that back.",
        )
    return ok("roles", "The application owns no table, and only adds to history and audit.")


async def shape(database: Database) -> Finding:
    """Compare what the tables are made of with what this release made."""
    found = await drift_of(database)
    if found.missing:
        return fail("shape", f"This release has, and the database has not: {_few(found.missing)}.")
    if found.extra:
        return warn("shape", f"The database has, and no release made: {_few(found.extra)}.")
    return ok("shape", "Tables, rules, indexes and triggers are as this release made them.")


def _few(lines: tuple[str, ...]) -> str:
    shown = "; ".join(line if len(line) <= SHOWN else f"{line[:SHOWN]} …" for line in lines[:FEW])
    return shown if len(lines) <= FEW else f"{shown}; and {len(lines) - FEW} more"


async def tables(runtime: Runtime) -> list[Finding]:
    """Look at the tables, and whether this machine's own clock agrees with the database's."""
    found = [_SCHEMA[await state_of(runtime.database)]]
    skew = abs(system_clock() - runtime.clock())
    if skew > SKEW and not runtime.settings.test:
        found.append(
            warn(
                "clock",
                f"This machine's clock is {skew.total_seconds():.0f} s away from the database's, "
                "which counts; this one stands in logs, and certificates go by it.",
            )
        )
    return found
