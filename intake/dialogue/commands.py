"""Commands: what slash commands and single words do on any screen."""

from collections.abc import Callable
from dataclasses import dataclass

from intake.dialogue import asides, reports, wording
from intake.dialogue.events import Command
from intake.dialogue.screen import REPORT, When
from intake.dialogue.spelling import plain
from intake.dialogue.states import draft, menu
from intake.dialogue.turn import Move, Turn
from intake.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRow:
    """A command's slash names (Indonesian, English), its words in `alias.<word>`, its deed."""

    slashes: tuple[str, ...]
    word: str
    does: str
    act: Callable[[Turn], Move]
    to: tuple[str, ...] = ("same",)


def help_text(turn: Turn) -> Move:
    """Say what the bot does and where humans are."""
    return reports.way_out(turn.stay().say("HELP"), turn).ask()


def privacy(turn: Turn) -> Move:
    """Show the privacy notice."""
    return turn.stay().say("PRIVACY", hospital=turn.facts.hospital).ask()


def speak(lang: Language) -> Callable[[Turn], Move]:
    """Speak this language from here on."""
    return lambda turn: turn.stay().note(lang=lang).say("LANGUAGE_SET").ask()


COMMANDS = (
    CommandRow(slashes=("lapor", "report", "menu"), word="cmd-report", does="the menu",
               act=menu.begin, to=("MENU", "RESUME", *REPORT)),
    CommandRow(slashes=("status",), word="cmd-status", does="the latest reports",
               act=asides.statuses, to=("same", "STATUS")),
    CommandRow(slashes=("bantuan", "help"), word="cmd-help", does="help, and the present question",
               act=help_text),
    CommandRow(slashes=("privasi", "privacy"), word="cmd-privacy", does="the privacy notice",
               act=privacy),
    CommandRow(slashes=("bahasa", "language"), word="cmd-language", does="the other language",
               act=menu.switch_language),
    CommandRow(slashes=("english",), word="cmd-english", does="English", act=speak("en")),
    CommandRow(slashes=("indonesia",), word="cmd-indonesia", does="Indonesian", act=speak("id")),
    CommandRow(slashes=("batal", "cancel"), word="cmd-cancel", does="stops; a draft is kept",
               act=draft.cancel, to=("IDLE",)),
)  # fmt: skip


def named(name: str) -> CommandRow | None:
    """Return the command of a slash name."""
    wanted = name.casefold()
    return next((row for row in COMMANDS if wanted in row.slashes), None)


def called(row: CommandRow) -> When:
    """Hold for the command, or its word typed alone."""
    label = " ".join(f"/{slash}" for slash in row.slashes)
    return When(label, lambda turn: _calls(turn, row))


def _calls(turn: Turn, row: CommandRow) -> bool:
    if isinstance(turn.event, Command):
        return named(turn.event.name) is row
    return plain(turn.text) in wording.aliases(row.word)
