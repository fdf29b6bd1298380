"""What is removed once it has served: chat replies, raw messages, files that no row names.

Each run removes so many rows at most, a batch in each transaction, and says `MORE` where some are
left: no run holds the others up, however much had gathered.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import Enum, auto

from core.chats.named_files import named
from core.ground.clock import system_clock
from core.ground.database import borrowed
from core.ground.refusal_ledger import RefusedInHour
from core.ground.storage import Swept
from core.ground.stored_buckets import StoredBucket
from core.runtime import Runtime

CHAT_REPLIES = timedelta(days=7)
"""A chat's questions and answers before there is a ticket; with a ticket they are its history."""
RAW_DONE = timedelta(days=30)
"""The original of what became a ticket, kept for a while in case it was misunderstood."""
RAW_DROPPED = timedelta(days=7)
"""Loops, repeats, codes alone, and what a person said is no report. What is quarantined stays until
somebody decides."""
CHAT_FILES = timedelta(days=30)
"""Longer than any draft lives; a file on a ticket is named by the ticket by then."""
CLEANINGS = timedelta(days=30)
"""Of files that were cleaned; what became of them stands on their own rows."""
CHAT_MESSAGES = timedelta(days=180)
"""As long as somebody may still reply to a message of ours, or edit one of theirs."""
CHATS = timedelta(days=365)
"""A chat that nobody wrote in for so long is forgotten; its tickets stay."""
SIGN_INS = timedelta(days=90)
"""Sessions and links that ended, kept so long for whoever asks who was signed in."""
ORPHANS = timedelta(hours=3)
"""Longer than any file waits for its row: a form that comes back keeps its files for two hours."""
LEFTOVERS = timedelta(hours=48)
"""Longer than a form takes on a bad line, whose files are no files yet."""
RINGS = timedelta(hours=1)
"""Calls that rang at the exchange."""
REFUSALS = timedelta(days=90)
"""How often each limit refused, by the hour."""

BATCH = 1000
"""Rows removed in one transaction."""
BATCHES = 10
"""Transactions of one run."""


class Run(Enum):
    """What a bounded run got through with."""

    ALL = auto()
    MORE = auto()


MORE = Run.MORE

_CHAT_REPLIES = (
    "deliveries",
    "ticket_id IS NULL AND status IN ('sent', 'failed', 'dead', 'cancelled') AND created_at < $1",
)
_DECIDED = "created_at < $1 AND (decided_at IS NULL OR decided_at < $1)"
"""What waited for a person is kept as long as anything else, from the decision on."""
_RAW_DONE = ("inbound", f"status = 'done' AND {_DECIDED}")
_RAW_DROPPED = ("inbound", f"status = 'dropped' AND {_DECIDED}")
_CHAT_FILES = (
    "chat_files",
    "status IN ('stored', 'quarantined', 'failed') AND created_at < $1",
)
_CLEANINGS = ("cleanings", "status IN ('done', 'failed') AND created_at < $1")
_CHAT_MESSAGES = ("chat_messages", "created_at < $1")
_CHATS = ("chat_sessions", "updated_at < $1")
_SESSIONS = ("auth.sessions", "coalesce(ended_at, seen_at) < $1")
_BUCKETS = (StoredBucket.__tablename__, "busy_until < $1")
_REFUSALS = (RefusedInHour.__tablename__, "hour < $1")
_RINGS = ("ringing_calls", "rang_at < $1")
_LINKS = ("auth.links", "expires_at < $1")


async def forget_chat_replies(runtime: Runtime) -> Run:
    """Remove what a chat said without a ticket, some days after it was said."""
    return await _forget(runtime, (_CHAT_REPLIES, CHAT_REPLIES))


async def forget_raw_messages(runtime: Runtime) -> Run:
    """Remove raw messages that were understood or dropped."""
    return await _forget(runtime, (_RAW_DONE, RAW_DONE), (_RAW_DROPPED, RAW_DROPPED))


async def forget_chats(runtime: Runtime) -> Run:
    """Remove what chats no longer need: files that are elsewhere by now, and chats left alone."""
    return await _forget(
        runtime,
        (_CHAT_FILES, CHAT_FILES),
        (_CLEANINGS, CLEANINGS),
        (_CHAT_MESSAGES, CHAT_MESSAGES),
        (_CHATS, CHATS),
    )


async def forget_rate_limits(runtime: Runtime) -> Run:
    """Remove the buckets that are full again anyway."""
    return await _forget(runtime, (_BUCKETS, timedelta()))


async def forget_refusals(runtime: Runtime) -> Run:
    """Remove what limits refused long ago."""
    return await _forget(runtime, (_REFUSALS, REFUSALS))


async def forget_rings(runtime: Runtime) -> Run:
    """Remove who rang, and was taken down or not, within the hour."""
    return await _forget(runtime, (_RINGS, RINGS))


async def forget_sign_ins(runtime: Runtime) -> Run:
    """Remove sessions that ended or were left, and links that ran out, long ago."""
    return await _forget(runtime, (_SESSIONS, SIGN_INS), (_LINKS, SIGN_INS))


async def _forget(runtime: Runtime, *kinds: tuple[tuple[str, str], timedelta]) -> Run:
    """Remove what is older than its age, of each kind up to BATCHES batches."""
    now = runtime.clock()
    runs = [await _forget_kind(runtime, table, which, now - age) for (table, which), age in kinds]
    return MORE if MORE in runs else Run.ALL


async def _forget_kind(runtime: Runtime, table: str, which: str, before: datetime) -> Run:
    some = f"SELECT ctid FROM {table} WHERE {which} LIMIT {BATCH} FOR UPDATE SKIP LOCKED"  # noqa: S608 - ours
    statement = f"DELETE FROM {table} WHERE ctid IN ({some})"  # noqa: S608 - ours
    for _ in range(BATCHES):
        async with borrowed(runtime.database) as connection:
            done = await connection.execute(statement, before)
        if int(done.rpartition(" ")[2]) < BATCH:
            return Run.ALL
    return MORE


async def remove_orphaned_files(runtime: Runtime) -> Swept:
    """Remove files that no row names; what was stored within ORPHANS is left alone."""

    async def known(keys: Collection[str]) -> Collection[str]:
        return await named(runtime, keys)

    # files bear the stamps of this machine's clock, which may be behind the one that counts
    now = min(runtime.clock(), system_clock())
    return await runtime.storage.sweep_orphans(known, now - ORPHANS, leftovers=now - LEFTOVERS)
