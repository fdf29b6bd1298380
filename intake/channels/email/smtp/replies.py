"""What a peer is told (RFC 5321 §4.2, RFC 3463). Whatever is our fault is 451, a full disk 452."""

import logging

from core.ground.database import DatabaseAwayError
from core.ground.storage import StorageFull, StorageUnavailable

logger = logging.getLogger(__name__)

OK = "250 2.0.0 OK, kept"
LATER = "451 4.3.0 Our fault, try again later"
FULL = "452 4.3.1 No space left, try again later"
BUSY = "421 4.3.2 Too many connections, try again later"
CLOSING = "421 4.3.2 Going down, try again later"
UNKNOWN = "550 5.1.1 No such mailbox here"
TOO_MANY = "452 4.5.3 Too many recipients, send the rest separately"
TOO_FAST = "450 4.7.1 Too many messages, slow down"
NO_AUTH = "502 5.5.1 There is nothing to sign in to"
CANNOT_TELL = "252 2.1.5 Cannot tell, but will take mail for our own mailboxes"
NO_LISTS = "502 5.5.1 There are no lists to expand"


def status_of(error: Exception) -> str:
    """Return the temporary answer for a fault of ours, and log its kind alone."""
    full = error.is_full if isinstance(error, DatabaseAwayError) else isinstance(error, StorageFull)
    known = isinstance(error, (DatabaseAwayError, StorageUnavailable, TimeoutError))
    if not known:
        logger.error("mail not taken: %s", type(error).__name__)
    return FULL if full else LATER
