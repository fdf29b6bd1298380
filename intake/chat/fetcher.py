"""Fetches files after their message was accepted: tried for a day, stored as any upload is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.file import ChatFile
from core.chats.files import columns
from core.ground.database import DatabaseAwayError, transaction
from core.ground.storage import StorageUnavailable
from core.runtime import Runtime
from core.tickets.message import Message, TicketAttachment
from core.tickets.submission import StoredFile
from intake.chat.limits import upload_limits
from intake.uploads.arrival import Arrival, FileTooLarge
from intake.uploads.reasons import Reason

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
LEASE = timedelta(minutes=3)
"""How long one attempt may take before another process may try."""

PAUSES = (
    # after so many attempts it is tried again so much later; after the last it is given up
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
)


class FetchError(Exception):
    """The channel did not hand over the file. `gone`: it never will."""

    def __init__(self, reason: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.gone = gone


Fetch = Callable[[str], Awaitable[bytes]]
"""Gets a file's bytes by the channel's name of it; raises FetchError."""


@dataclass(slots=True)
class Fetcher:
    """Fetches the files of one channel, each by one process at a time."""

    runtime: Runtime
    channel: str
    fetch: Fetch
    look_seconds: float = LOOK_SECONDS

    async def run(self) -> None:
        """Fetch what is due, until cancelled; a ring wakes it early."""
        with self.runtime.bell.waiting(f"{self.channel}-files") as ring:
            while True:
                ring.clear()
                try:
                    while await self.fetch_one():
                        pass
                except (DatabaseAwayError, StorageUnavailable):
                    pass  # ours to mend; the file waits
                try:
                    async with asyncio.timeout(self.look_seconds):
                        await ring.wait()
                except TimeoutError:
                    continue

    async def fetch_one(self) -> bool:
        """Fetch the file that is due longest; False if none is."""
        file = await self._claimed()
        if file is None:
            return False
        try:
            content = await self.fetch(file.ref)
            kept = await self._kept(file, content)
        except FetchError as error:
            await self._later(file, gone=error.gone)
        except FileTooLarge:
            await self._lost(file, Reason.FILE_TOO_LARGE)
        else:
            await self._here(file, kept)
        return True

    async def _claimed(self) -> ChatFile | None:
        now = self.runtime.clock()
        due = (
            select(ChatFile.id)
            .where(
                ChatFile.channel == self.channel,
                ChatFile.status == "pending",
                ChatFile.next_attempt_at <= now,
            )
            .order_by(ChatFile.next_attempt_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        claim = (
            update(ChatFile)
            .where(ChatFile.id == due)
            .values(attempts=ChatFile.attempts + 1, next_attempt_at=now + LEASE)
            .returning(ChatFile)
        )
        async with transaction(self.runtime.database) as session:
            claimed: ChatFile | None = await session.scalar(claim)
            return claimed

    async def _kept(self, file: ChatFile, content: bytes) -> StoredFile:
        limits = upload_limits(self.runtime.settings)
        async with Arrival(self.runtime.storage, name=file.name, limits=limits) as arrival:
            await arrival.write(content)
            return (await arrival.complete()).stored

    async def _here(self, file: ChatFile, kept: StoredFile) -> None:
        await self._settle(file, **columns(kept))

    async def _later(self, file: ChatFile, *, gone: bool) -> None:
        if gone or file.attempts > len(PAUSES):
            await self._lost(file, Reason.NOT_FETCHED)
            return
        again = self.runtime.clock() + PAUSES[file.attempts - 1]
        async with transaction(self.runtime.database) as session:
            await session.execute(
                update(ChatFile).where(ChatFile.id == file.id).values(next_attempt_at=again)
            )

    async def _lost(self, file: ChatFile, why: Reason) -> None:
        logger.warning("chat: file %s could not be fetched: %s", file.id, why)
        await self._settle(file, status="failed", reason=why.value)

    async def _settle(self, file: ChatFile, **facts: object) -> None:
        """Say what became of a file, on its row and on every attachment that waited for it."""
        async with transaction(self.runtime.database) as session:
            await session.execute(update(ChatFile).where(ChatFile.id == file.id).values(**facts))
            await self._attach(session, file.ref, facts)
        self.runtime.bell.ring("tickets")

    async def _attach(self, session: AsyncSession, ref: str, facts: dict[str, object]) -> None:
        names = {"path": "file_path", "size": "file_size", "name": "file_name"}
        values = {names.get(name, name): value for name, value in facts.items()}
        ours = select(Message.id).where(Message.channel == self.channel)
        await session.execute(
            update(TicketAttachment)
            .where(
                TicketAttachment.remote_ref == ref,
                TicketAttachment.status == "pending",
                TicketAttachment.message_id.in_(ours),
            )
            .values(**values, remote_ref=None)
            .execution_options(synchronize_session=False)
        )
