"""What the mail says: the sender's new words, and the mail that was passed on with it."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from intake.channels.email.understanding import (
    bodies,
    envelope,
    forwards,
    secured,
    structure,
    tree,
)
from intake.channels.email.understanding.bodies import Bodies
from intake.channels.email.understanding.envelope import Envelope
from intake.channels.email.understanding.mail import Forwarded
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.replies import lines as text_lines
from intake.channels.email.understanding.replies import signatures, strip
from intake.channels.email.understanding.tree import Part


@dataclass(frozen=True, slots=True)
class Content:
    """`reply` and `forwarded` of the contract, and the words of a first mail."""

    reply: str
    letter: str
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
        return Content(own, _comment(passed.above), passed.forwarded)
    reply = strip.reply_of(body.marked, head.sender) if body.marked else ""
    letter = strip.letter_of(body.marked)
    enclosed = [part for part in files if part.is_mail and part.parts]
    if not reply and not enclosed:
        enclosed = [part for part in map(_opened, files) if part.parts]
    if enclosed and (by_subject or not reply):
        return Content(reply, letter, _enclosed(enclosed[0], problems))
    return Content(
        _shorter(reply, body, lambda marked: strip.reply_of(marked, head.sender)),
        _shorter(letter, body, strip.letter_of),
        None,
    )


def _own_words(above: str, head: Envelope) -> str:
    """Return what the forwarder wrote; a signature or a device footer alone is nothing."""
    lines = above.split("\n")
    if not above or signatures.is_device_footer(lines[0]) or signatures.is_delimiter(lines[0]):
        return ""
    return strip.reply_of(above, head.sender)


def _comment(above: str) -> str:
    """Return what stands above a forward in a first mail; a device's footer is nothing."""
    lines = text_lines.trimmed(above.split("\n"))
    if len(lines) == 1 and signatures.is_device_footer(lines[0]):
        return ""
    return strip.letter_of(above) if lines else ""


def elided(text: str, said: str, *, unquoted: bool = False) -> str:
    """Return the lines of a text that what is said of it does not have, in their order.

    With `unquoted` a line counts as said whatever quote marks stand before it.
    """

    def key(line: str) -> str:
        return line.strip(" \t>") if unquoted else line.strip()

    lines = text.split("\n")
    left = Counter(map(key, lines))
    wanted = deque(map(key, said.split("\n")))
    out: list[str] = []
    for line in lines:
        while wanted and not left[wanted[0]]:  # a line that was laid out anew
            wanted.popleft()
        left[key(line)] -= 1
        if wanted and wanted[0] == key(line):
            wanted.popleft()
        else:
            out.append(line)
    return "\n".join(out).strip("\n")


def _opened(part: Part) -> Part:
    """Return a mail that was attached as a file like any other, opened by its name."""
    names = (part.disposition.parameters.get("filename"), part.parameters.get("name"))
    if part.is_mail or not any(name and name.lower().endswith(".eml") for name in names):
        return part
    return replace(part, parts=(tree.read(part.content, Problems()),))


def _shorter(reply: str, body: Bodies, read: Callable[[str], str]) -> str:
    """Prefer the HTML's opinion where the plain text shows no quote but the HTML marks one."""
    if body.html_marked is None or reply != body.text.strip("\n") or not reply:
        return reply
    second = read(body.html_marked)
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
