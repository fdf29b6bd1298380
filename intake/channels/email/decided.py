"""A mail and the person who decides about it: what they are shown, and what they decided.

A mail with a verdict is filed as one that a person wrote, whatever its headers say of a machine,
so that it is acknowledged and reopens what was resolved.
"""

import dataclasses
from collections.abc import Iterator
from uuid import UUID

from core.ground.database import Database
from core.jobs.set_aside import Summary
from core.reading import correspondence
from core.runtime import Runtime
from core.tickets.link import NUMBER_ALONE
from intake import set_aside
from intake.channel import Preview, Raw
from intake.channels.email.own_traces import OwnTraces
from intake.channels.email.received_mail import ReceivedMail
from intake.channels.email.report import report_of
from intake.channels.email.settings import CHANNEL
from intake.channels.email.thread import Thread
from intake.channels.email.understanding.mail import Mail, Person

SHOWN_CHARACTERS = 64 * 1024
MOST_FILES = 50


async def summary_of(database: Database, arrived: ReceivedMail) -> Summary:
    """Return what the desk's list shows of a mail that is set aside."""
    mail = arrived.mail
    told = report_of(mail, arrived.language)
    return await set_aside.summary_of(
        database,
        who=_written(mail.sender) or arrived.envelope_sender,
        subject=mail.subject,
        words=told.words if mail.readable else "",
        key=arrived.digest,
    )


async def as_decided(runtime: Runtime, arrived: ReceivedMail) -> ReceivedMail:
    """Return the mail as it is filed by its verdict: joined to a ticket, or a report of its own."""
    verdict = arrived.raw.verdict
    joined = verdict.ticket_id if verdict is not None and verdict.kind == "join" else None
    is_participant = (
        joined is not None
        and bool(arrived.sender)
        and await correspondence.belongs_to(runtime, joined, CHANNEL, arrived.sender)
    )
    return dataclasses.replace(
        arrived,
        mail=dataclasses.replace(
            arrived.mail,
            automatic=None,
            signs=frozenset(),
            bounce=None,
            answerable=arrived.mail.readable,
        ),
        traces=OwnTraces(),
        thread=Thread(
            ticket_id=joined,
            carries="a number or its mails" if is_participant else "its mails",
            is_participant=is_participant,
            hint=None if joined else _hint(arrived),
            hint_reason=arrived.thread.hint_reason or NUMBER_ALONE,
        ),
    )


def _hint(arrived: ReceivedMail) -> UUID | None:
    return arrived.thread.hint or arrived.thread.ticket_id


def preview_of(raw: Raw, mail: Mail) -> Preview:
    """Return a mail as text alone: its words as they came, files by name and size."""
    recipients = raw.envelope.get("recipients")
    to = recipients if isinstance(recipients, list) else []
    return Preview(
        address=(mail.sender.address or "").lower(),
        sender=(mail.sender.address or "").lower(),
        sender_name=mail.sender.name,
        recipients=tuple(dict.fromkeys(map(str, to))),
        subject=mail.subject,
        sent_at=mail.date or "",
        words=mail.text[:SHOWN_CHARACTERS],
        files=tuple((one.filename, len(one.data)) for one in mail.attachments[:MOST_FILES]),
        sources=tuple(dict.fromkeys(_sources(raw, mail))),
    )


def _sources(raw: Raw, mail: Mail) -> Iterator[tuple[str, str]]:
    """Yield what of it could be trusted: its list, and the address it is from or came from."""
    for name, value in mail.headers:
        if name == "list-id":
            yield "list", value.rpartition("<")[2].strip("> ").lower()
    sender = (mail.sender.address or "").lower()
    origin = str(raw.envelope.get("sender") or "").lower()
    if sender:
        yield "form", sender
        yield "portal", sender
    if origin and origin != sender:
        yield "redirect", origin


def _written(person: Person) -> str:
    return " ".join(filter(None, (person.name, f"<{person.address}>" if person.address else "")))
