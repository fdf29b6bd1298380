"""A mail's files into storage: judged one by one, none of them ever a reason to lose the mail."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from core.ground.storage import Storage, StorageUnavailable
from core.tickets.submission import StoredFile
from intake.channels.email.understanding.mail import Attachment
from intake.channels.email.understanding.secured import is_signature
from intake.uploads.arrival import FileTooLarge, keep
from intake.uploads.limits import Limits
from intake.uploads.reasons import Reason

_CHUNK = 1 << 20


def files_of(attachments: Sequence[Attachment]) -> list[Attachment]:
    """Return what a person attached; a signature that nobody checks stays in the original alone."""
    return [one for one in attachments if not is_signature(one.content_type)]


async def stored(
    attachments: Sequence[Attachment], storage: Storage, limits: Limits
) -> tuple[StoredFile, ...]:
    """Store a mail's files; one beyond `mail_files` stays in the original alone.

    One that no place of ours can keep is named with the reason: the words do not wait for it.
    """
    kept = files_of(attachments)[: limits.mail_files]
    return tuple([await _stored(one, storage, limits) for one in kept])


async def original(raw: bytes, storage: Storage) -> StoredFile:
    """Store the mail as it came, to be downloaded by staff and opened in a mail program.

    Raises StorageUnavailable: of a mail that cannot be read there is nothing else to file.
    """
    kept = await storage.put_stream(_chunks(raw))
    return StoredFile(
        name="original.eml", path=kept.key, size=kept.size, mime_type="message/rfc822"
    )


async def _stored(one: Attachment, storage: Storage, limits: Limits) -> StoredFile:
    try:
        file = await keep(
            _chunks(one.data),
            storage,
            name=one.filename,
            declared=one.content_type,
            limits=limits,
        )
    except FileTooLarge:
        return _lost(one, Reason.FILE_TOO_LARGE)
    except StorageUnavailable:
        return _lost(one, Reason.STORAGE_FAULT)
    return replace(file.stored, content_id=one.content_id)


def _lost(one: Attachment, reason: Reason) -> StoredFile:
    return StoredFile(
        name=one.filename,
        size=len(one.data),
        status="failed",
        reason=reason.value,
        content_id=one.content_id,
    )


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), _CHUNK):
        yield data[start : start + _CHUNK]
