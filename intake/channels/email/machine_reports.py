"""What mail systems report on our notices: unwanted, read, delivered. None of it is a complaint.

| report                       | of a notice of ours                            | of another mail |
|------------------------------|------------------------------------------------|-----------------|
| unwanted (RFC 5965)          | nothing more goes to that address; staff know  | set aside       |
| other feedback (RFC 6591, …) | set aside: it is about our mail system         | set aside       |
| read (RFC 8098)              | dropped                                        | set aside (1)   |
| delivered (RFC 3464)         | dropped                                        | set aside (1)   |

(1) dropped where it came from the null sender, as such a report must (RFC 8098 §2.1). Whose notice
it is about, our signature alone says.
"""

from typing import Final

from core.deliveries.undelivered import Undelivered
from core.jobs.set_aside import ABUSE_REPORT, AUTOMATIC_ANSWER
from core.runtime import Runtime
from intake.channel import Processed
from intake.channels.email.received_mail import ReceivedMail
from intake.channels.email.tokens import Tokens
from intake.channels.email.understanding.mail import MachineReport

_UNWANTED: Final = frozenset(
    {"abuse", "fraud", "virus", "opt-out", "opt-out-list", "miscategorized", "complaint"}
)
"""Feedback-Types after which that person is written to no more there (RFC 5965 §7.3)."""


async def take_report(
    runtime: Runtime, tokens: Tokens, arrived: ReceivedMail, report: MachineReport
) -> Processed:
    """Do what the table above says. Raises DatabaseAwayError."""
    signed = (
        *map(tokens.delivery_of, report.original_ids),
        *map(tokens.bounced_delivery, (*report.original_paths, *arrived.recipients)),
    )
    delivery_id = next(filter(None, signed), None)
    if report.kind != "feedback":
        if delivery_id is not None or not arrived.envelope_sender:
            return Processed(status="dropped", note="a notice was delivered or read")
        return Processed(
            status="quarantined",
            reason=AUTOMATIC_ANSWER,
            note="it says that a mail was read",
        )
    if delivery_id is not None and report.feedback in _UNWANTED:
        ticket_id = await Undelivered(runtime).complained(delivery_id, report.feedback)
        return Processed(ticket_id=ticket_id, note="a notice was reported as unwanted")
    return Processed(
        status="quarantined",
        reason=ABUSE_REPORT,
        note="a provider's report on some mail",
    )
