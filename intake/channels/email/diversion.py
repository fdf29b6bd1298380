"""Which mail is diverted to the review desk or dropped, and who gets an automatic answer.

Words are evidence, never proof: no subject, no body, no single header that a list, a mailing
program or a provider adds to a person's mail diverts it. A row combines what together only a
machine sends. Where it stays uncertain the mail becomes a ticket, and nothing answers it
(RFC 3834). The table is also in docs/email.md; a test holds both equal.

What counts, whatever a mail says of itself, is in `mail_counts.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from core.jobs import set_aside as codes
from intake.channels.email.received_mail import ReceivedMail
from intake.channels.email.report import is_command
from intake.channels.email.understanding.mail import Sign

Fits = Callable[[ReceivedMail], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversion:
    """One row: what is seen together, what becomes of the mail, and why."""

    name: str
    seen: str
    """The evidence, as docs/email.md has it."""
    fits: Fits
    status: Literal["dropped", "quarantined"] = "quarantined"
    reason: str
    """A code of `core/jobs/set_aside.py`."""
    why: str

    @property
    def note(self) -> str:
        """What is noted with the raw message, for staff at the command line."""
        return f"{self.name}: {self.seen}; {self.why}"


def _all(*signs: Sign) -> Fits:
    return lambda one: one.mail.signs.issuperset(signs)


def _any(*signs: Sign) -> Fits:
    return lambda one: not one.mail.signs.isdisjoint(signs)


ABSENCE: Final[Fits] = _all("absence-subject")


def _has_null_sender(arrived: ReceivedMail) -> bool:
    """Tell by SMTP, or by the Return-Path that a server in between wrote."""
    return not arrived.envelope_sender or "null-sender" in arrived.mail.signs


def _answers_wordlessly(arrived: ReceivedMail) -> bool:
    """Tell whether it answers a notice of ours and says nothing of its own."""
    return arrived.answers_ours and not arrived.mail.reply.strip()


def _answers_alarm(arrived: ReceivedMail) -> bool:
    """Tell whether a program answers the review desk's alarm, for somebody who is away."""
    by_program = _any("auto-submitted", "answering-program")(arrived)
    by_server = ABSENCE(arrived) and (_has_null_sender(arrived) or _answers_wordlessly(arrived))
    return arrived.answers_alarm and (by_program or by_server)


def _bounced(arrived: ReceivedMail) -> bool:
    """Tell a server's report from a complaint that is worded like one."""
    by_server = _any("delivery-report", "failed-recipients", "daemon-sender")(arrived)
    return arrived.mail.bounce is not None and (by_server or _has_null_sender(arrived))


