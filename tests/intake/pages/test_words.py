"""Whatever a template or a module says to people is written in Indonesian too."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract

from intake.language import LOCALES, words

ROOT = LOCALES.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted(
    (ROOT / "templates").rglob("*.txt")
)
MODULES = sorted((ROOT / "intake").rglob("*.py"))
KEYWORDS = {"_": None, "translate": (2,), "ngettext": (2, 3)}


def said_in(path: Path) -> Iterator[tuple[str, ...]]:
    """List the message ids of a file: one each, or singular and plural."""
    python = path.suffix == ".py"
    method = "python" if python else "jinja2.ext:babel_extract"
    options = {"silent": "false", "trim_blocks": "true"}
    with path.open("rb") as file:
        for _, message, _, _ in extract(
            method,
            file,
            keywords=KEYWORDS if python else {"_": None, "ngettext": (1, 2)},
            options={} if python else options,
        ):
            yield (message,) if isinstance(message, str) else tuple(message)


def test_every_message_has_its_indonesian() -> None:
    indonesian = words("id")
    known = {*indonesian.messages, *indonesian.plurals}

    missing = {
        str(path.relative_to(ROOT)): lacking
        for path in (*TEMPLATES, *MODULES)
        if (lacking := [message[0] for message in said_in(path) if message[0] not in known])
    }

    assert missing == {}


def test_messages_are_marked_by_one_function() -> None:
    """A marker of one's own would still be found by the extraction, and be one more place."""
    importing = re.compile(r"^from intake\.language import .*\bmarked as _$", re.MULTILINE)
    marking = re.compile(r"(?<![\w.])_\(\s*\"")

    unmarked = [
        str(path.relative_to(ROOT))
        for path in (*MODULES, *(ROOT / "notifier").rglob("*.py"), *(ROOT / "core").rglob("*.py"))
        if (marking.search(text := path.read_text("utf-8")) and not importing.search(text))
        or re.search(r"def _\(|^_ = ", text, re.MULTILINE)
    ]

    assert unmarked == []


def test_the_extraction_sees_messages_and_plurals() -> None:
    found = set(said_in(ROOT / "templates" / "pages" / "form.html"))

    assert ("Send",) in found
    assert any(len(message) == 2 for message in found)


def test_a_translation_asks_for_no_name_the_message_does_not_give() -> None:
    messages = words("id").messages

    wrong = {said: told for said, told in messages.items() if not _marks(told) <= _marks(said)}

    assert len(messages) > 1000
    assert wrong == {}


def _marks(text: str) -> set[str]:
    return {part.partition(")s")[0] for part in text.split("%(")[1:]}
