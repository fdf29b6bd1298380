"""Every limit of the mail door in one table: bytes and seconds; counts and paces are the core's."""

from dataclasses import dataclass

from core.ground.limit import BucketLimit, Cap, Pace
from core.ground.rate_limits import (
    MAIL_BYTES_ARRIVING,
    MAIL_BYTES_ARRIVING_OF_PEER,
    MAIL_BYTES_ARRIVING_OF_WIDE_NETWORK,
    MAIL_CONNECTIONS,
    MAIL_CONNECTIONS_OF_PEER,
    MAIL_CONNECTIONS_OF_WIDE_NETWORK,
    MAIL_PACE,
    MAILS,
)

KIBIBYTE = 1 << 10
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorLimits:
    """What one peer, one session and one mail may take. Beyond it: 421, 450, 452 or 552."""

    # one mail
    mail_bytes: int = 40 * MEBIBYTE  # announced as SIZE; base64 makes it 29 MiB of photos
    recipients: int = 50  # RFC 5321 §4.5.3.1.10 wants 100 to be possible; ours are a dozen
    drain_bytes: int = 80 * MEBIBYTE  # read of a mail too large, to say so instead of hanging up
    held_bytes: int = 256 * KIBIBYTE  # of one mail in memory; the rest of it waits on the disk

    # the whole door
    connections: Cap = MAIL_CONNECTIONS
    connections_of_peer: Cap = MAIL_CONNECTIONS_OF_PEER
    connections_of_wide_network: Cap = MAIL_CONNECTIONS_OF_WIDE_NETWORK
    bytes_arriving: Cap = MAIL_BYTES_ARRIVING
    bytes_arriving_of_peer: Cap = MAIL_BYTES_ARRIVING_OF_PEER
    bytes_arriving_of_wide_network: Cap = MAIL_BYTES_ARRIVING_OF_WIDE_NETWORK
    mails: BucketLimit = MAILS
    large_at_once: int = 2  # of those on the disk, read whole into memory to be committed
    commands: int = 1000  # of one session and one kind: RSET, NOOP, MAIL …

    # seconds; a slow but steady line is never cut before `transaction_seconds`
    greeting_seconds: float = 30.0  # until EHLO, the handshake of TLS from the first byte too
    command_seconds: float = 300.0  # RFC 5321 §4.5.3.2.7
    crowded_seconds: float = 30.0  # the same while three quarters of all places are taken
    pace: Pace = MAIL_PACE  # a quarter of its time may be slower, and can be put out meanwhile
    transaction_seconds: float = 2 * 3600.0
    large_seconds: float = 60.0  # until a large mail's turn comes to be committed
    store_seconds: float = 15.0  # until a commit that hangs becomes a 451
    closing_seconds: float = 10.0  # in which mails under way may end when we stop


DEFAULT_LIMITS = DoorLimits()
