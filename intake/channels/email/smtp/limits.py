"""Every limit of the mail door in one table: bytes, counts and seconds; paces are the core's."""

from dataclasses import dataclass

from core.ground.rate_limits import (
    MAIL_CONNECTIONS,
    MAIL_CONNECTIONS_OF_PEER,
    MAILS,
    BucketLimit,
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

    # the whole door
    memory_bytes: int = 256 * MEBIBYTE  # of all mails being received at one moment
    connections: int = MAIL_CONNECTIONS.most
    connections_per_peer: int = MAIL_CONNECTIONS_OF_PEER.most
    mails: BucketLimit = MAILS
    commands: int = 1000  # of one session and one kind: RSET, NOOP, MAIL …

    # seconds; a slow but steady line is never cut before `transaction_seconds`
    greeting_seconds: float = 30.0  # until EHLO
    command_seconds: float = 300.0  # RFC 5321 §4.5.3.2.7
    pace_seconds: float = 30.0  # within which `pace_bytes` of DATA must arrive
    pace_bytes: int = KIBIBYTE
    transaction_seconds: float = 2 * 3600.0
    store_seconds: float = 15.0  # until a commit that hangs becomes a 451
    closing_seconds: float = 10.0  # in which mails under way may end when we stop


DEFAULT_LIMITS = DoorLimits()
