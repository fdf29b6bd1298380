"""A notice: its facts, read from the ticket, and its words, in the reader's language.

The way back sends what is written here, and the console shows it: what is shown before an answer
is given is what arrives. A template is three files in `templates/notices/`: `NAME.subject.txt`,
`NAME.txt`, `NAME.html`.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.database import transaction
from core.ground.text import clean, clean_line, shorten
from core.hospital.directory import HospitalEntry
from core.hospital.unit import Unit
from core.runtime import Runtime
from core.tickets.event import Event
from core.tickets.message import Message, TicketAttachment
from core.tickets.ticket import Ticket
from core.tickets.tracking_code import code_for, hash_of
from intake.language import Language, language_of, local_moment, words
from intake.pages.accent import Accent
from intake.pages.hospital import TEAL

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
FOLDER = "notices"
EXCERPT = 700
"""Characters of a report that a notice to staff quotes."""
COVERED = "••••-••••-••••-••••"
"""Stands for a tracking code where staff look on: it opens the person's page."""

_PARTS = ("subject.txt", "txt", "html")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """The facts of one notice."""

    hospital: HospitalEntry
    number: str
    kind: str
    unit: str
    due_at: datetime
    received_at: datetime
    closed_at: datetime | None
    answer: str
    """What staff said with the event, for the submitter; empty where nothing was said."""
    report: str
    """What the submitter said last, or at first, for staff alone: the submitter's words never
    go to an address, which may be a stranger's."""
    who: str | None
    """The submitter's name for staff; None where they are unknown or want to be."""
    source: str
    files: int
    """How many files came with the words."""
    track_url: str | None
    """The link that opens the ticket, where its code can be derived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWords:
    """A notice as it is read: by mail all of it, elsewhere its text."""

    subject: str
    text: str
    html: str


async def read_facts(runtime: Runtime, ticket_id: UUID, event_id: UUID) -> NoticeFacts:
    """Read what a notice of an event tells. Raises DatabaseAwayError."""
    hospital = (await runtime.directory.fresh()).hospital
    async with transaction(runtime.database) as session:
        query = (
            select(Message)
            .join(Event, Event.message_id == Message.id)
            .where(Event.id == event_id, Event.ticket_id == ticket_id)
        )
        said = await session.scalar(query)
        files = await _files(session, said.id) if said is not None else 0
        return await _facts(session, runtime, hospital, ticket_id, said, files=files)


async def foretell(runtime: Runtime, ticket_id: UUID, words: str, *, files: int = 0) -> NoticeFacts:
    """Read what a notice would tell, did staff say these words now; nothing is kept of them.

    The tracking code in its link is covered. Raises DatabaseAwayError.
    """
    hospital = (await runtime.directory.fresh()).hospital
    said = Message(author="staff", body=clean(words).strip(), is_internal=False)
    async with transaction(runtime.database) as session:
        told = await _facts(session, runtime, hospital, ticket_id, said, files=files)
    if told.track_url is None:
        return told
    return replace(told, track_url=_link(runtime, COVERED))


def written(template: str, language: str, told: NoticeFacts) -> NoticeWords:
    """Write a notice, of a template that `is_notice`, in the reader's language."""
    spoken = language_of(language)
    accent = Accent.readable(_accent(told))
    facts = {
        "told": told,
        "hospital": told.hospital,
        "language": spoken,
        "due": local_moment(told.due_at, told.hospital.zone, spoken),
        "excerpt": shorten(told.report, EXCERPT),
        "paper_accent": "#" + bytes(accent.paper).hex(),
        "night_accent": "#" + bytes(accent.night).hex(),
    }
    subject, text, page = (
        _environment(spoken, html=part == "html")
        .get_template(f"{FOLDER}/{template}.{part}")
        .render(facts)
        for part in _PARTS
    )
    return NoticeWords(subject=clean_line(subject), text=_tidy(text), html=_inliner().inline(page))


@cache
def is_notice(template: str) -> bool:
    """Say whether a template is written for people to read as it is."""
    return template.isidentifier() and all(_path(template, part).is_file() for part in _PARTS)


async def _facts(
    session: AsyncSession,
    runtime: Runtime,
    hospital: HospitalEntry,
    ticket_id: UUID,
    said: Message | None,
    *,
    files: int,
) -> NoticeFacts:
    """Put together what is known of a ticket and what was said on it."""
    ticket, unit_name = (await session.execute(_ticket(ticket_id))).one()
    first_key = await session.scalar(_first_key(ticket_id))
    return NoticeFacts(
        hospital=hospital,
        number=ticket.ticket_number,
        kind=ticket.type,
        unit=unit_name,
        due_at=ticket.sla_deadline,
        received_at=ticket.received_at,
        closed_at=ticket.closed_at,
        answer=said.body if said is not None and _is_answer(said) else "",
        report=said.body if said is not None and said.author == "submitter" else ticket.description,
        who=None if ticket.is_anonymous else ticket.submitter_name,
        source=ticket.source,
        files=files,
        track_url=_track_url(runtime, ticket, first_key),
    )


def _ticket(ticket_id: UUID) -> Select[Ticket, str]:
    return (
        select(Ticket, Unit.name)
        .join(Unit, Unit.id == Ticket.unit_id)
        .where(Ticket.id == ticket_id)
    )


def _first_key(ticket_id: UUID) -> Select[str | None]:
    return (
        select(Message.idempotency_key)
        .where(Message.ticket_id == ticket_id, Message.idempotency_key.is_not(None))
        .order_by(Message.created_at, Message.id)
        .limit(1)
    )


def _is_answer(said: Message) -> bool:
    return said.author != "submitter" and not said.is_internal


async def _files(session: AsyncSession, message_id: UUID | None) -> int:
    query = select(func.count()).where(TicketAttachment.message_id == message_id)
    return await session.scalar(query) or 0


def _track_url(runtime: Runtime, ticket: Ticket, first_key: str | None) -> str | None:
    """Derive the code anew; it is right only if its hash is the one the ticket holds."""
    code = code_for(runtime.secret, first_key or "")
    if hash_of(code) != ticket.tracking_hash:
        return None
    return _link(runtime, code)


def _link(runtime: Runtime, code: str) -> str:
    return f"{runtime.settings.public_url.rstrip('/')}/t/{code}"


def _path(template: str, part: str) -> Path:
    return TEMPLATES / FOLDER / f"{template}.{part}"


def _accent(told: NoticeFacts) -> str:
    try:
        Accent.readable(told.hospital.accent)
    except ValueError:
        return TEAL
    return told.hospital.accent


def _tidy(text: str) -> str:
    """Leave at most one empty line between paragraphs, and one newline at the end."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip() + "\n"


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


@cache
def _environment(language: Language, *, html: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=html,  # noqa: S701 - the other bodies are plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.filters["lines"] = _lines
    environment.filters["quoted"] = _quoted
    environment.filters["whole"] = _whole if html else str
    spoken = words(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # jinja2.ext.i18n adds it
        spoken.singular, spoken.plural, newstyle=True
    )
    return environment


def _lines(text: str) -> Markup:
    """Keep a person's line breaks where a mail program knows no `white-space`."""
    return Markup("<br>\n").join(escape(line) for line in text.splitlines())


def _whole(text: str) -> Markup:
    """Keep a telephone number on one line."""
    return Markup('<span style="white-space: nowrap">{}</span>').format(text)


def _quoted(text: str) -> str:
    """Mark what somebody said in a text body."""
    return "\n".join(f"| {line}".rstrip() for line in text.splitlines())
