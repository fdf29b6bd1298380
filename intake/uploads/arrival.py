"""One file on its way in, whatever the channel: counted, judged, stored, drawn for display."""

import asyncio
import dataclasses
from collections.abc import AsyncIterable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from core.ground.storage import FileDraft, Storage, StorageUnavailable
from core.tickets.submission import StoredFile
from intake.uploads.images import Display, draw
from intake.uploads.limits import Limits
from intake.uploads.names import display_name, safe_name
from intake.uploads.types import Verdict, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """A file that is durable under its key; a row has to name it within two hours.

    Show `safe_name`; `original_name` is what was sent, for eyes only. A file whose verdict has a
    reason is quarantined: kept, listed by name, never offered for viewing.
    """

    field: str
    key: str
    sha256: str
    size: int
    original_name: str
    safe_name: str
    declared_type: str
    verdict: Verdict
    display: Display
    since: datetime | None = dataclasses.field(default=None, compare=False)
    """When it was kept for a form that came back, if it was."""

    @property
    def detected_type(self) -> str:
        """The MIME type of the content, `application/octet-stream` where it is unknown."""
        return self.verdict.mime

    @property
    def stored(self) -> StoredFile:
        """The file as the core keeps it; one that was judged dangerous is locked, with its reason.

        What an upload, a chat, a mail and an answer bring goes to the core this way.
        """
        return StoredFile(
            name=self.safe_name,
            path=self.key,
            size=self.size,
            mime_type=self.detected_type,
            status="stored" if self.verdict.accepted else "quarantined",
            reason=self.verdict.reason.value if self.verdict.reason else None,
            display_path=self.display_key,
        )

    @property
    def display_key(self) -> str | None:
        """The key of the copy that browsers may show, if there is one."""
        return self.display.key


class FileTooLarge(Exception):  # noqa: N818 - said by name to the person who sent it
    """The file is over its limit; nothing of it is kept."""


class Arrival:
    """A file being received. Leaving the context before `complete` leaves nothing behind."""

    def __init__(
        self,
        storage: Storage,
        *,
        name: str,
        declared: str = "",
        field: str = "",
        limits: Limits,
        share: str = "",
    ) -> None:
        """`share` is whose turn it is where pictures are drawn."""
        self._storage = storage
        self._share = share
        self._limits = limits
        self._field = field
        self._name = display_name(name, limits.name_characters)
        self._declared = declared
        self._draft: FileDraft = storage.draft()

    async def write(self, chunk: bytes) -> None:
        """Append bytes. Raises FileTooLarge, StorageFull, StorageUnavailable."""
        if self._draft.size + len(chunk) > self._limits.file_bytes:
            raise FileTooLarge
        await self._draft.write(chunk)

    async def finish(self) -> None:
        """Bring it to the disk; nothing is written after it. Raises StorageUnavailable."""
        await self._draft.finish()

    async def complete(self) -> ReceivedFile:
        """Judge the content, draw its display copy, store both durably.

        Raises StorageUnavailable where neither the store nor this machine can keep it.
        """
        draft = self._draft
        await draft.finish()
        verdict = await self._judged()
        display = await draw(draft.path, verdict, self._storage, self._limits, share=self._share)
        stored = await draft.keep()
        return ReceivedFile(
            field=self._field,
            key=stored.key,
            sha256=stored.sha256,
            size=stored.size,
            original_name=self._name,
            safe_name=safe_name(self._name, verdict.extension),
            declared_type=self._declared,
            verdict=verdict,
            display=display,
        )

    async def _judged(self) -> Verdict:
        try:
            return await asyncio.to_thread(judge, self._draft.path, self._name, self._declared)
        except OSError as error:
            raise StorageUnavailable("The received file cannot be read back.") from error

    async def __aenter__(self) -> Self:
        await self._draft.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._draft.__aexit__(kind, error, trace)


async def keep(
    chunks: AsyncIterable[bytes],
    storage: Storage,
    *,
    name: str,
    declared: str = "",
    limits: Limits,
) -> ReceivedFile:
    """Take in a whole file from any channel. Raises FileTooLarge and the storage's faults."""
    async with Arrival(storage, name=name, declared=declared, limits=limits) as arrival:
        async for chunk in chunks:
            await arrival.write(chunk)
        return await arrival.complete()
