"""The log of a chat: what our page shows, written with the step that says it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.line import ChatLine
from core.chats.session import ChatSession
from core.ground.base import Json
from core.ground.clock import Clock
from core.ground.text import clean
from intake.chat import buttons
from intake.chat.update import ChatUpdate
from intake.dialogue import wording
from intake.dialogue.events import Media, Press
from intake.dialogue.replies import Choice, Say, Style
from intake.language import Language, language_of

SHOWN = 200
"""Lines of a chat that the page shows, the newest."""


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

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def note(self, session: AsyncSession, chat: ChatSession, heard: ChatUpdate) -> None:
        """Write down what the person said: words, a button's label, names of files."""
        names = [clean(event.name) for event in heard.events if isinstance(event, Media)]
        body = clean(heard.shown) or await self._label(session, chat, heard)
        if not (body or names):
            return
        session.add(
            ChatLine(
                session_id=chat.id,
                author="person",
                body=body,
                payload={"files": names},
                at=self._clock(),
            )
        )
        await session.flush()

    async def _label(self, session: AsyncSession, chat: ChatSession, heard: ChatUpdate) -> str:
        """Return what stood on the button that was pressed."""
        pressed = {
            buttons.write(Choice(id=event.id, about=event.about), event.version)
            for event in heard.events
            if isinstance(event, Press)
        }
        if not pressed:
            return ""
        shown = (each for line in await lines_of(session, chat.id) for each in line.buttons)
        return next((each.label for each in shown if each.sends in pressed), "")

    async def say(
        self, session: AsyncSession, chat: ChatSession, says: list[Say], lang: Language
    ) -> None:
        """Write down what the bot says; a question asked in place of the last one replaces it."""
        for say in _last_of_each(says):
            last = await _last_question(session, chat) if say.edit else None
            if last is not None:
                last.body, last.payload, last.at = *_written(say, lang), self._clock()
            else:
                body, payload = _written(say, lang)
                session.add(
                    ChatLine(
                        session_id=chat.id,
                        author="bot",
                        body=body,
                        payload=payload,
                        at=self._clock(),
                    )
                )
            await session.flush()

    async def leave(self, session: AsyncSession, chat: ChatSession) -> None:
        """Do nothing: there are no groups here."""


async def told(
    session: AsyncSession,
    chat_id: UUID,
    delivery_id: UUID,
    messages: Sequence[tuple[str, Json]],
    at: datetime,
) -> None:
    """Write down a notice, once however often it is delivered."""
    for number, (body, payload) in enumerate(messages):
        row = {
            "session_id": chat_id,
            "author": "bot",
            "body": body,
            "payload": payload,
            "delivery_id": uuid5(delivery_id, str(number)),
            "at": at,
        }
        await session.execute(insert(ChatLine).values(**row).on_conflict_do_nothing())


def written(says: Sequence[Say], lang: Language) -> list[tuple[str, Json]]:
    """Return messages as the log holds them."""
    return [_written(say, lang) for say in says]


async def lines_of(session: AsyncSession, chat_id: UUID) -> tuple[LogLine, ...]:
    """Return the newest lines of a chat, in their order."""
    query = (
        select(ChatLine)
        .where(ChatLine.session_id == chat_id)
        .order_by(ChatLine.seq.desc())
        .limit(SHOWN)
    )
    return tuple(_line(row) for row in reversed((await session.scalars(query)).all()))


async def version_of(session: AsyncSession, chat_id: UUID) -> str:
    """Return a mark that changes whenever the log does."""
    query = select(func.max(ChatLine.seq), func.max(ChatLine.at)).where(
        ChatLine.session_id == chat_id
    )
    seq, at = (await session.execute(query)).one()
    return f"{seq or 0}-{int(at.timestamp()) if at else 0}"


async def _last_question(session: AsyncSession, chat: ChatSession) -> ChatLine | None:
    query = (
        select(ChatLine)
        .where(
            ChatLine.session_id == chat.id,
            ChatLine.author == "bot",
            ChatLine.payload["style"].astext == "inline",
        )
        .order_by(ChatLine.seq.desc())
        .limit(1)
    )
    found: ChatLine | None = await session.scalar(query)
    return found


def _last_of_each(says: list[Say]) -> list[Say]:
    """Return messages without those said better later in the same breath: one answer, two files."""
    last = {say.key: place for place, say in enumerate(says)}
    return [say for place, say in enumerate(says) if last[say.key] == place or say.ticket]


def _written(say: Say, lang: Language) -> tuple[str, Json]:
    shown = [choice for choice in say.choices if not choice.asks_contact]  # a page cannot know it
    payload: Json = {
        "key": say.key,
        "language": lang,
        "style": say.style,
        "version": say.version,
        "buttons": [
            [wording.label(choice, lang), buttons.write(choice, say.version)] for choice in shown
        ],
    }
    return wording.text(say, lang), payload


def _line(row: ChatLine) -> LogLine:
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


def preview(says: Sequence[Say], lang: Language, at: datetime) -> tuple[LogLine, ...]:
    """Return messages as they would stand in the log."""
    rows = [
        ChatLine(seq=-number, author="bot", body=body, payload=payload, at=at)
        for number, (body, payload) in enumerate(written(says, lang), start=1)
    ]
    return tuple(_line(row) for row in rows)
