"""A mail's files into storage: judged one by one, none of them ever a reason to lose the mail."""

from collections.abc import AsyncIterator, Sequence

from core.ground.storage import Storage
from core.tickets.submission import StoredFile
from intake.channels.email.understanding.mail import Attachment
from intake.uploads.arrival import FileTooLarge, keep
from intake.uploads.limits import Limits
from intake.uploads.reasons import Reason

MOST_FILES = 30
"""Of one mail; a further one stays in the original alone."""
_CHUNK = 1 << 20


async def stored(
    attachments: Sequence[Attachment], storage: Storage, limits: Limits
) -> tuple[StoredFile, ...]:
    """Store a mail's files. Raises StorageUnavailable: the mail is read again later."""
    return tuple([await _stored(one, storage, limits) for one in attachments[:MOST_FILES]])


async def original(raw: bytes, storage: Storage) -> StoredFile:
    """Store the mail as it came, to be downloaded by staff and opened in a mail program."""
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
        return StoredFile(
            name=one.filename,
            size=len(one.data),
            status="failed",
            reason=Reason.FILE_TOO_LARGE.value,
            content_id=one.content_id,
        )
    return StoredFile(
        name=file.safe_name,
        path=file.key,
        size=file.size,
        mime_type=file.detected_type,
        status="stored" if file.verdict.accepted else "quarantined",
        reason=file.verdict.reason.value if file.verdict.reason else None,
        display_path=file.display_key,
        content_id=one.content_id,
    )


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), _CHUNK):
        yield data[start : start + _CHUNK]
