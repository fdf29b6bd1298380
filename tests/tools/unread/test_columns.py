import pytest

from tools.unread.columns import Sources, unread
from tools.unread.rows import Table

TICKET = Table("tickets", "Ticket", frozenset({"id", "title", "seen"}), frozenset({"id"}),
               {"notes": "Note"})  # fmt: skip
NOTE = Table("notes", "Note", frozenset({"id", "title", "words"}), frozenset({"id"}))
MAPPED = """
class Ticket(Base):
    title: Mapped[str] = mapped_column(index=True)
    seen: Mapped[int]
    __table_args__ = (Index("title"), CheckConstraint(Note.words))

class Note(Base):
    title: Mapped[str]
    words: Mapped[str]
"""


def left(code: str, template: str = "", sql: str = "") -> set[str]:
    """Name what is unread when this is all that reads."""
    python = {"rows.py": MAPPED, "code.py": "from rows import Note, Ticket\n" + code}
    return unread(Sources(python, {"a.html": template}, {"a.sql": sql}), (TICKET, NOTE))


ALL = {"tickets.title", "tickets.seen", "notes.title", "notes.words"}


@pytest.mark.parametrize(
    "code",
    [
        "Ticket(title='x', seen=1)",
        "def f(ticket: Ticket): ticket.title = 'x'; ticket.seen = 1",
        "def f(ticket: Ticket): ticket.seen += 1; ticket.title = ticket.title + 'x'",
        "insert(Ticket).values(title='x', seen=1)",
        "update(Ticket).values({Ticket.title: 'x', Ticket.seen: Ticket.seen + 1})",
        "update(Ticket).values(seen=Ticket.seen + 1)",
        "insert(Ticket).on_conflict_do_update(set_={'seen': Ticket.seen + 1})",
        "setattr(ticket, 'title', 'x')",
        "def f(session): return session.scalars(select(Ticket))",
        "select(Ticket).options(load_only(Ticket.title, Ticket.seen))",
        "def f(page: Page): return page.title, page.seen, page.words",
        "'title', 'seen', 'words'",
        "'INSERT INTO tickets (title, seen) VALUES ($1, $2)'",
        "'UPDATE tickets SET title = $1, seen = seen + 1'",
        "'SELECT title, seen FROM tickets'",  # brought out, and nobody takes it
    ],
)
def test_writing_and_loading_are_not_reading(code: str) -> None:
    assert left(code) == ALL


@pytest.mark.parametrize(
    "code",
    [
        "select(Ticket.title)",
        "select(Ticket).where(Ticket.title == 'x')",
        "select(Ticket).filter_by(title='x')",
        "update(Ticket).values(seen=1).returning(Ticket.title)",
        "def f(ticket: Ticket | None): print(ticket.title)",
        "def f(rows: list['Ticket']): print([row.title for row in rows])",
        "async def f(session):\n row = await session.get(Ticket, 1)\n return row.title",
        "def f(session):\n for row in session.scalars(select(Ticket)): print(row.title)",
        "def one() -> Ticket: ...\ndef f():\n row = one()\n return row.title",
        "other = aliased(Ticket)\nselect(other.title)",
        "def f(session):\n other = aliased(Ticket)\n return select(other.title)",
        "class Case:\n ticket: Ticket\n def f(self): return self.ticket.title",
        "class Case:\n row: Ticket\n def f(self): return self.row.title",
        "def f(case): return case.ticket.title",
        "def f(ticket: Ticket): ticket.seen = len(ticket.title)",
        "update(Ticket).values(seen=func.length(Ticket.title))",
        "'SELECT title FROM tickets'",
        "def f(row): return row['title']\n'SELECT id, title FROM tickets'",
    ],
)
def test_asking_for_a_value_is_reading(code: str) -> None:
    assert ALL - left(code) == {"tickets.title"}


def test_a_relation_leads_to_the_rows_of_the_other_table() -> None:
    code = "def f(ticket: Ticket):\n for each in ticket.notes: print(each.title)"

    assert ALL - left(code) == {"notes.title"}


def test_a_mapped_class_reads_its_own_columns_in_its_verbs_only() -> None:
    own = Sources({"rows.py": MAPPED + "    def f(self): return self.words\n"})

    assert unread(own, (TICKET, NOTE)) == ALL - {"notes.words"}


def test_templates_read_what_they_are_given() -> None:
    code = "def f(request, found: list[Ticket]): return page(request, 'a.html', rows=found)"
    loop = "{% for row in rows %}{{ row.title }}{% endfor %}"

    assert ALL - left(code, loop) == {"tickets.title"}
    assert left("", loop) == ALL
    assert ALL - left("", "{{ case.ticket.seen }}{{ note.words }}") == {
        "tickets.seen", "notes.words",
    }  # fmt: skip


def test_sql_in_files_reads() -> None:
    assert ALL - left("", sql="SELECT 1 FROM notes WHERE words = $1") == {"notes.words"}


def test_keys_are_read_by_the_database() -> None:
    assert "tickets.id" not in left("")
