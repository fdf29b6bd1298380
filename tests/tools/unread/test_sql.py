import pytest

from tools.unread.sql import Asked, asked, is_sql

TABLES = {
    "units": frozenset({"id", "name", "code", "parent_id"}),
    "tickets": frozenset({"id", "title", "unit_id", "status", "seen"}),
    "auth.links": frozenset({"id", "token"}),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT title FROM tickets", "tickets.title"),
        ("SELECT count(*) FROM tickets WHERE status = 'open' ORDER BY seen", "tickets.seen status"),
        ("SELECT t.title FROM tickets t JOIN units u ON u.id = t.unit_id", "tickets.title unit_id"),
        ("SELECT token FROM auth.links", "auth.links.token"),
        ("SELECT 1 FROM tickets t, units u WHERE t.unit_id = u.id", "tickets.unit_id"),
        ("DELETE FROM tickets WHERE seen < $1 RETURNING title", "tickets.seen title"),
        ("SELECT coalesce(title, '') AS status FROM tickets", "tickets.title"),
        ("INSERT INTO tickets (title, status) VALUES ($1, 'open') RETURNING seen", "tickets.seen"),
        ("UPDATE tickets SET status = 'done', title = lower($2) WHERE seen", "tickets.seen"),
        ("UPDATE tickets SET title = status", "tickets.status"),
        ("UPDATE tickets SET seen = seen + 1, title = title || 'x'", ""),
        ("INSERT INTO tickets AS t (title) VALUES ($1) ON CONFLICT (unit_id)"
         " DO UPDATE SET title = excluded.title", "tickets.unit_id"),
        ("SELECT 'title' -- status\n FROM tickets", ""),
        ("SELECT 1 FROM tickets WHERE title = :status AND seen = $1::status", "tickets.title seen"),
    ],
)  # fmt: skip
def test_what_is_asked_for_and_what_is_only_written(text: str, expected: str) -> None:
    table, _, names = expected.rpartition(".")

    found = {f"{each.table}.{each.column}" for each in asked(text, TABLES)}

    tickets_and_links = {name for name in found if not name.startswith("units.")}
    assert tickets_and_links == {f"{table}.{name}" for name in names.split()}


def test_a_name_belongs_to_the_nearest_query_that_knows_it() -> None:
    text = "SELECT name FROM units WHERE EXISTS (SELECT 1 FROM tickets WHERE id = $1 AND code = $2)"

    found = asked(text, TABLES)

    assert {(each.table, each.column) for each in found} == {
        ("units", "name"), ("tickets", "id"), ("units", "code"),
    }  # fmt: skip


def test_one_of_several_results_bears_its_name_and_a_single_one_none() -> None:
    assert asked("SELECT title, seen AS looked FROM tickets", TABLES) == {
        Asked("tickets", "title", "title"),
        Asked("tickets", "seen", "looked"),
    }
    assert asked("SELECT title FROM tickets", TABLES) == {Asked("tickets", "title")}
    assert asked("UPDATE tickets SET seen = 1 RETURNING title, status", TABLES) == {
        Asked("tickets", "title", "title"),
        Asked("tickets", "status", "status"),
    }


@pytest.mark.parametrize("text", ["Select a unit.", "update", "With it", "a SELECT", ""])
def test_words_are_no_sql(text: str) -> None:
    assert not is_sql(text)
