"""What is removed once it has served: chat replies, raw messages, files that no row names."""

from collections.abc import Collection
from datetime import timedelta

from core.ground import stored_buckets
from core.ground.database import borrowed, transaction
from core.ground.storage import Swept
from core.runtime import Runtime

CHAT_REPLIES = timedelta(days=7)
"""A chat's questions and answers before there is a ticket; with a ticket they are its history."""
RAW_DONE = timedelta(days=30)
"""The original of what became a ticket, kept for a while in case it was misunderstood."""
RAW_DROPPED = timedelta(days=7)
"""Loops and repeats. What is quarantined stays until a person decides."""
CHAT_FILES = timedelta(days=30)
"""Longer than any draft lives; a file on a ticket is named by the ticket by then."""
CHAT_MESSAGES = timedelta(days=180)
"""As long as somebody may still reply to a message of ours, or edit one of theirs."""
CHATS = timedelta(days=365)
"""A chat that nobody wrote in for so long is forgotten; its tickets stay."""
SIGN_INS = timedelta(days=90)
"""Sessions and links that ended, kept so long for whoever asks who was signed in."""
ORPHANS = timedelta(hours=48)
"""Longer than any upload waits for its row."""

_CHAT_REPLIES = """
DELETE FROM deliveries
 WHERE ticket_id IS NULL AND status IN ('sent', 'failed', 'dead', 'cancelled')
   AND created_at < $1
"""

_RAW = """
DELETE FROM inbound
 WHERE status = 'done' AND created_at < $1 OR status = 'dropped' AND created_at < $2
"""

_CHAT_FILES = "DELETE FROM chat_files WHERE status <> 'pending' AND created_at < $1"
_CHAT_MESSAGES = "DELETE FROM chat_messages WHERE created_at < $1"
_CHATS = "DELETE FROM chat_sessions WHERE updated_at < $1"

_SESSIONS = "DELETE FROM auth.sessions WHERE coalesce(ended_at, seen_at) < $1"
_LINKS = "DELETE FROM auth.links WHERE expires_at < $1"

_KNOWN = """
SELECT file_path FROM ticket_attachments WHERE file_path = ANY($1)
UNION SELECT display_path FROM ticket_attachments WHERE display_path = ANY($1)
UNION SELECT raw_path FROM inbound WHERE raw_path = ANY($1)
UNION SELECT path FROM chat_files WHERE path = ANY($1)
UNION SELECT display_path FROM chat_files WHERE display_path = ANY($1)
"""


async def forget_chat_replies(runtime: Runtime) -> None:
    """Remove what a chat said without a ticket, some days after it was said."""
    async with borrowed(runtime.database) as connection:
        await connection.execute(_CHAT_REPLIES, runtime.clock() - CHAT_REPLIES)


async def forget_raw_messages(runtime: Runtime) -> None:
    """Remove raw messages that were understood or dropped."""
    now = runtime.clock()
    async with borrowed(runtime.database) as connection:
        await connection.execute(_RAW, now - RAW_DONE, now - RAW_DROPPED)


async def forget_chats(runtime: Runtime) -> None:
    """Remove what chats no longer need: files that are elsewhere by now, and chats left alone."""
    now = runtime.clock()
    async with borrowed(runtime.database) as connection:
        await connection.execute(_CHAT_FILES, now - CHAT_FILES)
        await connection.execute(_CHAT_MESSAGES, now - CHAT_MESSAGES)
        await connection.execute(_CHATS, now - CHATS)


async def forget_rate_limits(runtime: Runtime) -> None:
    """Remove the buckets that are full again anyway."""
    async with transaction(runtime.database) as session:
        await stored_buckets.forget_full(session, runtime.clock())


async def forget_sign_ins(runtime: Runtime) -> None:
    """Remove sessions that ended or were left, and links that ran out, long ago."""
    before = runtime.clock() - SIGN_INS
    async with borrowed(runtime.database) as connection:
        await connection.execute(_SESSIONS, before)
        await connection.execute(_LINKS, before)


async def remove_orphaned_files(runtime: Runtime) -> Swept:
    """Remove files that no row names; what was stored within ORPHANS is left alone."""

    async def known(keys: Collection[str]) -> Collection[str]:
        async with borrowed(runtime.database) as connection:
            rows = await connection.fetch(_KNOWN, list(keys))
        return [row["file_path"] for row in rows]

    return await runtime.storage.sweep_orphans(known, runtime.clock() - ORPHANS)
