"""Whatever the telephone desk says is written in Indonesian too."""

from pathlib import Path

import pytest

from intake.console import phone
from intake.language import words
from tests.intake.pages.test_words import said_in

MODULES = sorted(Path(phone.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_message_of_the_desk_has_its_indonesian(path: Path) -> None:
    indonesian = words("id")
    known = {*indonesian.messages, *indonesian.plurals}

    assert [message[0] for message in said_in(path) if message[0] not in known] == []


def test_the_desk_says_something() -> None:
    assert sum(len(list(said_in(path))) for path in MODULES) > 50
