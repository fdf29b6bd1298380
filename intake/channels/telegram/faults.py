"""What Telegram's refusals mean in our vocabulary. Nothing of it holds a token or a text."""

from collections.abc import Callable
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from core.ground.errors import DeliveryError, Reason

_NOBODY = ("chat not found", "peer_id_invalid", "user not found", "user is deactivated")
_NEVER_LEFT = frozenset({"ConnectTimeout", "ConnectError", "PoolTimeout"})
"""Causes after which the message cannot have arrived."""
_LOST_ANSWER = frozenset({"ReadTimeout", "ReadError", "RemoteProtocolError", "WriteTimeout"})
_SERVER_FAULT = ("bad gateway", "internal server error", "gateway timeout", "service unavailable")


def failure(error: TelegramError) -> DeliveryError:
    """Return the failure of a delivery; whatever is not in the table is a passing fault."""
    for kind, means in FAILURES:
        if isinstance(error, kind):
            return means(error)
    return DeliveryError(Reason.UNREACHABLE, type(error).__name__)


def _throttled(error: TelegramError) -> DeliveryError:
    span = getattr(error, "retry_after", 1)
    wait = span if isinstance(span, timedelta) else timedelta(seconds=span)
    return DeliveryError(Reason.THROTTLED, "429", retry_after=wait)


def _moved(error: TelegramError) -> DeliveryError:
    new = getattr(error, "new_chat_id", "")
    return DeliveryError(Reason.MOVED, "the group became a supergroup", new_address=str(new))


def _refused(error: TelegramError) -> DeliveryError:
    said = error.message.lower()
    if any(words in said for words in _NOBODY):
        return DeliveryError(Reason.UNKNOWN_RECIPIENT, "chat not found")
    return DeliveryError(Reason.REFUSED, "400")


def _unanswered(error: TelegramError) -> DeliveryError:
    """Tell a message that never left from one whose answer was lost."""
    cause = type(error.__cause__).__name__
    if cause in _NEVER_LEFT:
        return DeliveryError(Reason.UNREACHABLE, cause)
    if isinstance(error, TimedOut) or cause in _LOST_ANSWER:
        return DeliveryError(Reason.UNCLEAR, "no answer")
    said = error.message.lower()
    known = next((words for words in _SERVER_FAULT if words in said), type(error).__name__)
    return DeliveryError(Reason.UNREACHABLE, known)


FAILURES: tuple[tuple[type[TelegramError], Callable[[TelegramError], DeliveryError]], ...] = (
    # read from top to bottom: BadRequest and TimedOut are network errors to the library
    (RetryAfter, _throttled),
    (ChatMigrated, _moved),
    (Forbidden, lambda _: DeliveryError(Reason.BLOCKED, "403")),
    (InvalidToken, lambda _: DeliveryError(Reason.MISCONFIGURED, "the token is not accepted")),
    (Conflict, lambda _: DeliveryError(Reason.UNREACHABLE, "409")),
    (BadRequest, _refused),
    (NetworkError, _unanswered),
)
