"""Files of a chat: noted when they come, put on the ticket that their words go to."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.file import ChatFile
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
    row = {"channel": channel, "address": address, "ref": file.path, "next_attempt_at": now}
    await session.execute(insert(ChatFile).values(**row, **columns(file)).on_conflict_do_nothing())


def columns(kept: StoredFile) -> dict[str, object]:
    """Return what a chat's row says of a file that is here."""
    return {
        "name": kept.name,
        "size": kept.size,
        "status": kept.status,
        "path": kept.path,
        "mime_type": kept.mime_type,
        "display_path": kept.display_path,
        "reason": kept.reason,
    }


async def known(
    session: AsyncSession, channel: str, address: str, refs: Collection[str]
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
    return {row.ref: _stored(row) for row in await session.scalars(query)}


def _stored(row: ChatFile) -> StoredFile:
    return StoredFile(
        name=row.name,
        path=row.path,
        size=row.size,
        mime_type=row.mime_type,
        status=row.status,
        reason=row.reason,
        display_path=row.display_path,
        remote_ref=row.ref if row.status == "pending" else None,
    )
