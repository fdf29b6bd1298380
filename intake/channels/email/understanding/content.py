"""What the mail says: the sender's new words, and the mail that was passed on with it."""

from dataclasses import dataclass, replace

from intake.channels.email.understanding import bodies, envelope, forwards, secured, structure
from intake.channels.email.understanding.bodies import Bodies
from intake.channels.email.understanding.envelope import Envelope
from intake.channels.email.understanding.mail import Forwarded
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.replies import signatures, strip
from intake.channels.email.understanding.tree import Part


@dataclass(frozen=True, slots=True)
class Content:
    """`reply` and `forwarded` of the contract."""

    reply: str
    forwarded: Forwarded | None


def of(body: Bodies, files: list[Part], head: Envelope, problems: Problems) -> Content:
    """Return the new words and the forward of a mail."""
    by_subject = forwards.is_forward_subject(head.subject)
    body = replace(body, marked=secured.without_armour(body.marked))
    passed = forwards.find(body.marked, head.subject)
    if passed:
        own = _own_words(passed.above, head)
        if not own and not by_subject:
            own = passed.forwarded.text
        return Content(own, passed.forwarded)
    reply = strip.reply_of(body.marked, head.sender) if body.marked else ""
    enclosed = [part for part in files if part.is_mail and part.parts]
    if enclosed and (by_subject or not reply):
        return Content(reply, _enclosed(enclosed[0], problems))
    return Content(_shorter(reply, body, head), None)


def _own_words(above: str, head: Envelope) -> str:
    """Return what the forwarder wrote; a signature or a device footer alone is nothing."""
    lines = above.split("\n")
    if not above or signatures.is_device_footer(lines[0]) or signatures.is_delimiter(lines[0]):
        return ""
    return strip.reply_of(above, head.sender)


def elided(text: str, reply: str) -> str:
    """Return the lines of a text that its reply does not have, in their order."""
    wanted = iter(reply.split("\n"))
    next_line = next(wanted, None)
    out: list[str] = []
    for line in text.split("\n"):
        if next_line is not None and line.strip() == next_line.strip():
            next_line = next(wanted, None)
        else:
            out.append(line)
    return "\n".join(out).strip("\n")


def _shorter(reply: str, body: Bodies, head: Envelope) -> str:
    """Prefer the HTML's opinion where the plain text shows no quote but the HTML marks one."""
    if body.html_marked is None or reply != body.text.strip("\n") or not reply:
        return reply
    second = strip.reply_of(body.html_marked, head.sender)
    return second if second and second in reply else reply


def _enclosed(part: Part, problems: Problems) -> Forwarded:
    """Read the mail that is attached as a mail (RFC 2046 §5.2.1)."""
    inner = part.parts[0]
    roles = structure.of(inner)
    head = envelope.of(inner.fields, part.content, bodies.charset_hint(roles.text), Problems())
    return Forwarded(
        sender=head.sender,
        to=head.to,
        cc=head.cc,
        subject=head.subject,
        date=head.date or "",
        text=bodies.of(roles, problems).text,
    )
