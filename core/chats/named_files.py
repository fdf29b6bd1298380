"""Which files rows name: what none names is removed from storage."""

from collections.abc import Collection

from core.ground.database import borrowed
from core.runtime import Runtime

_NAMED = """
SELECT file_path FROM ticket_attachments WHERE file_path = ANY($1)
UNION SELECT display_path FROM ticket_attachments WHERE display_path = ANY($1)
UNION SELECT clean_path FROM ticket_attachments WHERE clean_path = ANY($1)
UNION SELECT raw_path FROM inbound WHERE raw_path = ANY($1)
UNION SELECT path FROM chat_files WHERE path = ANY($1)
UNION SELECT display_path FROM chat_files WHERE display_path = ANY($1)
"""


async def named(runtime: Runtime, keys: Collection[str]) -> Collection[str]:
    """Return those of some keys that rows name. Raises DatabaseAwayError."""
    async with borrowed(runtime.database) as connection:
        rows = await connection.fetch(_NAMED, list(keys))
    return [row["file_path"] for row in rows]
