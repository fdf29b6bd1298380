"""After an upgrade: what waited before the desk kept its words is read once, and screened.

Nothing is filed by it and nothing decided; the desk's list says what each is about, and danger
sounds its alarm.
"""

import logging
from collections.abc import Callable

from core.ground.storage import FileMissing, StorageUnavailable
from core.jobs.set_aside import Summary
from core.review.older import OlderMessage, OlderMessages
from core.runtime import Runtime
from intake.channel import Previewer, Raw
from intake.set_aside import summary_of

logger = logging.getLogger(__name__)

Previewers = Callable[[str], Previewer | None]


async def tell_older_messages(runtime: Runtime, previewers: Previewers) -> None:
    """Tell each of them once; what cannot be read now stays as it is. Raises DatabaseAwayError."""
    older = OlderMessages(runtime)
    for message_id in await older.untold():
        message = await older.look(message_id)
        summary = await _summary(runtime, previewers, message) if message is not None else None
        if summary is not None:
            await older.tell(message_id, summary)


async def _summary(
    runtime: Runtime, previewers: Previewers, message: OlderMessage
) -> Summary | None:
    channel = previewers(message.channel)
    if channel is None:
        return None
    try:
        shown = await channel.preview(await _raw(runtime, message))
    except (StorageUnavailable, FileMissing):
        return None
    except Exception as error:  # noqa: BLE001 - hostile input; it is shown as one that nobody read
        logger.warning("inbound %s cannot be told: %s", message.id, type(error).__name__)
        return None
    written = f"<{shown.sender}>" if shown.sender else ""
    who = " ".join(filter(None, (shown.sender_name, written)))
    told = {"who": who, "subject": shown.subject, "words": shown.words}
    return await summary_of(runtime.database, **told)


async def _raw(runtime: Runtime, message: OlderMessage) -> Raw:
    content = message.content
    if content is None:
        content = b"".join([part async for part in runtime.storage.read(message.key or "")])
    return Raw(
        id=message.id,
        channel=message.channel,
        external_id=message.external_id,
        envelope=message.envelope,
        content=content,
        received_at=message.received_at,
        attempts=0,
    )
