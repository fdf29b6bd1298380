"""The log of a chat: what our page shows, written with the step that says it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from core.chats.log import LoggedLine
from core.chats.step import ChatStep
from core.ground.base import Json
from core.ground.text import clean
from intake.chat import buttons
from intake.chat.update import ChatUpdate
from intake.dialogue import wording
from intake.dialogue.events import Media, Press
from intake.dialogue.replies import Choice, Say, Style
from intake.language import Language, language_of

SHOWN = 200
"""Lines of a chat that the page shows, the newest."""
_QUESTION: Final[Json] = {"style": "inline"}
"""What tells a question with buttons under it from other lines of the bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button as the page shows it."""

    label: str
    sends: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One message as the page shows it."""

    seq: int
    author: str
    body: str
    at: datetime
    language: Language
    style: Style = "none"
    version: int = 0
    buttons: tuple[Button, ...] = ()
    files: tuple[str, ...] = field(default=())


class Log:
    """The outbox of the web chat: what is said is in the log as soon as it is committed."""

    async def note(self, chat: ChatStep, heard: ChatUpdate) -> None:
        """Write down what the person said: words, a button's label, names of files."""
        names = [clean(event.name) for event in heard.events if isinstance(event, Media)]
        body = clean(heard.shown) or await self._label(chat, heard)
        if body or names:
            await chat.write("person", body, {"files": names})

    async def _label(self, chat: ChatStep, heard: ChatUpdate) -> str:
        """Return what stood on the button that was pressed."""
        pressed = {
            buttons.write(Choice(id=event.id, about=event.about), event.version)
            for event in heard.events
            if isinstance(event, Press)
        }
        if not pressed:
            return ""
        offered = (each for line in shown(await chat.lines(SHOWN)) for each in line.buttons)
        return next((each.label for each in offered if each.sends in pressed), "")

    async def say(self, chat: ChatStep, says: list[Say], lang: Language) -> None:
        """Write down what the bot says; a question asked in place of the last one replaces it."""
        for say in _last_of_each(says):
            body, payload = _written(say, lang)
            if not (say.edit and await chat.rewrite(_QUESTION, body, payload)):
                await chat.write("bot", body, payload)

    async def leave(self, chat: ChatStep) -> None:
        """Do nothing: there are no groups here."""


def written(says: Sequence[Say], lang: Language) -> list[tuple[str, Json]]:
    """Return messages as the log holds them."""
    return [_written(say, lang) for say in says]


def shown(logged: Sequence[LoggedLine]) -> tuple[LogLine, ...]:
    """Return lines of the log as the page shows them."""
    return tuple(map(_line, logged))


def preview(says: Sequence[Say], lang: Language, at: datetime) -> tuple[LogLine, ...]:
    """Return messages as they would stand in the log."""
    return shown(
        [
            LoggedLine(seq=-number, author="bot", body=body, payload=payload, at=at)
            for number, (body, payload) in enumerate(written(says, lang), start=1)
        ]
    )


def _last_of_each(says: list[Say]) -> list[Say]:
    """Return messages without those said better later in the same breath: one answer, two files."""
    last = {say.key: place for place, say in enumerate(says)}
    return [say for place, say in enumerate(says) if last[say.key] == place or say.ticket]


def _written(say: Say, lang: Language) -> tuple[str, Json]:
    offered = [each for each in say.choices if not each.asks_contact]  # a page cannot know it
    payload: Json = {
        "key": say.key,
        "language": lang,
        "style": say.style,
        "version": say.version,
        "buttons": [
            [wording.label(choice, lang), buttons.write(choice, say.version)] for choice in offered
        ],
    }
    return wording.text(say, lang), payload


def _line(row: LoggedLine) -> LogLine:
    payload = row.payload
    pairs = payload.get("buttons")
    names = payload.get("files")
    style = payload.get("style")
    version = payload.get("version")
    return LogLine(
        seq=row.seq,
        author=row.author,
        body=row.body,
        at=row.at,
        language=language_of(payload.get("language")),
        style="inline" if style == "inline" else "reply" if style == "reply" else "none",
        version=version if isinstance(version, int) else 0,
        buttons=tuple(Button(label=label, sends=sends) for label, sends in pairs)
        if isinstance(pairs, list)
        else (),
        files=tuple(map(str, names)) if isinstance(names, list) else (),
    )
