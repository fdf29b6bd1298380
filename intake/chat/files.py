"""Files of a chat as the dialogue knows them, and as the core keeps them."""

from sqlalchemy.ext.asyncio import AsyncSession

from core.chats import files
from core.chats.session import ChatSession
from core.ground.clock import Clock
from core.tickets.submission import StoredFile
from intake.dialogue.state import File, Said
from intake.uploads.arrival import ReceivedFile


async def expect(session: AsyncSession, chat: ChatSession, file: File, clock: Clock) -> None:
    """Note that a file is to be fetched; one that is here already stays as it is."""
    await files.expect(
        session,
        chat.channel,
        chat.address,
        ref=file.ref,
        name=file.name or file.kind,
        size=file.size,
        now=clock(),
    )


async def keep(
    session: AsyncSession, channel: str, address: str, file: ReceivedFile, clock: Clock
) -> None:
    """Note a file that came whole with its message; its key in storage is its name."""
    await files.keep(session, channel, address, file.stored, clock())


async def files_of(
    session: AsyncSession, chat: ChatSession, said: tuple[Said, ...]
) -> tuple[StoredFile, ...]:
    """Return the files that came with these words, as far as they are here."""
    sent = [each.file for each in said if each.file]
    if not sent:
        return ()
    refs = [file.ref for file in sent]
    known = await files.known(session, chat.channel, chat.address, refs)
    return tuple(known.get(file.ref) or _announced(file) for file in sent)


def _announced(file: File) -> StoredFile:
    name = file.name or file.kind
    return StoredFile(name=name, size=file.size, status="pending", remote_ref=file.ref)
