"""What chats leave behind is removed in its time, and nothing that is still needed."""

import os
from collections.abc import AsyncIterator
from uuid import uuid4

from sqlalchemy import text

from core.chats.file import ChatFile
from core.chats.session import ChatMessage, lock_chat
from core.ground.clock import system_clock
from core.ground.database import transaction
from core.runtime import Runtime
from notifier import retention
from tests.builders import Hands


async def counts(runtime: Runtime) -> tuple[int, ...]:
    async with transaction(runtime.database) as session:
        tables = ("chat_files", "chat_messages", "chat_sessions")
        return tuple(
            [await session.scalar(text(f"SELECT count(*) FROM {each}")) or 0 for each in tables]
        )


async def test_chats_files_and_messages_are_forgotten_in_their_time(
    runtime: Runtime, hands: Hands
) -> None:
    async with transaction(runtime.database) as session:
        session.add(
            ChatFile(channel="web", address="1", ref="r", name="a", status="stored",
                     path=uuid4().hex, next_attempt_at=hands())
        )  # fmt: skip
        session.add(ChatMessage(channel="web", address="1", message="1"))
        await lock_chat(session, "web", "1")

    seen = []
    for days in (29, 10, 150, 200):
        hands.move(days=days)
        await retention.forget_chats(runtime)
        seen.append(await counts(runtime))

    assert seen[0] == (1, 1, 1)
    assert seen[1] == (0, 1, 1)
    assert seen[2] == (0, 0, 1)
    assert seen[3] == (0, 0, 0)


async def test_a_file_of_a_draft_is_no_orphan(runtime: Runtime, hands: Hands) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield b"x"

    async def other() -> AsyncIterator[bytes]:
        yield b"y"

    kept = (await runtime.storage.put_stream(content())).key
    await runtime.storage.put_stream(other())
    async with transaction(runtime.database) as session:
        session.add(
            ChatFile(channel="web", address="1", ref=kept, name="a", status="stored", path=kept,
                     next_attempt_at=hands())
        )  # fmt: skip
    hands.now = system_clock()
    for path in (runtime.settings.data / "files").rglob("*"):
        os.utime(path, (0, 0))

    swept = await retention.remove_orphaned_files(runtime)

    assert swept.files == 1
    assert [chunk async for chunk in runtime.storage.read(kept)] == [b"x"]
