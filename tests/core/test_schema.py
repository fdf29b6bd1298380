from sqlalchemy import text

from core.ground.database import transaction
from core.runtime import Runtime
from core.schema import SCHEMAS
from migrations.upgrade import check

ASKING = text(r"""
SELECT what FROM (
    SELECT d.adrelid::regclass || '.' || a.attname AS what, pg_get_expr(d.adbin, d.adrelid) AS body,
           c.relnamespace AS schema
      FROM pg_attrdef d
      JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      JOIN pg_class c ON c.oid = d.adrelid
    UNION ALL
    SELECT p.oid::regprocedure::text, coalesce(p.prosrc, '') || ' ' ||
           coalesce(pg_get_function_sqlbody(p.oid), ''), p.pronamespace FROM pg_proc p
    UNION ALL
    SELECT t.tgrelid::regclass || ' ' || t.tgname, pg_get_triggerdef(t.oid), c.relnamespace
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    UNION ALL
    SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid), connamespace
      FROM pg_constraint
    UNION ALL
    SELECT oid::regclass::text, pg_get_viewdef(oid), relnamespace
      FROM pg_class WHERE relkind IN ('v', 'm')
) AS everything
 WHERE schema IN (SELECT oid FROM pg_namespace WHERE nspname = ANY(:schemas))
   AND body ~* ('\m(now\(|(clock|statement|transaction)_timestamp|timeofday|current_(date|time)'
                '|localtime|''(now|today)'')')
""")
"""What of the database knows a time of its own."""


async def test_the_migrated_database_is_what_the_classes_say(runtime: Runtime) -> None:
    await check(runtime.database.engine)


async def test_no_default_function_trigger_check_or_view_asks_for_a_time(runtime: Runtime) -> None:
    async with transaction(runtime.database) as session:
        ours = list(await session.scalars(ASKING, {"schemas": list(SCHEMAS)}))
        for statement in (
            "CREATE TABLE made (at timestamptz DEFAULT now(), on_day date DEFAULT CURRENT_DATE,"
            " soon timestamptz DEFAULT clock_timestamp() + interval '1 day')",
            "CREATE FUNCTION stamped() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.at = now(); RETURN NEW; END $$",
            "CREATE VIEW late AS SELECT * FROM made WHERE at < LOCALTIMESTAMP",
        ):
            await session.execute(text(statement))
        found = list(await session.scalars(ASKING, {"schemas": list(SCHEMAS)}))
        await session.rollback()

    assert ours == []
    assert sorted(found) == ["late", "made.at", "made.on_day", "made.soon", "stamped()"]
