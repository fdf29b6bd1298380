"""Files of a chat: noted when they come, put on the ticket that their words go to."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.file import ChatFile
from core.chats.session import ChatSession
from core.ground.clock import Clock
from core.tickets.submission import StoredFile
from intake.dialogue.state import File, Said
from intake.uploads.arrival import ReceivedFile


async def expect(session: AsyncSession, chat: ChatSession, file: File, clock: Clock) -> None:
    """Note that a file is to be fetched; one that is here already stays as it is."""
    row = {
        "channel": chat.channel,
        "address": chat.address,
        "ref": file.ref,
        "name": file.name or file.kind,
        "size": max(file.size, 0),
        "next_attempt_at": clock(),
    }
    await session.execute(insert(ChatFile).values(**row).on_conflict_do_nothing())


async def keep(
    session: AsyncSession, channel: str, address: str, file: ReceivedFile, clock: Clock
) -> None:
    """Note a file that came whole with its message; its key in storage is its name."""
    row = {
        "channel": channel,
        "address": address,
        "ref": file.key,
        "next_attempt_at": clock(),
        **columns(file.stored),
    }
    await session.execute(insert(ChatFile).values(**row).on_conflict_do_nothing())


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


async def files_of(
    session: AsyncSession, chat: ChatSession, said: tuple[Said, ...]
) -> tuple[StoredFile, ...]:
    """Return the files that came with these words, as far as they are here.

    Their rows are locked, so that a file fetched at this moment finds its attachment.
    """
    files = [each.file for each in said if each.file]
    if not files:
        return ()
    query = (
        select(ChatFile)
        .where(
            ChatFile.channel == chat.channel,
            ChatFile.address == chat.address,
            ChatFile.ref.in_([file.ref for file in files]),
        )
        .order_by(ChatFile.id)
        .with_for_update(read=True)
    )
    known = {row.ref: row for row in await session.scalars(query)}
    return tuple(_stored(file, known.get(file.ref)) for file in files)


def _stored(file: File, row: ChatFile | None) -> StoredFile:
    if row is None:
        name = file.name or file.kind
        return StoredFile(name=name, size=file.size, status="pending", remote_ref=file.ref)
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
