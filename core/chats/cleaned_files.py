"""What becomes of an anonymous person's file in a worker's hands: a copy, a sealed original.

From the COMMIT on nothing names the plain file any more, a chat's row neither; then it is removed.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, cast, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.file import ChatFile
from core.chats.line import ChatLine
from core.chats.named_files import named
from core.chats.session import ChatSession
from core.ground.database import transaction
from core.ground.secret import Secret
from core.jobs.leasing import Held, Jobs, Settled
from core.runtime import Runtime
from core.tickets.cleaning import CLEANINGS, expect_older
from core.tickets.file_names import hidden, hidden_as, neutral_name
from core.tickets.message import TicketAttachment


@dataclass(frozen=True, slots=True, kw_only=True)
class FileToClean:
    """A file as it came. `path` is empty for one that was never kept: only its name is hidden."""

    id: UUID
    ticket_id: UUID
    path: str
    name: str
    mime_type: str
    is_stored: bool
    """Whether it was taken; what was locked when it came stays so."""
    display_path: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanCopy:
    """The copy that others get, or the reason why there is none."""

    path: str | None = None
    mime_type: str | None = None
    size: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CleanedFiles:
    """Every verb raises DatabaseAwayError."""

    runtime: Runtime

    async def find(self, held: Held) -> FileToClean | None:
        """Return the file of a held row; None where it is gone, or sealed already."""
        async with transaction(self.runtime.database) as session:
            file = await session.get(TicketAttachment, held.row["attachment_id"])
            if file is None or file.sealed_key is not None or file.status == "pending":
                return None
            return FileToClean(
                id=file.id,
                ticket_id=file.ticket_id,
                path=file.file_path,
                name=file.file_name,
                mime_type=file.mime_type,
                is_stored=file.status == "stored",
                display_path=file.display_path,
            )

    async def twin(self, path: str) -> tuple[str, CleanCopy] | None:
        """Return what was made of the same bytes before, whose plain copy is gone by now."""
        query = select(TicketAttachment).where(
            TicketAttachment.sealed_key.in_(hidden_as(self.runtime.secret, path))
        )
        async with transaction(self.runtime.database) as session:
            one = (await session.scalars(query.limit(1))).first()
            if one is None:
                return None
            copy = CleanCopy(
                path=one.clean_path,
                mime_type=one.clean_mime,
                size=one.clean_size,
                reason=one.clean_reason,
            )
            return one.file_path, copy

    async def done(
        self, held: Held, file: FileToClean, sealed: str, copy: CleanCopy, since: datetime
    ) -> None:
        """Keep the copy and the sealed original, and remove what lay open.

        `since`: what was stored again after this moment, by somebody else, is left alone.
        """
        secret, path = self.runtime.secret, file.path
        async with transaction(self.runtime.database) as session:
            await session.execute(
                update(TicketAttachment)
                .where(TicketAttachment.id == file.id, TicketAttachment.sealed_key.is_(None))
                .values(
                    file_path=sealed,
                    sealed_key=hidden(secret, path),
                    file_name=hidden(secret, file.name),
                    clean_path=copy.path,
                    clean_mime=copy.mime_type,
                    clean_size=copy.size,
                    clean_reason=copy.reason,
                )
                .execution_options(synchronize_session=False)
            )
            if path:
                await _forget_in_chats(session, file, secret)
            await Jobs(self.runtime, CLEANINGS).settle_within(session, held, Settled(status="done"))
        self.runtime.bell.ring("tickets", str(file.ticket_id))
        if path and not await named(self.runtime, [path]):
            await self.runtime.storage.remove(path, since)

    async def end(self, held: Held, status: str) -> None:
        """Say that there is nothing to do for a row, or that its file is not to be had."""
        await Jobs(self.runtime, CLEANINGS).settle(held, Settled(status=status))

    async def later(self, held: Held, at: datetime, error: str, *, counts: bool) -> None:
        """Try it again at that moment."""
        again = Settled(status="pending", next_attempt_at=at, error=error, counts=counts)
        await Jobs(self.runtime, CLEANINGS).settle(held, again)

    async def expect_older(self, most: int) -> int:
        """Have files of before there was cleaning cleaned, so many at most; return how many."""
        async with transaction(self.runtime.database) as session:
            return await expect_older(session, most, self.runtime.clock())


async def _forget_in_chats(session: AsyncSession, file: FileToClean, secret: Secret) -> None:
    """Hide a file on the row of the chat that it came by, and its name in what was said there."""
    came = select(ChatSession.id).join(
        ChatFile,
        and_(ChatFile.channel == ChatSession.channel, ChatFile.address == ChatSession.address),
    )
    neutral = cast({"files": [neutral_name(file.mime_type, 0, "id")]}, JSONB)
    await session.execute(
        update(ChatLine)
        .where(
            ChatLine.session_id.in_(came.where(ChatFile.path == file.path)),
            ChatLine.author == "person",
            func.jsonb_array_length(func.coalesce(ChatLine.payload["files"], cast([], JSONB))) > 0,
        )
        .values(payload=ChatLine.payload.op("||")(neutral))
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(ChatFile)
        .where(ChatFile.path == file.path)
        .values(path=hidden(secret, file.path), name=hidden(secret, file.name))
        .execution_options(synchronize_session=False)
    )
