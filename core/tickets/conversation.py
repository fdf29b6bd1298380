"""Messages that answer one another before any of ours was answered: they are one ticket.

A sender's program gives each message an id and names the ids it answers. Two messages belong
together if one names the other's own id. That both name a third is not enough: a thousand people
may answer one circular, each with a complaint of their own.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from core.ground.database import DatabaseAwayError, bare_connection, transaction
from core.ground.faults import reach
from core.runtime import Runtime
from core.tickets.concealing import names_kept
from core.tickets.desk import Desk
from core.tickets.submission import Receipt, Submission, key_of

OVERTAKEN: Final = timedelta(days=3)
"""How long a message may come after its own answer, and still be known by it."""
IDS: Final = 40
"""Ids that are kept of what a message answers: the first, and the newest."""

_PASSING = (
    asyncpg.ForeignKeyViolationError,  # what it refers to was deleted while it was filed
    asyncpg.TransactionRollbackError,  # two that waited for each other
)
_LOCK = """
SELECT pg_advisory_xact_lock(one.key)
  FROM (SELECT key FROM unnest($1::bigint[]) AS key ORDER BY key OFFSET 0) AS one
"""
_FILED = "SELECT ticket_id FROM messages WHERE idempotency_key = $1"
_ANSWERED = """
SELECT said.ticket_id
  FROM unnest($2::jsonb[]) AS sought(mail)
 CROSS JOIN LATERAL (
    SELECT m.ticket_id, m.received_at, m.id FROM messages m
     WHERE m.remarks ? 'mail' AND m.remarks -> 'mail' @> sought.mail AND m.channel = $1
     LIMIT 100) AS said  -- the limit has each id looked up in the index
  JOIN tickets t ON t.id = said.ticket_id
 WHERE t.status <> 'closed' OR t.closed_at >= $3
 ORDER BY said.received_at DESC, said.id DESC LIMIT 1
"""
_ANSWERING = """
SELECT DISTINCT m.ticket_id
  FROM unnest($2::jsonb[]) AS sought(mail)
  JOIN messages m ON m.remarks ? 'mail' AND m.remarks -> 'mail' @> sought.mail
  JOIN tickets t ON t.id = m.ticket_id
 WHERE m.channel = $1 AND m.received_at >= $3 AND t.status <> 'closed'
 LIMIT 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Where a message stands among others, by the ids that their senders gave them."""

    own: str
    answers: tuple[str, ...] = ()
    """The oldest first."""

    @property
    def bounded(self) -> tuple[str, ...]:
        """Return what it answers, the first and the newest, IDS at most."""
        if len(self.answers) <= IDS:
            return self.answers
        return (self.answers[0], *self.answers[1 - IDS :])


@dataclass(frozen=True, slots=True)
class Conversations:
    """Files a report, unless what it answers is a ticket already."""

    runtime: Runtime

    async def submit(
        self, submission: Submission, conversation: Conversation, *, may_join: bool
    ) -> Receipt | UUID:
        """File a report and return its receipt, or the ticket of the conversation it belongs to.

        Messages of one conversation that are filed at the same moment, by whatever processes,
        come to one ticket. Where it may not join, it is filed whatever the others are. A report
        told twice is the same receipt. Raises DatabaseAwayError.
        """
        reach("submit.before")
        try:
            async with transaction(self.runtime.database) as session:
                connection = await bare_connection(session)
                await connection.execute(_LOCK, _keys(submission.channel, conversation))
                if may_join:
                    ticket_id = await self._joins(connection, submission, conversation)
                    if ticket_id is not None:
                        return ticket_id
                receipt = await Desk(self.runtime).submit_within(session, submission)
        except _PASSING as error:
            raise DatabaseAwayError from error
        reach("submit.committed")
        if not receipt.repeated or receipt.merged:
            rings = ("cleanings",) if submission.files else ()
            self.runtime.bell.ring("deliveries", "tickets", *rings)
        return receipt

    async def _joins(
        self,
        connection: "asyncpg.Connection[asyncpg.Record]",
        submission: Submission,
        conversation: Conversation,
    ) -> UUID | None:
        key = key_of(submission.channel, submission.key)
        if await connection.fetchval(_FILED, key) is not None:
            return None
        now, channel = self.runtime.clock(), submission.channel
        directory = await self.runtime.directory.fresh()
        grace = now - timedelta(days=directory.hospital.reopen_days)
        sought = [
            json.dumps({"message_id": each})
            for one in conversation.bounded
            for each in names_kept(self.runtime, one)
        ]
        found: UUID | None = await connection.fetchval(_ANSWERED, channel, sought, grace)
        return found or await self._answered_by(connection, channel, conversation.own, now)

    async def _answered_by(
        self,
        connection: "asyncpg.Connection[asyncpg.Record]",
        channel: str,
        own: str,
        now: datetime,
    ) -> UUID | None:
        """Return the one ticket whose messages answer this one; None where there are several."""
        names = names_kept(self.runtime, own)
        named = [json.dumps({"answers": [each]}) for each in names]
        rows = await connection.fetch(_ANSWERING, channel, named, now - OVERTAKEN)
        return rows[0]["ticket_id"] if len(rows) == 1 else None


def _keys(channel: str, conversation: Conversation) -> list[int]:
    ids = {conversation.own, *conversation.bounded}
    digests = (hashlib.sha256(f"{channel}:{one}".encode()).digest() for one in ids)
    return sorted(int.from_bytes(digest[:8], signed=True) for digest in digests)
