from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from core.ground.database import alchemy_url
from core.runtime import Runtime
from core.schema import SCHEMAS, metadata
from core.tickets.ticket import Ticket
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


async def test_no_default_function_trigger_check_or_view_asks_for_a_time(owner_url: str) -> None:
    engine = create_async_engine(alchemy_url(owner_url))
    async with engine.connect() as connection:
        ours = list(await connection.scalars(ASKING, {"schemas": list(SCHEMAS)}))
        for statement in (
            "CREATE TABLE made (at timestamptz DEFAULT now(), on_day date DEFAULT CURRENT_DATE,"
            " soon timestamptz DEFAULT clock_timestamp() + interval '1 day')",
            "CREATE FUNCTION stamped() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.at = now(); RETURN NEW; END $$",
            "CREATE VIEW late AS SELECT * FROM made WHERE at < LOCALTIMESTAMP",
        ):
            await connection.execute(text(statement))
        found = list(await connection.scalars(ASKING, {"schemas": list(SCHEMAS)}))
        await connection.rollback()
    await engine.dispose()

    assert ours == []
    assert sorted(found) == ["late", "made.at", "made.on_day", "made.soon", "stamped()"]


def test_every_table_and_every_column_says_what_it_holds() -> None:
    silent = [
        f"{table.fullname}.{column.name}" if column is not None else table.fullname
        for table in metadata().tables.values()
        for column in (None, *table.columns)
        if not (table if column is None else column).comment
    ]

    assert silent == []


def test_a_key_is_named_by_the_table_it_refers_to_a_second_one_by_its_column_too() -> None:
    names = {str(key.name) for key in metadata().tables["tickets"].foreign_key_constraints}

    assert {"fk_tickets_units", "fk_tickets_users", "fk_tickets_users_created_by"} <= names
    assert max(len(str(name)) for name in names) <= 63


async def test_scores_have_two_places_and_a_kind_of_unit_in_use_stays(runtime: Runtime) -> None:
    columns = Ticket.__table__.columns
    scores = {str(columns[name].type) for name in ("sentiment_score", "confidence_score")}
    async with runtime.database.engine.connect() as connection:
        rule = await connection.scalar(
            text("SELECT confdeltype FROM pg_constraint WHERE conname = 'fk_units_unit_types'")
        )

    assert (scores, rule) == ({"NUMERIC(3, 2)"}, b"r")


async def test_the_seven_categories_say_what_they_cover(runtime: Runtime) -> None:
    async with runtime.database.engine.connect() as connection:
        found = await connection.execute(
            text("SELECT code, name, description FROM service_categories")
        )
        categories = {code: (name, description) for code, name, description in found}

    assert set(categories) >= {"MED", "ADM", "FAC", "HRM", "FIN", "PHR", "LAB"}
    assert all(name and description.endswith(".") for name, description in categories.values())
