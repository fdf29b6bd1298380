from sqlalchemy import text

from core.runtime import Runtime
from core.schema import metadata
from core.tickets.ticket import Ticket
from migrations.upgrade import check


async def test_the_migrated_database_is_what_the_classes_say(runtime: Runtime) -> None:
    await check(runtime.database.engine)


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
