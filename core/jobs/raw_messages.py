"""Raw messages: hostile input is committed as it came and answered first, read afterwards.

A listener calls `store` and answers once it returns; `intake.raw_reading` reads one. `retry` is for
operators.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from core.audit.trail import note_change
from core.ground import storable
from core.ground.database import DatabaseAwayError, borrowed, transaction
from core.ground.faults import reach
from core.ground.ids import uuid7
from core.runtime import Runtime

IN_ROW_BYTES = 256 * 1024
"""Raw messages up to this size lie in their row; larger ones in storage."""

_STORE = """
WITH fresh AS (
    INSERT INTO inbound (id, channel, external_id, content_hash, lane, envelope, raw, raw_path,
                         received_at, next_attempt_at, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $10)
        ON CONFLICT (channel, external_id, content_hash) DO NOTHING
    RETURNING id
)
SELECT id, true AS is_new FROM fresh
UNION ALL
SELECT id, false FROM inbound WHERE channel = $2 AND external_id = $3 AND content_hash = $4
 LIMIT 1
"""

_RETRY = """
UPDATE inbound SET status = 'pending', attempts = 0, losses = 0, held_by = NULL, last_error = NULL,
                   verdict = NULL, verdict_ticket_id = NULL, decided_by = NULL, decided_at = NULL,
                   next_attempt_at = :now, reopened_at = :now, updated_at = :now
 WHERE id = :id AND status IN ('quarantined', 'dropped')
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class RawMessages:
    """Messages as they came. Every verb raises DatabaseAwayError."""

    runtime: Runtime

    async def store(
        self,
        channel: str,
        external_id: str,
        content: bytes,
        envelope: Mapping[str, object],
        received_at: datetime,
    ) -> tuple[UUID, bool]:
        """Commit one raw message; return its id, and whether it is new. Then answer the sender.

        The same id with the same content is one row, however often it comes. An envelope may name
        a `lane`, such as a chat's id: later messages of a lane wait for the earlier ones.
        Raises StorageUnavailable too: temporary, the sender must keep it.
        """
        runtime = self.runtime
        raw: bytes | None = content
        path: str | None = None
        if len(content) > IN_ROW_BYTES:
            raw, path = None, (await runtime.storage.put_stream(_chunks(content))).key
        lane = envelope.get("lane")
        values = (
            uuid7(),
            channel,
            storable.name(external_id),
            hashlib.sha256(content).digest(),
            None if lane is None else f"{channel}:{storable.name(str(lane))}",
            json.dumps(storable.mapping(envelope)),
            raw,
            path,
            received_at,
            runtime.clock(),
        )
        row_id, is_new = await _store_once(runtime, values)
        reach("inbound.stored")
        runtime.bell.ring("inbound")
        return row_id, is_new

    async def retry(self, inbound_id: UUID) -> bool:
        """Let a quarantined or dropped message be understood again, with all its attempts.

        By the same rules: what one of them set aside it sets aside again, unless its source is
        trusted by now. Whatever was decided is forgotten, but for the audit's line of it and the
        one of this. False where there is none.
        """
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            found = await session.scalar(text(_RETRY), {"id": inbound_id, "now": now})
            if found is not None:
                note_change(session, None, "message.read_again", now, subject_id=inbound_id)
        self.runtime.bell.ring("inbound")
        return found is not None


async def _store_once(runtime: Runtime, values: tuple[object, ...]) -> tuple[UUID, bool]:
    """Store; a lost answer is asked for again, and the unique key tells what became of it."""
    fault: Exception | None = None
    for _ in range(3):
        try:
            async with borrowed(runtime.database) as connection:
                row = await connection.fetchrow(_STORE, *values)
        except DatabaseAwayError as error:
            if fault is not None:
                raise
            fault = error
            continue
        if row is not None:  # None: an equal one was committed meanwhile; the next look finds it
            return row["id"], row["is_new"] or row["id"] == values[0]
    raise DatabaseAwayError from fault


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 1 << 20):
        yield content[start : start + (1 << 20)]
