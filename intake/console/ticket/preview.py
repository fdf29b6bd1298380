"""An answer exactly as it will arrive: the mail, or the words in the chat."""

from datetime import datetime
from typing import Final
from uuid import UUID

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.database import transaction
from core.hospital.directory import HospitalEntry
from core.reading.case import CaseView, case_view
from core.tickets.message import Message
from core.tickets.ticket import Ticket
from core.tickets.tracking_code import code_for, hash_of
from intake.console.context import Console
from intake.console.frame import console_page, language_here
from intake.console.signed_in import present_of
from intake.console.ticket.destination import destination_of
from intake.dialogue import wording
from intake.dialogue.states.resolved import solved_question
from intake.language import language_of
from intake.pages import SECURITY_HEADERS
from notifier.delivery_rows import Claimed
from notifier.notice import NoticeFacts, render

TEMPLATES: Final = {"reply": "replied", "ask": "asked", "resolve": "resolved"}
"""What each way of saying something arrives as; a note arrives nowhere."""
_SPOKEN: Final = {"replied": "NEWS_answer", "asked": "NEWS_question"}
_MAIL: Final = "email"
_NOBODY: Final = UUID(int=0)
_POLICY: Final = (
    SECURITY_HEADERS["Content-Security-Policy"]
    .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    .replace("frame-ancestors 'none'", "frame-ancestors 'self'; frame-src 'self'")
)
"""A mail is styled inside, as mail has to be; its frame is sandboxed, so that nothing runs."""


async def preview_page(
    request: web.Request, office: Console, ticket: Ticket, mode: str, words: str
) -> web.Response:
    """Answer with the preview; a note, which nobody gets, says so."""
    reader, directory = present_of(request).reader, await office.directory()
    async with transaction(office.runtime.database) as session:
        case = await case_view(session, reader, directory, ticket)
        url = await _track_url(session, office, ticket)
    template, mail, said = TEMPLATES.get(mode), None, None
    if template is not None and (case.address is None or case.address.channel == _MAIL):
        story = _story(case, directory.hospital, words.strip(), url)
        mail = render(_claimed(case, template, office.now()), story)
    elif template is not None:
        said = _spoken(case, template, words.strip())
    response = console_page(
        request,
        "console/ticket/preview.html",
        mail=mail,
        said=said,
        destination=destination_of(case, language_here(request)),
    )
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _spoken(case: CaseView, template: str, words: str) -> str:
    """Write what a chat shows, its choices under it."""
    ticket, spoken = case.ticket, language_of(case.ticket.language)
    if template == "resolved":
        return wording.numbered(solved_question(ticket.ticket_number, words), spoken)
    unit = case.unit.name if case.unit else ""
    return wording.spoken(
        _SPOKEN[template], spoken, no=ticket.ticket_number, unit=unit, answer=words or "-"
    )


def _story(case: CaseView, hospital: HospitalEntry, words: str, url: str | None) -> NoticeFacts:
    ticket = case.ticket
    return NoticeFacts(
        hospital=hospital,
        number=ticket.ticket_number,
        kind=ticket.type,
        unit=case.unit.name if case.unit else "",
        due_at=ticket.sla_deadline,
        received_at=ticket.received_at,
        closed_at=ticket.closed_at,
        answer=words,
        report=ticket.description,
        who=None,
        source=ticket.source,
        files=0,
        track_url=url,
    )


def _claimed(case: CaseView, template: str, now: datetime) -> Claimed:
    return Claimed(
        id=_NOBODY,
        ticket_id=case.ticket.id,
        event_id=_NOBODY,
        channel=_MAIL,
        recipient_ref=case.address.address if case.address else "",
        audience="submitter",
        template=template,
        language=case.ticket.language,
        payload={},
        attempts=1,
        created_at=now,
        since=now,
    )


async def _track_url(session: AsyncSession, office: Console, ticket: Ticket) -> str | None:
    """Return the link as the notice carries it, its code covered: it opens the person's page."""
    query = (
        select(Message.idempotency_key)
        .where(Message.ticket_id == ticket.id, Message.idempotency_key.is_not(None))
        .order_by(Message.created_at)
        .limit(1)
    )
    code = code_for(office.runtime.secret, await session.scalar(query) or "")
    if hash_of(code) != ticket.tracking_hash:
        return None
    return f"{office.runtime.settings.public_url.rstrip('/')}/t/••••-••••-••••-••••"
