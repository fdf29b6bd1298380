"""A Bot API server on a loopback port, and what people do in their Telegram clients.

`lo_bot_api_emulator` is imported here alone: it is young, and models the Bot API for others.
"""
# ruff: noqa: ANN401 - updates are JSON of any form

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import lo_bot_api_emulator as lo
from aiohttp import web
from lo_bot_api_emulator import updates

from tests.serving import serve

TOKEN = "7000001:invented-token-for-tests"
updates.KINDS |= {"edited_message", "my_chat_member"}

Json = dict[str, Any]


@dataclass
class Fault:
    """What the server does instead of answering, once."""

    method: str
    status: int = 0
    text: str = ""
    parameters: Json = field(default_factory=dict)
    hang: float = 0.0
    after: bool = False
    """Whether it did the thing first: only the answer is lost."""
    late: float = 0.0
    """No fault but a delay, in seconds: it answers as ever, later."""


class FakeTelegram(lo.LoBotApiEmulator):  # type: ignore[misc]  # an untyped library
    """The emulator, with faults to order, and everything it was sent."""

    def __init__(self) -> None:
        super().__init__(allow_insecure_loopback_webhooks=True, max_updates=100_000)
        self.sent: list[tuple[str, Json]] = []
        self.faults: list[Fault] = []
        self.calls: Counter[str] = Counter()
        self.commands: dict[str, list[Json]] = {}
        self.left: list[str] = []

    def fail(self, method: str, status: int = 0, text: str = "", **more: Any) -> None:
        """Order a fault for the next call of a method."""
        self.faults.append(Fault(method, status, text, **more))

    def validate(self, method: str, fields: Json, uploads: Json) -> Any:
        self.calls[method] += 1
        if method == "leaveChat":
            self.left.append(str(fields["chat_id"]))
            return True
        if method == "getMyCommands":
            return self.commands.get(str(fields.get("language_code", "")), [])
        result = super().validate(method, dict(fields), uploads)
        if method == "setMyCommands":
            language = str(fields.get("language_code", ""))
            self.commands[language] = self.decoded(fields["commands"])
        if method == "getMe":
            result["username"] = "rs_contoh_bot"
            result.pop("capabilities", None)
        if method.startswith(("send", "edit", "answer")):
            self.sent.append((method, dict(fields)))
        return result

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fault = next((each for each in self.faults if each.method == method), None)
        if fault is None:
            return await super().handle(request)  # type: ignore[no-any-return]  # untyped
        self.faults.remove(fault)
        if fault.late:
            await asyncio.sleep(fault.late)
            return await super().handle(request)  # type: ignore[no-any-return]  # untyped
        if fault.after:
            await super().handle(request)
        if fault.hang:
            await asyncio.sleep(fault.hang)
        if not fault.status:
            assert request.transport
            request.transport.abort()
            return web.Response()
        body = {"ok": False, "error_code": fault.status, "description": fault.text}
        if fault.parameters:
            body["parameters"] = fault.parameters
        return web.json_response(body, status=fault.status)

    def texts(self, chat: int) -> list[str]:
        """Return what the bot wrote to a chat, in order."""
        return [
            fields["text"]
            for method, fields in self.sent
            if method in ("sendMessage", "editMessageText") and int(fields["chat_id"]) == chat
        ]

    def keyboards(self, chat: int) -> list[Json]:
        """Return the keyboards the bot showed in a chat, in order."""
        return [
            self.decoded(fields["reply_markup"])
            for method, fields in self.sent
            if method in ("sendMessage", "editMessageText")
            and int(fields["chat_id"]) == chat
            and "reply_markup" in fields
        ]

    def labels(self, chat: int) -> list[str]:
        """Return the labels of the last keyboard of a chat."""
        shown = self.keyboards(chat)[-1]
        rows = shown.get("keyboard") or shown.get("inline_keyboard") or []
        return [button["text"] for row in rows for button in row]


