"""Buttons of the dialogue as Telegram's keyboards. Pure."""

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from intake.chat import buttons
from intake.dialogue import wording
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
    rows = _rows([(choice, wording.label(choice, lang)) for choice in say.choices])
    if say.style == "inline":
        return InlineKeyboardMarkup([[_on_message(say, *each) for each in row] for row in rows])
    return ReplyKeyboardMarkup(
        [[_in_place_of_keys(*each) for each in row] for row in rows], resize_keyboard=True
    )


def _on_message(say: Say, choice: Choice, label: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=buttons.write(choice, say.version))


def _in_place_of_keys(choice: Choice, label: str) -> KeyboardButton:
    return KeyboardButton(label, request_contact=choice.asks_contact or None)


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
