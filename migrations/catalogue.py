"""What a database of this release is made of, line by line, as PostgreSQL itself describes it.

`catalogue.txt` holds the lines of a freshly migrated one; `python -m tools.catalogue` writes it.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ground.database import Database, passing_faults
from core.schema import SCHEMAS

FILE = Path(__file__).with_name("catalogue.txt")

_LINES = r"""
WITH ours AS (
    SELECT c.oid, c.relkind, n.nspname,
           CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ANY(:schemas) AND c.relname NOT LIKE 'alembic%'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
)
SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname = ANY(:schemas)
UNION ALL
SELECT format('column %s.%s %s%s%s%s', ours.name, a.attname, format_type(a.atttypid, a.atttypmod),
              CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
              CASE a.attidentity WHEN 'a' THEN ' identity always'
                                 WHEN 'd' THEN ' identity by default' ELSE '' END,
              CASE WHEN a.attgenerated <> '' THEN ' generated ' WHEN d.oid IS NOT NULL
                   THEN ' default ' ELSE '' END || coalesce(pg_get_expr(d.adbin, d.adrelid), ''))
  FROM ours JOIN pg_attribute a ON a.attrelid = ours.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = ours.oid AND d.adnum = a.attnum
 WHERE ours.relkind IN ('r', 'p', 'v', 'm')
UNION ALL
SELECT format('constraint %s.%s %s', ours.name, k.conname, pg_get_constraintdef(k.oid))
  FROM ours JOIN pg_constraint k ON k.conrelid = ours.oid
 WHERE k.contype IN ('p', 'u', 'f', 'c', 'x')
UNION ALL
SELECT format('index %s', replace(pg_get_indexdef(i.indexrelid), ' public.', ' '))
  FROM ours JOIN pg_index i ON i.indrelid = ours.oid
 WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid
                                                 AND k.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT format('trigger %s %s', ours.name, replace(pg_get_triggerdef(t.oid), ' public.', ' '))
       || CASE t.tgenabled WHEN 'D' THEN ' disabled' ELSE '' END
  FROM ours JOIN pg_trigger t ON t.tgrelid = ours.oid AND NOT t.tgisinternal
UNION ALL
SELECT format('function %s.%s(%s) %s %s', n.nspname, p.proname,
              pg_get_function_identity_arguments(p.oid), p.provolatile,
              left(encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex'), 16))
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname = ANY(:schemas)
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT 'sequence ' || ours.name FROM ours WHERE ours.relkind = 'S'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How a database differs from a catalogue. What was changed is missing and extra."""

    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.extra)


async def catalogue(connection: AsyncConnection) -> tuple[str, ...]:
    """Describe a database's tables, rules, indexes, triggers and functions, a line each."""
    lines = await connection.scalars(text(_LINES), {"schemas": list(SCHEMAS)})
    return tuple(sorted(" ".join(str(line).split()) for line in lines))


def expected() -> tuple[str, ...]:
    """Return the lines of a freshly migrated database of this release."""
    return tuple(FILE.read_text(encoding="utf-8").splitlines())


async def drift_of(database: Database) -> Drift:
    """Compare an open database with this release's catalogue. Raises DatabaseAwayError."""
    with passing_faults():
        async with database.engine.connect() as connection:
            return await drift(connection)


async def drift(connection: AsyncConnection) -> Drift:
    """Compare a database with this release's catalogue."""
    here, wanted = await catalogue(connection), expected()
    return Drift(
        missing=tuple(line for line in wanted if line not in set(here)),
        extra=tuple(line for line in here if line not in set(wanted)),
    )