TABLE: tuple[Diversion, ...] = (
    Diversion(
        name="own id",
        seen="its Message-ID is one that we signed",
        fits=lambda one: one.is_own_notice,
        status="dropped",
        reason=codes.LOOP,
        why="our own notice, sent back as it was; we have it",
    ),
    Diversion(
        name="stray bounce",
        seen="null sender, and a delivery report (RFC 3464) that fails no notice of ours",
        fits=lambda one: _has_null_sender(one) and _all("delivery-report")(one),
        status="dropped",
        reason=codes.BOUNCE,
        why="a server reports on what is no concern of ours; no person writes so",
    ),
    Diversion(
        name="own copy",
        seen="our X-KISS-Intake header, and a signed id of ours",
        fits=lambda one: _all("our-header")(one) and bool(one.traces),
        status="dropped",
        reason=codes.LOOP,
        why="our own notice under another Message-ID: a mailbox sends it back to us",
    ),
    Diversion(
        name="own header",
        seen="our X-KISS-Intake header alone",
        fits=_all("our-header"),
        reason=codes.LOOP,
        why="a notice of an installation of this software; anybody can copy a header",
    ),
    Diversion(
        name="alarm answer",
        seen="what the three rows of automatic answers see, in answer to an alarm of this desk",
        fits=_answers_alarm,
        status="dropped",
        reason=codes.AUTOMATIC_ANSWER,
        why="a program answers for somebody who is away; here it would raise the next alarm",
    ),
    Diversion(
        name="own trace",
        seen="a signed id of ours, in a header or a copy inside, whose ticket is gone",
        fits=lambda one: bool(one.traces.deliveries) and one.thread.leads_nowhere,
        reason=codes.LOOP,
        why="it answers or forwards a notice of ours, so it is no new report",
    ),
    Diversion(
        name="automatic",
        seen="Auto-Submitted other than no, or a header that only answering programs write",
        fits=_any("auto-submitted", "answering-program"),
        reason=codes.AUTOMATIC_ANSWER,
        why="RFC 3834 §5: the program itself says so",
    ),
    Diversion(
        name="absence notice",
        seen="the subject of an absence notice, and the null sender",
        fits=lambda one: ABSENCE(one) and _has_null_sender(one),
        reason=codes.AUTOMATIC_ANSWER,
        why="people's programs never send with the null sender (RFC 5321 §4.5.5)",
    ),
    Diversion(
        name="absence answer",
        seen="the subject of an absence notice, no words of its own, in answer to a notice of ours",
        fits=lambda one: ABSENCE(one) and _answers_wordlessly(one),
        reason=codes.AUTOMATIC_ANSWER,
        why="nothing in it is a person's",
    ),
    Diversion(
        name="bounce",
        seen="the words of a bounce, and the null sender, MAILER-DAEMON, X-Failed-Recipients or a"
        " delivery report",
        fits=_bounced,
        reason=codes.BOUNCE,
        why="a server's; but not in the one form that proves it",
    ),
    Diversion(
        name="mailing list",
        seen="List-Id, List-Post, and Precedence: list or bulk",
        fits=lambda one: (
            _all("list-id", "list-post")(one) and _any("precedence-list", "precedence-bulk")(one)
        ),
        reason=codes.LIST,
        why="a list that we are subscribed to; what people write there is for all",
    ),
    Diversion(
        name="newsletter",
        seen="List-Unsubscribe, Precedence: bulk, and a no-reply sender",
        fits=_all("list-unsubscribe", "precedence-bulk", "machine-sender"),
        reason=codes.LIST,
        why="sent to many, by nobody who reads an answer; portals do the same, so never dropped",
    ),
    Diversion(
        name="claims to be us",
        seen="From is a mailbox of ours, not verified, with no stranger in Reply-To",
        fits=lambda one: one.is_from_us and not one.authenticity.verified,
        reason=codes.CLAIMS_TO_BE_US,
        why="nobody writes to us as us; with a stranger in Reply-To it is a website form",
    ),
    Diversion(
        name="command",
        seen="nothing but a word for a mailing program: subject and body say no other",
        fits=lambda one: is_command(one.mail),
        reason=codes.COMMAND,
        why="there is nothing in it to answer; under any other subject it is an answer",
    ),
)
"""From top to bottom; the first row that fits decides."""

_WITH_TICKET: Final = frozenset({"own id", "own copy", "stray bounce"})
"""The rows that count for a mail on a known ticket, too: they hold nobody's words."""
_MACHINES: Final = frozenset({codes.LOOP, codes.BOUNCE, codes.AUTOMATIC_ANSWER, codes.LIST})


def set_aside(arrived: ReceivedMail) -> Diversion | None:
    """Return the row that keeps a mail from its ticket or from becoming one; None for others."""
    known = arrived.thread.ticket_id is not None
    return next(
        (row for row in _fitting(arrived) if not known or row.name in _WITH_TICKET),
        None,
    )


def by_machine(arrived: ReceivedMail) -> bool:
    """Say whether no person wrote it: on its ticket it changes nothing and tells nobody."""
    return any(row.reason in _MACHINES for row in _fitting(arrived))


def answers_by_itself(arrived: ReceivedMail) -> bool:
    """Say whether it is an automatic answer."""
    return any(row.reason == codes.AUTOMATIC_ANSWER for row in _fitting(arrived))


def _fitting(arrived: ReceivedMail) -> tuple[Diversion, ...]:
    return tuple(
        row for row in TABLE if not arrived.standing.excuses(row.name) and row.fits(arrived)
    )


def may_answer(arrived: ReceivedMail) -> bool:
    """Say whether the writer may hear that the report was received, as far as the mail tells."""
    writer = arrived.standing.writer.address
    return (
        bool(writer)
        and bool(arrived.envelope_sender)
        and not arrived.traces
        and _allows_answer(arrived)
        and not (arrived.standing.is_form and arrived.authenticity.failed)
    )


def _allows_answer(arrived: ReceivedMail) -> bool:
    """Say whether no header forbids it; words alone never do, nor a form's own no-reply address."""
    mail, standing = arrived.mail, arrived.standing
    if arrived.is_from_us and not standing.is_form:
        return False
    if mail.answerable:
        return True
    words: frozenset[Sign] = frozenset() if arrived.answers_any else frozenset({"absence-subject"})
    return mail.readable and mail.signs <= words | standing.own_signs and not _bounced(arrived)