@dataclass
class Person:
    """Somebody with a Telegram client."""

    telegram: FakeTelegram
    id: int = 5001
    language: str = "id"
    first_name: str = "Sari"
    messages: int = 0

    @property
    def sender(self) -> Json:
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "language_code": self.language,
        }

    @property
    def chat(self) -> Json:
        return {"id": self.id, "type": "private", "first_name": self.first_name}

    def message(self, **parts: Any) -> Json:
        """Make a message of this person, as the server would."""
        self.messages += 1
        return {
            "message_id": 100_000 + self.messages,
            "date": 1_795_400_000 + self.messages,
            "chat": self.chat,
            "from": self.sender,
            **parts,
        }

    def text(self, text: str, **parts: Any) -> Json:
        """Make a typed message; a command carries its entity."""
        if text.startswith("/"):
            length = len(text.split(" ", maxsplit=1)[0])
            parts["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return {"message": self.message(text=text, **parts)}

    def press(self, label: str, *, old: int = 0) -> Json:
        """Press an inline button, found by its label in the last keyboards (or `old` earlier)."""
        inline = [each for each in self.telegram.keyboards(self.id) if "inline_keyboard" in each]
        shown = inline[-1 - old]
        data = next(
            button["callback_data"]
            for row in shown["inline_keyboard"]
            for button in row
            if button["text"] == label
        )
        return self.pressed(data)

    def pressed(self, data: str) -> Json:
        """Press a button that sends this."""
        self.messages += 1
        return {
            "callback_query": {
                "id": f"q{self.id}-{self.messages}",
                "from": self.sender,
                "chat_instance": "1",
                "data": data,
                "message": {"message_id": 1, "date": 1, "chat": self.chat, "text": "-"},
            }
        }

    def photo(self, ref: str, **parts: Any) -> Json:
        """Send a picture that the server keeps under this file id."""
        size = len(self.telegram.assets.get(ref, {}).get("data", b"")) or 2000
        found = {
            "file_id": ref,
            "file_unique_id": f"u{ref}",
            "width": 9,
            "height": 9,
            "file_size": size,
        }
        return {
            "message": self.message(photo=[found | {"file_id": f"{ref}-small"}, found], **parts)
        }

    def voice(self, ref: str, seconds: int = 32, **parts: Any) -> Json:
        """Send a voice note."""
        found = {
            "file_id": ref,
            "file_unique_id": f"u{ref}",
            "duration": seconds,
            "mime_type": "audio/ogg",
            "file_size": 3000,
        }
        return {"message": self.message(voice=found, **parts)}

    def document(self, ref: str, size: int, **parts: Any) -> Json:
        """Send a document of a size."""
        found = {
            "file_id": ref,
            "file_unique_id": f"u{ref}",
            "file_name": "surat.pdf",
            "file_size": size,
        }
        return {"message": self.message(document=found, **parts)}

    def contact(self, phone: str, *, own: bool) -> Json:
        """Share a contact."""
        user = self.id if own else self.id + 1
        found = {"phone_number": phone, "first_name": "Sari", "user_id": user}
        return {"message": self.message(contact=found)}

    def edit(self, earlier: Json, text: str) -> Json:
        """Edit an earlier message."""
        return {"edited_message": earlier["message"] | {"text": text, "edit_date": 1_795_500_000}}

    def blocks(self, *, blocked: bool = True) -> Json:
        """Block the bot, or allow it again."""
        here, gone = {"status": "member"}, {"status": "kicked", "until_date": 0}
        bot = {
            "id": 7_000_001,
            "is_bot": True,
            "first_name": "Fixture",
            "username": "rs_contoh_bot",
        }
        old, new = (here, gone) if blocked else (gone, here)
        return {
            "my_chat_member": {
                "chat": self.chat,
                "from": self.sender,
                "date": 1_795_400_000,
                "old_chat_member": old | {"user": bot},
                "new_chat_member": new | {"user": bot},
            }
        }


@contextlib.asynccontextmanager
async def telegram() -> AsyncIterator[tuple[FakeTelegram, str]]:
    """Serve a fake Telegram; hand it out with its address."""
    fake = FakeTelegram()
    async with serve(fake.app()) as url:
        yield fake, url


async def post(url: str, update: Json, secret: str | None) -> int:
    """Post an update to a webhook as Telegram does; return the status."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json=update, headers=headers) as answer,
    ):
        return answer.status
