"""Who wrote to whom about what: the headers of a mail as values."""

import re
from dataclasses import dataclass

from intake.channels.email.understanding import addresses, clean, dates, identifiers, limits, words
from intake.channels.email.understanding.fields import Fields
from intake.channels.email.understanding.mail import Person
from intake.channels.email.understanding.problems import Problems
from intake.language import marked as _

_SENDER_FIELDS = ("from", "reply-to", "return-path", "sender", "x-sender")
_PLAUSIBLE = re.compile(r"[^\s@]{1,64}@[^\s@.]{1,63}(?:\.[^\s@.]{1,63}){0,10}")
_SHOWN_HEADERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The part of `Mail` that stands in the headers."""

    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Person
    transmitter: Person | None
    reply_to: tuple[Person, ...]
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    subject: str
    date: str | None
    return_path: str | None
    headers: tuple[tuple[str, str], ...]


def of(fields: Fields, raw: bytes, hint: str, problems: Problems) -> Envelope:
    """Read the top headers; `hint` is the charset the text declares."""

    def people(name: str) -> tuple[Person, ...]:
        return addresses.parse_list(fields.every(name), problems, hint)

    message_id = identifiers.message_id(fields.first("message-id"), problems)
    if message_id is None:
        problems.note(_("The mail has no Message-ID; one was made from its bytes."))
    subject = words.decode(fields.first("subject") or b"", problems, charset_hint=hint)
    date = fields.first("date")
    return Envelope(
        message_id=message_id or identifiers.generated(raw),
        in_reply_to=identifiers.in_order(fields.every("in-reply-to"), problems),
        references=identifiers.in_order(fields.every("references"), problems),
        sender=_sender(fields, people("from"), people("reply-to"), problems, hint),
        transmitter=next(iter(people("sender")), None),
        reply_to=people("reply-to"),
        to=people("to"),
        cc=people("cc"),
        subject=_cut(subject, problems),
        date=dates.iso(words.decode(date, problems)) if date else None,
        return_path=_return_path(fields, problems),
        headers=tuple(
            (name, words.decode(value, problems, charset_hint=hint))
            for name, value in fields.items[:_SHOWN_HEADERS]
        ),
    )


def _sender(
    fields: Fields,
    from_people: tuple[Person, ...],
    reply_to: tuple[Person, ...],
    problems: Problems,
    hint: str,
) -> Person:
    """Return the first person with an address that looks like one; From before all others.

    A group that rewrites From and keeps the writer in Reply-To is seen through.
    """
    original = addresses.parse_list(fields.every("x-original-from"), problems, hint)
    if original and any(one.address == original[0].address for one in reply_to):
        return original[0]
    candidates = list(from_people)
    for name in _SENDER_FIELDS[1:]:
        candidates += addresses.parse_list(fields.every(name), problems, hint)
    usable = [one for one in candidates if one.address and _PLAUSIBLE.fullmatch(one.address)]
    first = from_people[0] if from_people else None
    if usable and (first is None or first != usable[0]):
        if from_people and usable[0] not in from_people:
            problems.note(_("From has no usable address; another header names the sender."))
        name = usable[0].name or (first.name if first else "")
        return Person(name=name, address=usable[0].address)
    if first and (first.address or first.name):
        return first
    if "from" in fields:
        text = words.decode(fields.first("from") or b"", problems, charset_hint=hint)
        return Person(name=text[:200])
    return Person()


def _cut(subject: str, problems: Problems) -> str:
    if len(subject) <= limits.SUBJECT_CHARACTERS:
        return subject
    problems.note(_("The subject is too long and was cut."))
    return subject[: limits.SUBJECT_CHARACTERS].rstrip()


def _return_path(fields: Fields, problems: Problems) -> str | None:
    raw = fields.first("return-path")
    if raw is None:
        return None
    text = clean.one_line(words.to_text(raw, problems))
    return addresses.normal_address(text) or ""
