"""Files of a chat: noted when they come, fetched, put on the ticket that their words went to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.file import CHAT_FILES, ChatFile
from core.ground.database import transaction
from core.ground.secret import Secret
from core.jobs.leasing import Held, Jobs, Settled
from core.runtime import Runtime
from core.tickets.cleaning import expect_cleaning_of
from core.tickets.file_names import revealed
from core.tickets.message import Message, TicketAttachment
from core.tickets.submission import StoredFile


async def expect(
    session: AsyncSession,
    channel: str,
    address: str,
    *,
    ref: str,
    name: str,
    size: int,
    now: datetime,
) -> None:
    """Note that a file is to be fetched; one that is here already stays as it is."""
    row = {
        "channel": channel,
        "address": address,
        "ref": ref,
        "name": name,
        "size": max(size, 0),
        "next_attempt_at": now,
    }
    await session.execute(insert(ChatFile).values(**row).on_conflict_do_nothing())


async def keep(
    session: AsyncSession, channel: str, address: str, file: StoredFile, now: datetime
) -> None:
    """Note a file that came whole with its message; its key in storage is its name."""
    row = {
        "channel": channel,
        "address": address,
        "ref": file.path,
        "next_attempt_at": now,
        "status": file.status,
        **_facts(file),
    }
    await session.execute(insert(ChatFile).values(**row).on_conflict_do_nothing())


async def known(
    session: AsyncSession, channel: str, address: str, refs: Collection[str], secret: Secret
) -> Mapping[str, StoredFile]:
    """Return the files of these names as far as they are known; those under way are `pending`.

    Their rows are locked, so that a file fetched at this moment finds its attachment.
    """
    query = (
        select(ChatFile)
        .where(
            ChatFile.channel == channel, ChatFile.address == address, ChatFile.ref.in_(list(refs))
        )
        .order_by(ChatFile.id)
        .with_for_update(read=True)
    )
    return {row.ref: _stored(row, secret) for row in await session.scalars(query)}


@dataclass(frozen=True, slots=True)
class ChatFiles:
    """What becomes of a file that a worker holds. Every verb raises DatabaseAwayError."""

    runtime: Runtime

    async def arrived(self, held: Held, file: StoredFile) -> None:
        """Keep a file that was fetched, on its row and on every attachment that waited for it."""
        await self._end(held, file.status, _facts(file))

    async def lost(self, held: Held, reason: str) -> None:
        """Say that a file will not come, and why (a code of `intake/uploads/reasons.py`)."""
        await self._end(held, "failed", {"reason": reason})

    async def later(self, held: Held, at: datetime, error: str, *, counts: bool) -> None:
        """Try it again at that moment."""
        again = Settled(status="pending", next_attempt_at=at, error=error, counts=counts)
        await Jobs(self.runtime, CHAT_FILES).settle(held, again)

    async def _end(self, held: Held, status: str, facts: Mapping[str, object]) -> None:
        ended = Settled(status=status, results=facts)
        async with transaction(self.runtime.database) as session:
            if await Jobs(self.runtime, CHAT_FILES).settle_within(session, held, ended):
                await _attach(session, held, status, facts)
                await expect_cleaning_of(session, str(facts.get("path", "")), self.runtime.clock())
        self.runtime.bell.ring("tickets")


async def _attach(
    session: AsyncSession, held: Held, status: str, facts: Mapping[str, object]
) -> None:
    names = {"path": "file_path", "size": "file_size", "name": "file_name"}
    ours = select(Message.id).where(Message.channel == held.row["channel"])
    await session.execute(
        update(TicketAttachment)
        .where(
            TicketAttachment.remote_ref == held.row["ref"],
            TicketAttachment.status == "pending",
            TicketAttachment.message_id.in_(ours),
        )
        .values(
            status=status,
            remote_ref=None,
            **{names.get(name, name): value for name, value in facts.items()},
        )
        .execution_options(synchronize_session=False)
    )


def _facts(file: StoredFile) -> dict[str, object]:
    return {
        "name": file.name,
        "size": file.size,
        "path": file.path,
        "mime_type": file.mime_type,
        "display_path": file.display_path,
        "reason": file.reason,
    }


def _stored(row: ChatFile, secret: Secret) -> StoredFile:
    is_under_way = row.status in CHAT_FILES.under_way
    return StoredFile(
        name=revealed(secret, row.name),
        path=revealed(secret, row.path),
        size=row.size,
        mime_type=row.mime_type,
        status="pending" if is_under_way else row.status,
        reason=row.reason,
        display_path=row.display_path,
        remote_ref=row.ref if is_under_way else None,
    )
