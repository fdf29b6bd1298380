"""Settings, topics, templates, messages, states, fields and names, in small invented houses."""

import pytest

from tools.unread import fields, messages, names, pages, settings, statuses, topics

SETTINGS = "class Settings(BaseSettings):\n    port: int\n    host: str\n"


@pytest.mark.parametrize(
    ("code", "unread"),
    [
        ("def f(runtime): runtime.settings.port", {"Settings.host"}),
        ("def f(given: Settings): given.port", {"Settings.host"}),
        ("class A:\n _settings: Settings\n def f(self): self._settings.port", {"Settings.host"}),
        ("def f(url): url.port; settings.port = 1; Settings(host='')",
         {"Settings.host", "Settings.port"}),
    ],
)  # fmt: skip
def test_a_setting_is_read_behind_what_settings_are_called(code: str, unread: set[str]) -> None:
    assert settings.unread({"core/settings.py": SETTINGS, "core/a.py": code}, "channels") == unread


def test_a_channels_setting_is_read_in_its_own_folder() -> None:
    code = {"channels/fax/settings.py": SETTINGS, "channels/mail/a.py": "settings.port"}
    own = {"channels/fax/settings.py": SETTINGS + "    def f(self): return self.host\n"}

    assert settings.unread(code, "channels") == {"Settings.host", "Settings.port"}
    assert settings.unread(own, "channels") == {"Settings.port"}


@pytest.mark.parametrize(
    ("rung", "heard", "unheard", "unrung"),
    [
        ("'mail'", "'mail'", set(), set()),
        ("'mail'", "'male'", {"mail"}, {"male"}),
        ("f'chat-{id}'", "f'chat-{other}'", set(), set()),
        ("f'chat-{id}'", "'chat-1'", set(), set()),
        ("f'chat-{id}'", "f'{channel}-files'", {"chat-*"}, {"*-files"}),
        ("str(id)", "str(ticket.id)", set(), set()),
        ("str(id)", "'mail'", {"*"}, {"mail"}),
        ("TOPIC", "'calls'", set(), set()),
        ("*sorted(found)", "'first'", {"second"}, set()),
    ],
)
def test_topics_meet(rung: str, heard: str, unheard: set[str], unrung: set[str]) -> None:
    code = f"""
TOPIC = "calls"
found = {{"first"}}
found.add("second")
one, other = "no topic", "of anybody"
bell.ring({rung})
def keep(self, request, topic):
    with bell.waiting(topic): ...
keep(request, {heard})
"""

    told = topics.topics({"a.py": code})

    assert (set(told.unheard), set(told.unrung)) == (unheard, unrung)


def test_a_template_is_rendered_by_name_by_folder_or_by_another() -> None:
    templates = {
        "a.html": "{% extends 'base.html' %}{% include 'gone.html' %}",
        "base.html": "{% from 'parts.html' import x %}{{ asset('a.css') }}{{ asset('b.css') }}",
        "parts.html": "",
        "desk/b.html": "",
        "old.html": "{% include 'older.html' %}",
        "older.html": "",
        "notices/moved.txt": "",
    }
    python = {
        "a.py": """
def desk_page(request, template): return page(request, f"desk/{template}")
page(request, "a.html")
desk_page(request, "b.html")
desk_page(request, "c.html")
NAME = "old.html"
"""
    }
    roots = {"notices/moved.txt", "notices/lost.txt"}

    assert pages.unrendered(templates, python, roots) == {"old.html", "older.html"}
    assert pages.missing(templates, python, roots) == {
        "gone.html", "desk/c.html", "notices/lost.txt",
    }  # fmt: skip
    assert pages.unserved({"a.css", "c.css"}, templates) == {"c.css"}
    assert pages.missing_assets({"a.css", "c.css"}, templates) == {"b.css"}


