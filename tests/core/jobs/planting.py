"""Due rows of every queue, and a look at them; the conformance suite runs on each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import text

from core.chats.file import CHAT_FILES
from core.ground.database import transaction
from core.jobs.inbound import INBOUND
from core.jobs.queue import JobQueue
from core.notices.delivery import DELIVERIES
from core.runtime import Runtime
from core.tickets.cleaning import CLEANINGS

_COLUMNS: Mapping[str, str] = {
    # what a row of each table needs beside what all have
    "deliveries": "channel, recipient_ref, template, language",
    "inbound": "channel, external_id, content_hash, raw, received_at, lane",
    "chat_files": "channel, address, ref, name, lane",
    "cleanings": "attachment_id, lane",
}
_VALUES: Mapping[str, str] = {
    "deliveries": "'skeleton', :lane, 'chat', 'id'",
    "inbound": "'skeleton', :id, '\\x00', '\\x61', :now, :lane",
    "chat_files": "'skeleton', 'chat-1', :id, 'foto.jpg', :lane",
    "cleanings": "CAST(:id AS uuid), :lane",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One queue, and its rows for a test."""

    queue: JobQueue
    ends_as: str
    """A status of this table in which a row is at rest."""

    async def plant(
        self, runtime: Runtime, *, lane: str | None = None, at: datetime | None = None
    ) -> UUID:
        """Put in one row, due at once or at a moment; without a lane it has one of its own."""
        table, row_id = self.queue.table, uuid4()
        statement = (
            f"INSERT INTO {table} (id, next_attempt_at, created_at, updated_at,"
            f" {_COLUMNS[table]}) VALUES (CAST(:id AS uuid), :at, :now, :now, {_VALUES[table]})"
        )
        now = runtime.clock()
        values = {"id": str(row_id), "at": at or now, "now": now, "lane": lane or str(row_id)}
        async with transaction(runtime.database) as session:
            await session.execute(text(statement), values)
        return row_id

    async def row(self, runtime: Runtime, row_id: UUID) -> Mapping[str, object]:
        """Return a row as it is now."""
        async with transaction(runtime.database) as session:
            query = text(f"SELECT * FROM {self.queue.table} WHERE id = :id")
            return dict((await session.execute(query, {"id": row_id})).mappings().one())

    async def change(self, runtime: Runtime, row_id: UUID, **columns: object) -> None:
        """Write columns of a row."""
        given = ", ".join(f"{name} = :{name}" for name in columns)
        async with transaction(runtime.database) as session:
            query = text(f"UPDATE {self.queue.table} SET {given} WHERE id = :id")
            await session.execute(query, {"id": row_id, **columns})


FIELDS = (
    Field(DELIVERIES, "sent"),
    Field(INBOUND, "done"),
    Field(CHAT_FILES, "stored"),
    Field(CLEANINGS, "done"),
)
