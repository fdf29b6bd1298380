"""What a mail server's answer means for the notice: a table from its codes to our reasons."""

import re
from enum import StrEnum
from typing import NamedTuple

from core.ground.errors import DeliveryError, Reason


class SmtpStep(StrEnum):
    """Where in the conversation the answer came (RFC 5321 §4.1.1)."""

    GREETING = "greeting"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


class Meaning(NamedTuple):
    """An answer at some step, by basic and enhanced code (RFC 5321 §4.2, RFC 3463), means this."""

    step: SmtpStep | None
    code: str
    enhanced: str
    reason: Reason


MEANINGS: tuple[Meaning, ...] = (
    # step            code    enhanced   what it is; the first row that fits counts
    Meaning(SmtpStep.LOGIN, "4", "", Reason.UNREACHABLE),
    Meaning(SmtpStep.LOGIN, "", "", Reason.MISCONFIGURED),
    Meaning(SmtpStep.GREETING, "", "", Reason.UNREACHABLE),
    Meaning(None, "530", "", Reason.MISCONFIGURED),  # sign in first
    Meaning(None, "538", "", Reason.MISCONFIGURED),  # encrypt first
    Meaning(None, "4", "4.7.", Reason.THROTTLED),  # policy: too much, too fast
    Meaning(None, "4", "4.4.5", Reason.THROTTLED),  # congestion
    Meaning(None, "4", "", Reason.UNREACHABLE),  # full mailbox, greylisting, a fault of theirs
    Meaning(SmtpStep.SENDER, "5", "", Reason.MISCONFIGURED),  # they do not take us as a sender
    Meaning(SmtpStep.RECIPIENT, "5", "5.1.", Reason.UNKNOWN_RECIPIENT),  # no such address
    Meaning(SmtpStep.RECIPIENT, "5", "5.2.1", Reason.UNKNOWN_RECIPIENT),  # mailbox disabled
    Meaning(
        SmtpStep.RECIPIENT, "5", "5.2.", Reason.REFUSED
    ),  # full, or the mail is too long for it
    Meaning(SmtpStep.RECIPIENT, "5", "5.4.", Reason.UNKNOWN_RECIPIENT),  # no way to that domain
    Meaning(SmtpStep.RECIPIENT, "5", "5.7.", Reason.REFUSED),  # policy
    Meaning(SmtpStep.RECIPIENT, "550", "", Reason.UNKNOWN_RECIPIENT),
    Meaning(SmtpStep.RECIPIENT, "551", "", Reason.UNKNOWN_RECIPIENT),
    Meaning(SmtpStep.RECIPIENT, "553", "", Reason.UNKNOWN_RECIPIENT),
    Meaning(None, "5", "", Reason.REFUSED),
)

_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


def error_of(step: SmtpStep, code: int, text: str) -> DeliveryError:
    """Return the error that an answer of a server means. Only its codes are kept, not its words."""
    found = _ENHANCED.search(text[:200])
    enhanced = found[1] if found else ""
    reason = next(
        (
            row.reason
            for row in MEANINGS
            if row.step in (None, step)
            and str(code).startswith(row.code)
            and enhanced.startswith(row.enhanced)
        ),
        Reason.UNREACHABLE,  # an answer that is none
    )
    return DeliveryError(reason, " ".join(filter(None, (step.value, str(code), enhanced))))
