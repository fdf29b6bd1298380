"""The driver of `tests/chats` against the running system: webhook, PostgreSQL, worker, Bot API."""

import asyncio
import contextlib
from dataclasses import dataclass, field

from core.runtime import Runtime
from intake.dialogue import wording
from intake.dialogue.replies import Choice
from tests.builders import Hands
from tests.intake.channels.telegram.fake import FakeTelegram, Json, Person
from tests.intake.channels.telegram.house import House, house
from tests.intake.chat.standing import Standing, token_of
from tests.intake.dialogue.script import (
    Deed,
    Does,
    Edits,
    Follows,
    Presses,
    Says,
    Scans,
    Sends,
    Shares,
)
from tests.intake.dialogue.world import UNITS

GROUP = {"id": -77, "type": "group", "title": "Keluarga"}
STICKER = {"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1, "is_animated": False,
           "is_video": False, "type": "regular"}  # fmt: skip
KINDS = {"file": "document"}
"""What Telegram calls a kind of file, where it is another word."""


@dataclass
class SystemDriver(Standing):
    """One person at Telegram, their staff, and a clock that is moved."""

    runtime: Runtime
    telegram: FakeTelegram
    api: str
    hands: Hands
    person: Person = field(init=False)
    ours: House = field(init=False)
    updates: int = 0
    sent: dict[str, Json] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    _stack: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    @property
    def side(self) -> House:
        return self.ours

    @property
    def address(self) -> str:
        return str(self.person.id)

    @property
    def left(self) -> int:
        return len(self.telegram.left)

    async def begin(self) -> None:
        """Start our side."""
        self.person = Person(self.telegram)
        await self._start()

    async def end(self) -> None:
        """Stop our side."""
        await self._stack.aclose()

    async def deed(self, deed: Deed) -> None:
        await self._post(await self.update(deed))
        await self.ours.quiet()

    async def at_once(self, deeds: tuple[Deed, ...]) -> None:
        updates = [await self.update(deed) for deed in deeds]
        await asyncio.gather(*[self._post(update) for update in updates])
        await self.ours.quiet()

    async def restart(self) -> None:
        await self._stack.aclose()
        self._stack = contextlib.AsyncExitStack()
        await self._start()

    async def update(self, deed: Deed) -> Json:  # noqa: PLR0911 - one row per kind of deed
        """Make the update that Telegram would send."""
        match deed:
            case Says():
                said = self.person.text(deed.say, **await self._quoting(deed.reply_to))
                return self._named(deed.id, said)
            case Presses():
                return await self._pressed(deed)
            case Sends():
                return self._named(deed.id, await self._file(deed))
            case Edits():
                return self.person.edit(self.sent[deed.edit], deed.text)
            case Scans():
                return self.person.text(f"/start u_{token_of(deed.scan)}")
            case Follows():
                code = (await self.outcome()).tickets[deed.follow - 1].code
                return self.person.text(f"/start t_{code.replace('-', '')}")
            case Shares():
                return self._shared(deed.share)
            case Does():
                return self._odd(deed.do)

    def _named(self, name: str | None, update: Json) -> Json:
        if name:
            self.sent[name] = update
        return update

    async def _quoting(self, place: int | None) -> Json:
        """Quote the last message of ours about a ticket."""
        if place is None:
            return {}
        ticket_id = (await self._tickets())[place - 1][1]
        [(message,)] = await self.ours.rows(
            "SELECT max(message::int) FROM chat_messages"
            " WHERE ticket_id = :id AND message::int < 100000",
            id=ticket_id,
        )
        return {
            "reply_to_message": {
                "message_id": message, "date": 1, "chat": self.person.chat, "text": "-"
            }
        }  # fmt: skip

    async def _pressed(self, deed: Presses) -> Json:
        """Press the button where it was shown last: on a message, or in place of the keys."""
        about = deed.about
        if deed.again:
            return self.person.pressed(self.buttons[deed.press])
        if isinstance(about, int):
            about = (await self.outcome()).tickets[about - 1].number
        for shown in reversed(self.telegram.keyboards(self.person.id)):
            for row in shown.get("inline_keyboard", ()):
                for button in row:
                    name, _, subject = button["callback_data"].split(":", 2)
                    if name == deed.press and about in (None, subject):
                        self.buttons[deed.press] = button["callback_data"]
                        return self.person.pressed(button["callback_data"])
            for row in shown.get("keyboard", ()):
                for button in row:
                    if self._means(button["text"], deed.press, about):
                        return self.person.text(button["text"])
        raise AssertionError(f"no button {deed.press} was shown")

    def _means(self, label: str, wanted: str, about: str | None) -> bool:
        unit = UNITS.by_code(about or "")
        if wanted == "unit":
            return label == unit.name if unit else any(label == u.name for u in UNITS.all)
        if wanted == "pick":
            return label.startswith(about or "TKT-")
        if wanted == "my-name":
            return label == self.person.first_name
        key = Choice(id=wanted).label
        return label in {words.get(key) for words in wording.catalogues().values()}

    async def _file(self, deed: Sends) -> Json:
        self.updates += 1
        ref, size = f"file-{self.updates}", int(deed.megabytes * 1_000_000)
        found: Json = {"file_id": ref, "file_unique_id": ref, "file_size": size, "width": 9,
                       "height": 9, "duration": deed.seconds, "length": 9}  # fmt: skip
        parts: Json = {KINDS.get(deed.send, deed.send): found}
        if deed.send == "photo":
            parts = {"photo": [found]}
        if deed.caption:
            parts["caption"] = deed.caption
        if deed.album:
            parts["media_group_id"] = deed.album
        parts |= await self._quoting(deed.reply_to)
        self.telegram.assets[ref] = {"filename": ref, "data": b"x", "size": 1}
        return {"message": self.person.message(**parts)}

    def _shared(self, what: str) -> Json:
        if what == "place":
            place = {"latitude": -6.2, "longitude": 106.8}
            return {"message": self.person.message(location=place)}
        own = what == "own number"
        return self.person.contact("+6281200000001" if own else "+6281200000002", own=own)

    def _odd(self, what: str) -> Json:
        match what:
            case "sticker":
                return {"message": self.person.message(sticker=STICKER)}
            case "group":
                return {"message": self.person.message(text="halo") | {"chat": GROUP}}
            case "block" | "unblock":
                return self.person.blocks(blocked=what == "block")
            case _:
                return self.person.text("/start")

    async def _post(self, update: Json) -> None:
        self.updates += 1
        assert await self.ours.post({"update_id": self.updates, **update}) == 200

    async def _start(self) -> None:
        served = house(self.runtime, self.telegram, self.api, mode="webhook")
        self.ours = await self._stack.enter_async_context(served)
        await self.ours.until(lambda: self.telegram.commands.keys() >= {"", "en"})
