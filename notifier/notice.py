"""What a notice says: the ticket's facts at the moment of sending, in the reader's language.

A template is three files in `templates/notices/`: `NAME.subject.txt`, `NAME.txt`, `NAME.html`.
A delivery whose template has none (a chat's own replies) goes to its channel as it is.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.database import transaction
from core.ground.text import clean_line, shorten
from core.hospital.directory import HospitalEntry
from core.hospital.unit import Unit
from core.runtime import Runtime
from core.tickets.event import Event
from core.tickets.message import Message, TicketAttachment
from core.tickets.ticket import Ticket
from core.tickets.tracking_code import code_for, hash_of
from intake.channel import Outgoing
from intake.language import Language, language_of, local_moment, words
from intake.pages.accent import Accent
from intake.pages.hospital import TEAL
from notifier.delivery_rows import Claimed

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
FOLDER = "notices"
EXCERPT = 700
"""Characters of a report that a notice to staff quotes."""

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


async def read_facts(runtime: Runtime, claimed: Claimed) -> NoticeFacts | None:
    """Read the story of a delivery; None for what is said without a ticket.

    Raises DatabaseAwayError.
    """
    if claimed.ticket_id is None or claimed.event_id is None:
        return None
    hospital = (await runtime.directory.fresh()).hospital
    async with transaction(runtime.database) as session:
        row = (await session.execute(_story_of(claimed.ticket_id, claimed.event_id))).one()
        first_key = await session.scalar(_first_key(claimed.ticket_id))
        message_id = row.Message.id if row.Message is not None else None
        files = await _files(session, message_id)
    ticket: Ticket = row.Ticket
    said: Message | None = row.Message
    return NoticeFacts(
        hospital=hospital,
        number=ticket.ticket_number,
        kind=ticket.type,
        unit=row.unit_name,
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


def _story_of(ticket_id: UUID, event_id: UUID):  # type: ignore[no-untyped-def]  # noqa: ANN202 - SQLAlchemy infers the row
    return (
        select(Ticket, Unit.name.label("unit_name"), Message)
        .join(Unit, Unit.id == Ticket.unit_id)
        .join(Event, Event.ticket_id == Ticket.id)
        .outerjoin(Message, Message.id == Event.message_id)
        .where(Ticket.id == ticket_id, Event.id == event_id)
    )


def _first_key(ticket_id: UUID):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the same
    return (
        select(Message.idempotency_key)
        .where(Message.ticket_id == ticket_id, Message.idempotency_key.is_not(None))
        .order_by(Message.created_at)
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
    return f"{runtime.settings.public_url.rstrip('/')}/t/{code}"


def render(claimed: Claimed, story: NoticeFacts | None) -> Outgoing:
    """Return the notice as its channel sends it."""
    subject = text = ""
    html: str | None = None
    if story is not None and is_notice(claimed.template):
        subject, text, html = _written(claimed, story)
    return Outgoing(
        delivery_id=claimed.id,
        recipient=claimed.recipient_ref,
        language=claimed.language,
        template=claimed.template,
        subject=subject,
        text=text,
        html=html,
        ticket_id=claimed.ticket_id,
        ticket_number=story.number if story is not None else None,
        audience=claimed.audience,
        payload=claimed.payload,
        created_at=claimed.since,
        attempt=claimed.attempts,
    )


@cache
def is_notice(template: str) -> bool:
    """Say whether a template is written for people to read as it is."""
    return template.isidentifier() and all(_path(template, part).is_file() for part in _PARTS)


def _path(template: str, part: str) -> Path:
    return TEMPLATES / FOLDER / f"{template}.{part}"


def _written(claimed: Claimed, story: NoticeFacts) -> tuple[str, str, str]:
    language = language_of(claimed.language)
    accent = Accent.readable(_accent(story))
    facts = {
        "story": story,
        "hospital": story.hospital,
        "language": language,
        "due": local_moment(story.due_at, story.hospital.zone, language),
        "excerpt": shorten(story.report, EXCERPT),
        "paper_accent": "#" + bytes(accent.paper).hex(),
        "night_accent": "#" + bytes(accent.night).hex(),
    }
    subject, text, page = (
        _environment(language, html=part == "html")
        .get_template(f"{FOLDER}/{claimed.template}.{part}")
        .render(facts)
        for part in _PARTS
    )
    return clean_line(subject), _tidy(text), _inliner().inline(page)


def _accent(story: NoticeFacts) -> str:
    try:
        Accent.readable(story.hospital.accent)
    except ValueError:
        return TEAL
    return story.hospital.accent


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
