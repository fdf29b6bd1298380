"""From a posted form to the dialogue's events. Pure."""

import hashlib
from dataclasses import dataclass
from uuid import UUID, uuid4

from intake.chat import buttons
from intake.dialogue import events as happens
from intake.dialogue.events import Event, MediaKind
from intake.uploads.arrival import ReceivedFile
from intake.uploads.limits import Limits
from intake.uploads.reasons import Problem
from intake.uploads.receive import Received

KINDS: tuple[tuple[str, MediaKind], ...] = (
    ("image/", "photo"),
    ("audio/", "voice"),
    ("video/", "video"),
)
"""What a file is to the dialogue, by how its type begins; any other is a file."""

_CONTENT_DIGITS = 16

START = "start"
"""The field that a page of a chat not begun carries: the link by which it was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One sending of the form. Without events the person said nothing."""

    page: str
    """The page's own name of its next sending, whatever that turns out to say."""
    key: str
    opening: happens.Start | None
    events: tuple[Event, ...]
    words: str


def read(form: Received, limits: Limits) -> Posted:
    """Read a form: files with words, else a button, else words.

    The page's own name of the sending is equal only for what is equal: sent again after a lost
    answer it is the same sending, and changed meanwhile it is a further one.
    """
    words = form.text("say").strip()
    page = _message(form.text("id"))
    message = page + _content(form, words)
    pressed = buttons.read(form.text("press"))
    events: tuple[Event, ...] = _media(form, words, message, limits)
    if not events and pressed:
        events, words = (pressed,), ""
    elif not events and words:
        events = (_typed(words, message),)
    opening = happens.Start(payload=form.text(START)) if START in form.fields else None
    return Posted(page=page, key=message, opening=opening, events=events, words=words)


def _typed(words: str, message: str) -> Event:
    name, _, rest = words.partition(" ")
    if name.startswith("/") and name[1:].isidentifier():
        return happens.Command(name=name[1:], argument=rest.strip(), message=message)
    return happens.Text(text=words, message=message)


def _media(form: Received, words: str, message: str, limits: Limits) -> tuple[Event, ...]:
    """Make one event a file; the words belong to the first."""
    parts = [_file(file) for file in form.files]
    parts += [_too_large(each, limits) for each in form.problems if each.field == "files"]
    return tuple(
        happens.Media(
            kind=kind,
            ref=ref,
            size=size,
            name=name,
            caption="" if number else words,
            message=f"{message}.{number}" if number else message,
        )
        for number, (kind, ref, size, name) in enumerate(parts)
    )


def _file(file: ReceivedFile) -> tuple[MediaKind, str, int, str]:
    kinds = (kind for begin, kind in KINDS if file.detected_type.startswith(begin))
    return next(kinds, "file"), file.key, file.size, file.safe_name


def _too_large(problem: Problem, limits: Limits) -> tuple[MediaKind, str, int, str]:
    """Let the dialogue say it, in its own words, for whatever was not kept of the files."""
    return "file", "", max(problem.size, limits.file_bytes + 1), problem.name


def _content(form: Received, words: str) -> str:
    """Name what was sent: words, a button, names and sizes of files."""
    parts = [words, form.text("press").strip()]
    parts += [f"{file.safe_name} {file.size}" for file in form.files]
    parts += [f"{problem.name} {problem.size}" for problem in form.problems]
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()[:_CONTENT_DIGITS]


def _message(text: str) -> str:
    """Take the page's own name of this sending; without one it cannot be told twice."""
    try:
        return UUID(text).hex
    except ValueError:
        return uuid4().hex
