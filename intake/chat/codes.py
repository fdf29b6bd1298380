"""Tracking codes in what somebody writes in a chat: looked up and covered before all else.

Behind this no part of the chat knows a code: not the draft, the log, the desk's summary, a name.
"""

from collections.abc import Iterable
from dataclasses import fields, replace

from core.chats.step import ChatStep
from core.tickets.codes_in_texts import cover
from intake.chat.tickets import dialogue_ticket
from intake.chat.update import ChatUpdate
from intake.dialogue.events import Command, Edited, Event, Media, Text


async def without_codes(chat: ChatStep, heard: ChatUpdate) -> ChatUpdate:
    """Return an update without the codes in it; the event says which report they open."""
    texts = [heard.shown, heard.first_name, *(text for e in heard.events for text in _texts(e))]
    found = await chat.opened_by(*texts)
    if not found:
        return heard
    codes, opened = tuple(found), dialogue_ticket(next(iter(found.values())))
    events = []
    for event in map(_as_words, heard.events):
        covered = {
            each.name: cover(getattr(event, each.name), codes)
            for each in fields(event)
            if isinstance(getattr(event, each.name), str)
        }
        is_in = any(covered[name] != getattr(event, name) for name in covered)
        if is_in and isinstance(event, Text | Media):
            events.append(replace(event, opens=opened, **covered))  # type: ignore[arg-type]
        else:
            events.append(replace(event, **covered) if is_in else event)  # type: ignore[arg-type]
    return replace(
        heard,
        events=tuple(events),
        shown=cover(heard.shown, codes),
        first_name=cover(heard.first_name, codes),
        raw=cover(heard.raw.decode(errors="surrogateescape"), codes).encode(
            errors="surrogateescape"
        ),
    )


def _texts(event: Event) -> Iterable[str]:
    match event:
        case Text(text=text) | Edited(text=text):
            yield text
        case Media(caption=caption, name=name):
            yield from (caption, name)
        case Command(name=name, argument=argument):
            yield f"{name} {argument}"


def _as_words(event: Event) -> Event:
    """Say a command that came with a code as words: the code is what the person means."""
    if not isinstance(event, Command):
        return event
    return Text(text=event.argument or event.name, message=event.message)
