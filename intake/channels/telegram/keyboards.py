"""Buttons of the dialogue as Telegram's keyboards, and back from what a button sends. Pure."""

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import InlineKeyboardButtonLimit

from intake.dialogue import wording
from intake.dialogue.events import Event, Press, Unsupported
from intake.dialogue.replies import Choice, Say
from intake.language import Language

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove

_SHORT = 16
"""Characters up to which two labels stand beside each other on a small phone."""
_MANY = 5
"""Short marks such as stars stand in one row, up to so many."""


def markup(say: Say, lang: Language) -> Markup:
    """Return the keyboard of a message: under it, in place of the phone's own, or none."""
    if not say.choices:
        return ReplyKeyboardRemove()
    if say.style == "inline":
        rows = _rows([(choice, wording.label(choice, lang)) for choice in say.choices])
        return InlineKeyboardMarkup(
            [[InlineKeyboardButton(label, callback_data=data(choice, say)) for choice, label in row]
             for row in rows]
        )  # fmt: skip
    rows = _rows([(choice, wording.label(choice, lang)) for choice in say.choices])
    return ReplyKeyboardMarkup(
        [[KeyboardButton(label, request_contact=choice.asks_contact) for choice, label in row]
         for row in rows],
        resize_keyboard=True,
    )  # fmt: skip


def data(choice: Choice, say: Say) -> str:
    """Write what a button sends: `id:version:about`, at most 64 bytes (Bot API)."""
    written = f"{choice.id}:{say.version}:{choice.about}"
    if len(written.encode()) > InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
        return f"{choice.id}:{say.version}:"
    return written


def read_data(written: str) -> Event:
    """Read what a button sent; anything else is nothing we know."""
    name, _, rest = written.partition(":")
    version, _, about = rest.partition(":")
    if not name or not (version.isascii() and version.isdigit()):
        return Unsupported(kind="button")
    return Press(id=name, about=about, version=int(version[:9]))


def _rows(labelled: list[tuple[Choice, str]]) -> list[list[tuple[Choice, str]]]:
    """Put short labels two in a row, and long ones alone; a row of mere marks stays whole."""
    rows: list[list[tuple[Choice, str]]] = []
    for choice, label in labelled:
        room = rows[-1] if rows else []
        wide = _MANY if _is_mark(label) and all(_is_mark(other) for _, other in room) else 2
        fits = len(label) <= _SHORT and all(len(other) <= _SHORT for _, other in room)
        if room and fits and len(room) < wide and _is_mark(label) == _is_mark(room[0][1]):
            room.append((choice, label))
        else:
            rows.append([(choice, label)])
    return rows


def _is_mark(label: str) -> bool:
    return len(label) <= _MANY and not any(letter.isalpha() for letter in label)
