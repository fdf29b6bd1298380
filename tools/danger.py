"""How much danger the screen finds in invented messages: `python -m tools.danger`.

Beside every kind stand the dangers found and the near-misses that alarmed, by language; the last
row of a language is what people write on any other day. With `missed` it prints the texts that went
wrong, too.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.triage.emergency import screen

MESSAGES: Final = Path(__file__).parent.parent / "tests/core/triage/messages"
LANGUAGES: Final = ("id", "en", "jv", "su", "mix")
ORDINARY: Final = "ordinary"


@dataclass(frozen=True, slots=True)
class Message:
    """An invented message: whether somebody is in danger now, and of which kind its words are."""

    id: str
    kind: str
    danger: bool
    text: str


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    some: int
    all: int

    @classmethod
    def alarms(cls, messages: list[Message]) -> "Share":
        """Count the messages that alarm."""
        return cls(sum(screen(one.text).alarm for one in messages), len(messages))

    def __str__(self) -> str:
        return f"{self.some}/{self.all}" if self.all else "–"

    @property
    def part(self) -> float:
        """Return the share, 0 to 1; of nothing, 0."""
        return self.some / self.all if self.all else 0.0


def messages(language: str) -> list[Message]:
    """Read the invented messages of one language."""
    with (MESSAGES / f"{language}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Message(row["id"], row["kind"], row["danger"] == "yes", row["text"])
            for row in csv.DictReader(file)
        ]


def table(language: str) -> Iterator[str]:
    """Yield the rows of one language."""
    said = messages(language)
    for kind in sorted({one.kind for one in said} - {ORDINARY}):
        of_kind = [one for one in said if one.kind == kind]
        found = Share.alarms([one for one in of_kind if one.danger])
        false = Share.alarms([one for one in of_kind if not one.danger])
        yield f"| {language} | {kind} | {found} | {false} |"
    found = Share.alarms([one for one in said if one.danger])
    near = Share.alarms([one for one in said if not one.danger and one.kind != ORDINARY])
    ordinary = Share.alarms([one for one in said if one.kind == ORDINARY])
    yield f"| **{language}** | **all** ({found.part:.0%}) | {found} | {near} ({near.part:.0%}) |"
    yield f"| **{language}** | any other day | – | {ordinary} ({ordinary.part:.0%}) |"


def main(*asked: str) -> None:
    """Print the table, and what went wrong if asked."""
    print("| language | kind | dangers found | near-misses that alarmed |\n|---|---|---|---|")
    for language in LANGUAGES:
        print("\n".join(table(language)))
    if "missed" in asked:
        for language in LANGUAGES:
            for one in messages(language):
                if screen(one.text).alarm != one.danger:
                    print(f"{one.id} {one.kind} {'missed' if one.danger else 'false'}: {one.text}")


if __name__ == "__main__":
    main(*sys.argv[1:])
