"""From Telegram's updates to the dialogue's events. Pure; what cannot be read raises.

Bot API 9, "Update", "Message", "CallbackQuery", "ChatMemberUpdated".
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from telegram import (
    Audio,
    CallbackQuery,
    ChatMemberUpdated,
    Document,
    Message,
    PhotoSize,
    Update,
    Video,
    VideoNote,
    Voice,
)
from telegram.constants import ChatType

from intake.chat import buttons
from intake.dialogue import events as happens
from intake.dialogue.events import Event
from intake.language import Language

PRIVATE = ChatType.PRIVATE
GONE = frozenset({"kicked", "left"})

CARRIES_NOTHING = (
    "sticker", "animation", "dice", "poll", "game", "story", "paid_media", "invoice", "giveaway",
    "checklist",
)  # fmt: skip
"""Kinds of message that hold no report; everything else unknown is a notice of Telegram's own."""


class UnreadableError(Exception):
    """An update that is none: it is set aside with its raw bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What an update says. `event` None: nothing that concerns us."""

    address: str
    event: Event | None
    answers: str | None = None
    first_name: str = ""
    language: Language | None = None
    query: str | None = None
    """The callback query to be answered, so that the button stops turning."""


def understand(raw: object) -> Understood:
    """Read one update. Raises UnreadableError for whatever does not have Telegram's form."""
    try:
        update = Update.de_json(raw, None) if isinstance(raw, dict) else None
    except Exception as error:  # the library raises whatever a hostile value leads it to
        raise UnreadableError(type(error).__name__) from error
    if update is None:
        raise UnreadableError("no object")
    found = _read(update)
    user = update.effective_user
    if user is None:
        return found
    code = (user.language_code or "").lower()
    return replace(
        found,
        first_name=user.first_name or "",
        language="en" if code.startswith("en") else "id" if code else None,
    )


def chat_of(raw: object) -> str | None:
    """Return the chat an update belongs to, even if the rest of it cannot be read."""
    if not isinstance(raw, dict):
        return None
    for kind in ("message", "edited_message", "my_chat_member", "callback_query"):
        body = raw.get(kind)
        if isinstance(body, dict):
            inner = body.get("message") if kind == "callback_query" else body
            chat = inner.get("chat") if isinstance(inner, dict) else None
            chat_id = chat.get("id") if isinstance(chat, dict) else None
            return str(chat_id) if isinstance(chat_id, int) else None
    return None


def _read(update: Update) -> Understood:
    if update.message is not None:
        return _message(update.message)
    if update.edited_message is not None:
        return _edited(update.edited_message)
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    if update.my_chat_member is not None:
        return _member(update.my_chat_member)
    if update.effective_chat is not None:
        return Understood(address=str(update.effective_chat.id), event=_elsewhere(update))
    raise UnreadableError("a kind of update that was not asked for")


def _elsewhere(update: Update) -> Event | None:
    return happens.GroupChat() if update.channel_post is not None else None


def _message(message: Message) -> Understood:
    address = str(message.chat.id)
    if message.chat.type != PRIVATE:
        return Understood(address=address, event=happens.GroupChat())
    reply = message.reply_to_message
    return Understood(
        address=address,
        event=_event(message),
        answers=str(reply.message_id) if reply else None,
    )


def _edited(message: Message) -> Understood:
    """Words that changed; a moving location or a new preview changes nothing."""
    address, text = str(message.chat.id), message.text or message.caption
    if message.chat.type != PRIVATE:
        return Understood(address=address, event=happens.GroupChat())
    event = happens.Edited(message=str(message.message_id), text=text) if text else None
    return Understood(address=address, event=event)


def _pressed(query: CallbackQuery) -> Understood:
    chat = query.message.chat if query.message else None
    pressed = buttons.read(query.data or "") or happens.Unsupported(kind="button")
    if chat is not None and chat.type != PRIVATE:
        return Understood(address=str(chat.id), event=happens.GroupChat(), query=query.id)
    return Understood(address=str(query.from_user.id), event=pressed, query=query.id)


def _member(change: ChatMemberUpdated) -> Understood:
    address, gone = str(change.chat.id), change.new_chat_member.status in GONE
    if change.chat.type == PRIVATE:
        was_gone = change.old_chat_member.status in GONE
        if gone == was_gone:
            return Understood(address=address, event=None)
        return Understood(address=address, event=happens.Blocked() if gone else happens.Unblocked())
    return Understood(address=address, event=None if gone else happens.GroupChat())


def _event(message: Message) -> Event | None:
    if message.text is not None:
        return _text(message, message.text)
    for read in (_contact, _place, _media):
        found = read(message)
        if found is not None:
            return found
    kind = next((kind for kind in CARRIES_NOTHING if getattr(message, kind, None)), None)
    if message.caption:
        return happens.Text(text=message.caption, message=str(message.message_id))
    return happens.Unsupported(kind=kind) if kind else None


def _text(message: Message, text: str) -> Event:
    first, _, rest = text.partition(" ")
    name = first.partition("@")[0]
    if name == "/start":
        return happens.Start(payload=rest.strip())
    if name.startswith("/") and name[1:].isidentifier():
        message_id = str(message.message_id)
        return happens.Command(name=name[1:], argument=rest.strip(), message=message_id)
    return happens.Text(text=text, message=str(message.message_id))


def _contact(message: Message) -> Event | None:
    """Take a contact as the sender's own only if Telegram says so."""
    contact, sender = message.contact, message.from_user
    if contact is None:
        return None
    own = sender is not None and contact.user_id == sender.id
    return happens.Contact(phone=contact.phone_number, own=own)


def _place(message: Message) -> Event | None:
    place = message.location or (message.venue.location if message.venue else None)
    if place is None:
        return None
    return happens.Location(
        latitude=place.latitude, longitude=place.longitude, message=str(message.message_id)
    )


def _media(message: Message) -> Event | None:
    if message.animation is not None:
        return None  # a GIF, which Telegram also calls a document
    for kind, ending, pick in MEDIA:
        found = pick(message)
        if found is not None:
            name = getattr(found, "file_name", None) or f"{kind}-{message.message_id}{ending}"
            return happens.Media(
                kind=kind,
                ref=found.file_id,
                size=found.file_size or 0,
                caption=message.caption or "",
                seconds=_seconds(getattr(found, "duration", None)),
                name=name,
                group=message.media_group_id,
                message=str(message.message_id),
            )
    return None


def _seconds(duration: timedelta | int | None) -> int:
    if isinstance(duration, timedelta):
        return int(duration.total_seconds())
    return duration or 0


_File = PhotoSize | Voice | VideoNote | Video | Audio | Document

MEDIA: tuple[tuple[happens.MediaKind, str, Callable[[Message], _File | None]], ...] = (
    # kind, the name's ending where it has no name of its own, where it is
    ("photo", ".jpg", lambda message: message.photo[-1] if message.photo else None),
    ("voice", ".ogg", lambda message: message.voice),
    ("video_note", ".mp4", lambda message: message.video_note),
    ("video", ".mp4", lambda message: message.video),
    ("audio", ".mp3", lambda message: message.audio),
    ("file", "", lambda message: message.document),
)
