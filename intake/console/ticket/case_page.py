"""The page of one ticket, and the page that says that somebody else was faster."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from aiohttp import web

from core.hospital.directory import Directory
from core.reading.case import CaseView
from core.reading.cases import Cases, KnownTicket
from core.tickets.lifecycle import possible
from intake.console.admin.tree import options
from intake.console.context import Console
from intake.console.fields import whole
from intake.console.frame import console_page, language_here
from intake.console.inbox.queues import urgency
from intake.console.inbox.sidebar import desk_of, sidebar
from intake.console.labels import (
    DELIVERY,
    FOR_WHOM,
    GRADE_HELP,
    GRADES,
    KINDS,
    LINKED,
    STATUSES_IN_WORDS,
    channel_word,
    reason_of,
)
from intake.console.signed_in import present_of
from intake.console.ticket.destination import destination_of
from intake.console.ticket.history import sentences
from intake.console.ticket.phrases import BY_CODE, PHRASES
from intake.console.ticket.staged import StagedFile, staged
from intake.language import Language, language_of, time_left
from intake.pages import SECURITY_HEADERS
from intake.uploads.reasons import why_locked
from intake.uploads.receive import Received

ROWS_BESIDE: Final = 30
"""Rows of the list that stands beside a ticket."""
MODES: Final = ("reply", "ask", "resolve", "note")
_FRAMING: Final = SECURITY_HEADERS["Content-Security-Policy"] + "; frame-src 'self'"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentAnswer:
    """What somebody wrote and has not sent."""

    words: str = ""
    mode: str = "reply"
    fields: Mapping[str, str] = field(default_factory=dict)
    """Every field of the form it was in, by name."""
    files: tuple[StagedFile, ...] = ()
    """What came along with it and waits."""


async def case_page(
    request: web.Request,
    console: Console,
    draft: UnsentAnswer | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    status: int = 200,
    done: str | None = None,
) -> web.Response:
    """Answer with the ticket of the address, its list beside it; that it was read is written down.

    Where the reader only knows of it, with what they may know. Raises HTTPNotFound.
    """
    desk, present = await desk_of(request, console), present_of(request)
    known = await Cases(console.runtime).glance(desk.reader, request.match_info["number"])
    if known is not None and not known.is_whole:
        return unproven_page(
            request, desk.directory, known, draft, errors, status=status, done=done
        )
    beside = await sidebar(request, console, desk, ROWS_BESIDE)
    opened = await Cases(console.runtime).open(desk, request.match_info["number"])
    if opened is None:
        raise web.HTTPNotFound
    case, ticket = opened.case, opened.case.ticket
    language, changes = language_here(request), present.reader.may_change
    response = console_page(
        request,
        "console/ticket/ticket.html",
        status=status,
        here="/console/inbox",
        sidebar=beside,
        case=case,
        ticket=ticket,
        history=sentences(case.history, case.people, desk.directory, language),
        beside=opened.beside,
        in_series=opened.in_series,
        able=opened.able,
        about=opened.about,
        units=options(desk.directory, but=frozenset({ticket.unit_id})),
        draft=draft or _begun(request, case),
        errors=errors or {},
        done=done,
        possible=frozenset(possible(ticket.status)) if changes else frozenset(),
        destination=destination_of(case, desk.directory, language),
        phrases=PHRASES,
        clock=time_left(ticket.sla_deadline, desk.now, language),
        urgency=urgency(ticket.sla_deadline, desk.now, owed=case.is_owed),
        **_words(desk.directory, language),
    )
    response.headers["Content-Security-Policy"] = _FRAMING
    return response


def unproven_page(
    request: web.Request,
    directory: Directory,
    known: KnownTicket,
    draft: UnsentAnswer | None,
    errors: Mapping[str, str] | None,
    *,
    status: int,
    done: str | None,
) -> web.Response:
    """Answer with what an agent may know of a report whose caller has not proven who they are.

    Enough to help: number, unit, status, promise. Nothing that a caller could be asked for.
    """
    ticket, unsent = known.ticket, draft or UnsentAnswer()
    unit = directory.units.get(ticket.unit_id)
    return console_page(
        request,
        "console/ticket/unproven.html",
        status=status,
        here="/console/inbox",
        ticket=ticket,
        unit=unit.name if unit else "",
        word=STATUSES_IN_WORDS[ticket.status],
        may_escalate="escalate" in possible(ticket.status),
        in_series=known.in_series,
        words=unsent.words or unsent.fields.get("reason", ""),
        files=unsent.files,
        errors=errors or {},
        done=done,
    )


async def collision_page(request: web.Request, console: Console, form: Received) -> web.Response:
    """Say what somebody else did meanwhile, and let the person decide what becomes of theirs.

    Nothing was done. The form comes along with its words, ready to be sent on top.
    """
    reader, directory = present_of(request).reader, await console.directory()
    number, seen = request.match_info["number"], whole(form.text("seen")) or 0
    news = await Cases(console.runtime).since(reader, directory, number, seen)
    if news is None:
        raise web.HTTPNotFound
    case = news.case
    fields = [
        (name, text)
        for name, texts in form.fields.items()
        for text in texts
        if name not in {"version", "seen", "words", "keep"}
    ]
    return console_page(
        request,
        "console/ticket/collision.html",
        status=409,
        ticket=case.ticket,
        case=case,
        happened=sentences(news.happened, case.people, directory, language_here(request)),
        said=news.said,
        fields=fields,
        words=form.text("words"),
        asks_words="words" in form.fields,
        files=staged(request, console, form),
        action=request.path_qs,
        **_words(directory, language_here(request)),
    )


def _begun(request: web.Request, case: CaseView) -> UnsentAnswer:
    """Begin an answer with a phrase, where one was chosen without a script."""
    phrase = BY_CODE.get(request.query.get("phrase", ""))
    if phrase is None:
        return UnsentAnswer()
    unit = case.unit.name if case.unit else ""
    spoken = language_of(case.ticket.language)
    return UnsentAnswer(words=phrase.words(spoken, unit=unit, number=case.ticket.ticket_number))


def _words(directory: Directory, language: Language) -> dict[str, object]:
    return {
        "channel_word": partial(channel_word, directory, language),
        "reason_of": reason_of,
        "why_locked": why_locked,
        "linked_why": LINKED,
        "language_of": language_of,
        "grades": GRADES,
        "grade_help": GRADE_HELP,
        "kinds": KINDS,
        "statuses": STATUSES_IN_WORDS,
        "delivery_words": DELIVERY,
        "for_whom": FOR_WHOM,
    }