def test_a_message_is_said_written_out_or_put_together() -> None:
    python = {"a.py": "_('Saved')\nsay(f'label.{each}')\nNAMES = ('send', f'star-{n}')"}
    templates = {"a.html": "{{ _('Send') }}{% trans %}Given{% endtrans %}"}
    said = {"Saved", "Send", "Given", "label.send", "label.star-3"}

    told = messages.unsaid(
        said | {"Save", "label.keep", "Saved it", "alias.send"}, python, templates
    )

    assert told == {"Save", "label.keep", "Saved it", "alias.send"}


@pytest.mark.parametrize(
    ("code", "asked", "written"),
    [
        ("if row.status == 'lost': ...", True, False),
        ("query.where(Row.status.in_(('lost',)))", True, False),
        ("WORDS = {'lost': _('Lost')}", True, False),
        ("ENDED = ('lost',)", True, False),
        ("row.status = 'lost'", False, True),
        ("Row(status='lost')", False, True),
        ("STATUSES = ('new', 'lost')", False, False),
        ("'SELECT 1 FROM rows WHERE status <> \\'lost\\''", True, False),
        ("'UPDATE rows SET status = \\'lost\\' WHERE status = \\'new\\''", False, True),
        ("'UPDATE other SET status = \\'lost\\' WHERE status = \\'lost\\''", False, False),
        ("Status.LOST == now", True, False),
        ("row.go(LOST)", False, True),
    ],
)
def test_a_state_is_asked_for_or_written(code: str, asked: bool, written: bool) -> None:
    rows = statuses.Vocabulary("rows", frozenset({"new", "lost"}), frozenset({"Row"}))

    told = statuses.states({"a.py": f"from rows import Row\n{code}"}, (), (rows,))

    assert ("rows.lost" not in told.unasked, "rows.lost" not in told.unwritten) == (asked, written)


def test_a_state_is_asked_for_by_those_who_have_to_do_with_the_rows() -> None:
    rows = statuses.Vocabulary("rows", frozenset({"lost"}), frozenset({"Row"}))

    told = statuses.states({"a.py": "if parcel.status == 'lost': ..."}, (), (rows,))

    assert told.unasked == {"rows.lost"}


@pytest.mark.parametrize(
    "code",
    ["v.words", "v['words']", "getattr(v, 'words')", "match v:\n case Value(words=w): ...",
     "NAMES = ('words',)"],
)  # fmt: skip
def test_a_field_is_looked_at(code: str) -> None:
    value = "@dataclass(frozen=True)\nclass Value:\n    words: str\n"

    assert fields.unread({"a.py": value + code}, {}) == set()
    assert fields.unread({"a.py": value}, {"a.html": "{{ v.words }}"}) == set()
    assert fields.unread({"a.py": value + "v.words = Value(words='')\n{'words': 1}"}, {}) == {
        "Value.words"
    }


@pytest.mark.parametrize(
    ("other", "unused"),
    [
        ("from pack.a import f", {"pack.a.A.m"}),
        ("from pack import a\na.f()\nx.m()", set()),
        ("from pack import a\nfor each in (a,): each.f()", {"pack.a.A.m"}),
        ("load({'f': 'pack.a:f'})", {"pack.a.A.m"}),
        ("from pack import b\nb.f()\nx.f()", {"pack.a.f", "pack.a.g", "pack.a.A", "pack.a.A.m"}),
    ],
)
def test_what_is_defined_is_used_from_elsewhere(other: str, unused: set[str]) -> None:
    code = """
def f(): g(); A()
def g(): g()
class A:
    def m(self): ...
"""

    assert names.unused({"pack.a": code, "other": other}, {}) == unused


def test_what_a_library_calls_is_used() -> None:
    code = """
@command
def f(): ...
class Group(click.Group):
    def list_commands(self): ...
class Own:
    @property
    def shown(self): ...
__all__ = ["Own", "Group"]
"""

    assert names.unused({"a": code}, {}) == {"a.Own.shown"}
    assert names.unused({"a": code}, {"a.html": "{{ own.shown }}"}) == set()
