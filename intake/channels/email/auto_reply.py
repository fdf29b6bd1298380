"""Whether a mail gets an automatic answer (RFC 3834), and what waits for somebody to look at it.

The loop breaker counts, whatever headers the peer sets: MAIL_ANSWERS per address.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.ground.rate_limits import MAIL_ANSWERS
from intake.channels.email.received_mail import ReceivedMail
from intake.channels.email.report import is_command


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """One reason to set a mail aside that belongs to no ticket."""

    fits: Callable[[ReceivedMail], bool]
    status: str
    note: str


def _is_list(arrived: ReceivedMail) -> bool:
    """Tell a list from a mere no-reply sender: complaint portals write from those."""
    by_header = any(
        name.startswith("list-") or (name == "precedence" and value.lower() in ("bulk", "junk"))
        for name, value in arrived.mail.headers
    )
    return arrived.mail.automatic == "list" or (arrived.mail.automatic == "bulk" and by_header)


RULES: tuple[AnswerRule, ...] = (
    #    reason                                                      status         note for staff
    AnswerRule(lambda one: one.mail.automatic == "loop", "dropped", "a notice of ours came back"),
    AnswerRule(
        lambda one: one.mail.automatic == "auto-reply", "quarantined", "an automatic answer"
    ),
    AnswerRule(_is_list, "quarantined", "a mailing list or newsletter"),
    AnswerRule(
        lambda one: one.is_from_us and not one.authenticity.verified,
        "quarantined",
        "it claims to be from a mailbox of ours",
    ),
    AnswerRule(lambda one: is_command(one.mail), "quarantined", "a word for a mailing program"),
)


def set_aside(arrived: ReceivedMail) -> AnswerRule | None:
    """Return the first reason why a mail without a ticket makes none; None for all others."""
    return next((rule for rule in RULES if rule.fits(arrived)), None)


def may_answer(arrived: ReceivedMail, filed_lately: int) -> bool:
    """Say whether the sender hears that the report was received."""
    return (
        arrived.mail.answerable
        and bool(arrived.envelope_sender)
        and bool(arrived.sender)
        and not arrived.is_from_us
        and filed_lately < MAIL_ANSWERS.most
    )
