"""From bytes of outside to values of ours. Pure: the part of a channel that is worth most tests."""

import json
from dataclasses import dataclass

from core.tickets.follow_up import FollowUp
from core.tickets.submission import Address, Submission

NAME = "skeleton"


class UnreadableError(Exception):
    """The body is not what this channel speaks; the sentence is for the sender."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as the provider tells it."""

    key: str
    sender: str
    words: str
    ticket: str | None = None
    """The tracking code of the ticket it answers, if any."""

    def as_submission(self) -> Submission:
        """Make a report of it; its sender is where news goes, and the channel answers at once."""
        return Submission(
            channel=NAME,
            key=self.key,
            words=self.words,
            addresses=(Address(channel=NAME, address=self.sender, confirmed=True),),
            acknowledged=True,
        )

    def as_follow_up(self) -> FollowUp:
        """Make a follow-up of it."""
        return FollowUp(channel=NAME, key=self.key, words=self.words)


def parse(body: bytes) -> Incoming:
    """Read one message. Raises UnreadableError; every text is kept as it came."""
    try:
        told = json.loads(body)
        incoming = Incoming(
            key=str(told["key"]),
            sender=str(told["sender"]),
            words=str(told["words"]),
            ticket=str(told["ticket"]) if told.get("ticket") else None,
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise UnreadableError("Send a JSON object with key, sender and words.") from None
    if not incoming.words.strip():
        raise UnreadableError("The words are missing.")
    return incoming
