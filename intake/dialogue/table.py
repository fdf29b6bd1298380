"""The state table of `docs/chat.md`, written from the rules and screens themselves."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from intake.dialogue import wording
from intake.dialogue.facts import Facts, Limits, Units
from intake.dialogue.machine import SCREENS
from intake.dialogue.replies import Choice, Say
from intake.dialogue.rules import RULES
from intake.dialogue.screen import Row, Screen
from intake.dialogue.state import State, Survey

BEGIN, END = "<!-- states: written by `kiss chat-states` -->", "<!-- end of states -->"

_BUTTON = re.compile(r"\[([a-z0-9-]+)\]")
_NOBODY = Facts(
    now=datetime(2026, 1, 1, tzinfo=UTC),
    zone="Asia/Jakarta",
    fresh="",
    hospital="",
    bot="",
    units=Units(all=(), busiest=(), desk=""),
)


def markdown() -> str:
    """Write how states end, then the rules and every screen, in the order they are read."""
    ends = ["**How each state ends by itself**", "", *_ends()]
    rules = ["### In every state, tried first", "", *_rows(RULES)]
    screens = [line for screen in SCREENS.values() for line in _screen(screen)]
    return "\n".join([*ends, "", *rules, *screens])


def renewed(page: str) -> str:
    """Return a page with the table between its two marks written anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{markdown()}\n\n{END}{after}"


def _screen(screen: Screen) -> list[str]:
    asked = screen.ask(State(at=screen.name, survey=Survey(survey_id="")), _NOBODY)
    return ["", f"### {screen.name}", "", *(_question(asked) if asked else ()), *_rows(screen.rows)]


def _ends() -> list[str]:
    rows = [
        f"| {each.name} | {each.ends.holds} | {_span(each.ends.after(_NOBODY.limits))} "
        f"| {each.ends.goes} | {_words(each, _NOBODY.limits)} |"
        for each in SCREENS.values()
    ]
    head = "| state | holds | ends after | then | words of one breath |"
    return [head, "|---|---|---|---|---|", *rows]


def _words(screen: Screen, limits: Limits) -> str:
    pause = int(limits.burst_pause.total_seconds())
    return f"answered {pause} seconds after the last" if screen.gathers else "answered one by one"


def _span(span: timedelta) -> str:
    """Write a span in the largest unit that it fills."""
    for name, unit in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        number = int(span.total_seconds() // unit)
        if number:
            return f"{number} {name}{'s' * (number > 1)}"
    return f"{int(span.total_seconds())} seconds"


def _question(say: Say) -> list[str]:
    sentences = (wording.catalogues()[lang][say.key] for lang in ("id", "en"))
    quoted = [f"> {sentence}".replace("\n", "\n> ") for sentence in sentences]
    buttons = " ".join(f"[{_label(choice)}]" for choice in say.choices)
    return ["\n>\n".join(quoted), "", f"Buttons ({say.style}): {buttons}", ""]


def _rows(rows: Iterable[Row]) -> list[str]:
    lines = [f"| {_named(row.when.name)} | {row.does} | {', '.join(row.to)} |" for row in rows]
    return ["| when | does | then |", "|---|---|---|", *lines]


def _named(when: str) -> str:
    """Put labels in place of the ids of buttons."""
    labelled = _BUTTON.sub(lambda found: f"[{_label(Choice(id=found[1]))}]", when)
    return labelled.replace("|", "\\|")


def _label(choice: Choice) -> str:
    """Write a button in both languages; one that is named by its facts keeps its id."""
    texts = [wording.catalogues()[lang].get(choice.label) for lang in ("id", "en")]
    return " · ".join(dict.fromkeys(text for text in texts if text)) or choice.id


@click.command(name="chat-states")
@click.argument("page", required=False, type=click.Path(exists=True, path_type=Path))
def command(page: Path | None) -> None:
    """Print the chat bot's state table, or write it into PAGE between its marks."""
    if page is None:
        click.echo(markdown())
    else:
        page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    command()
