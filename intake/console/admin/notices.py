"""Notices: who hears what when, and each notice as people will read it, with invented facts."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aiohttp import web

from core.notices.who_hears import RULES, TEMPLATES, TOGETHER, NoticeRule
from core.reading.notice import NoticeFacts
from intake.console.admin.frame import admin_page
from intake.console.context import Console
from intake.console.frame import language_here
from intake.language import Language, language_of, translate
from intake.language import marked as _
from intake.notices import NoticeWords, is_notice, written
from intake.pages import SECURITY_HEADERS

_FRAMED: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
"""A notice is styled inside, as mail has to be; it runs and loads nothing."""
_FRAMING: Final = SECURITY_HEADERS["Content-Security-Policy"] + "; frame-src 'self'"

EVENTS: Final = {
    "received": _("a report arrives"),
    "received_from_itself": _("a report arrives that gives the unit's own mailbox as its address"),
    "amended": _("the report is sent again and now leaves an address"),
    "moved": _("it is moved to another unit"),
    "assigned": _("it is assigned"),
    "started": _("work on it begins"),
    "replied": _("it is answered"),
    "asked": _("something is asked back"),
    "followed_up": _("the person adds something"),
    "joined_in": _("somebody else writes about it"),
    "involved": _("it was sent to a further unit as well"),
    "resolved": _("it is solved"),
    "closed": _("it is closed"),
    "reopened": _("it is opened again"),
    "escalated": _("it is raised to those above"),
}
AUDIENCES: Final = {
    "submitter": _("the person who reported"),
    "unit": _("the unit's mailbox"),
    "assignee": _("who has it now"),
}
SHOWN: Final = (
    *(rule for rule in RULES if rule.event == "received"),
    *(NoticeRule("received_from_itself", "unit", both) for both in TOGETHER.values()),
    *(rule for rule in RULES if rule.event != "received"),
)
"""Who hears of what, and what one mailbox hears that would hear of it twice."""
SAMPLE_WORDS: Final = _("Here stands what was said: an answer, a question, or what was added.")
SAMPLE_REPORT: Final = _("The air conditioning in room 3 has been off since last night.")


@dataclass(frozen=True, slots=True)
class Notices:
    """The pages of notices."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/admin/notices", self.show_all),
            web.get("/admin/notices/{template}", self.show),
            web.get("/admin/notices/{template}/mail", self.show_mail),
        )

    async def show_all(self, request: web.Request) -> web.Response:
        """List who hears what."""
        return admin_page(request, "notices.html", rules=SHOWN, events=EVENTS, audiences=AUDIENCES)

    async def show(self, request: web.Request) -> web.Response:
        """Show one notice: its subject, its text, and its mail in a frame."""
        spoken = language_of(request.query.get("in"), language_here(request))
        sample = await self._sample(request, spoken)
        response = admin_page(
            request,
            "notice.html",
            name=request.match_info["template"],
            rules=[r for r in SHOWN if r.template == request.match_info["template"]],
            events=EVENTS,
            audiences=AUDIENCES,
            sample=sample,
            spoken=spoken,
        )
        response.headers["Content-Security-Policy"] = _FRAMING
        return response

    async def show_mail(self, request: web.Request) -> web.Response:
        """Show one notice's mail alone, for the frame."""
        sample = await self._sample(request, language_of(request.query.get("in")))
        headers = {"Content-Security-Policy": _FRAMED, "X-Frame-Options": "SAMEORIGIN"}
        return web.Response(text=sample.html, content_type="text/html", headers=headers)

    async def _sample(self, request: web.Request, language: Language) -> NoticeWords:
        template = request.match_info["template"]
        if template not in TEMPLATES or not is_notice(template):
            raise web.HTTPNotFound
        now, directory = self.console.now(), await self.console.directory()
        unit = next(iter(directory.public_units), directory.triage_desk)
        invented = NoticeFacts(
            hospital=directory.hospital,
            number=f"TKT-{now:%Y%m%d}-0001",
            kind="complaint",
            unit=unit.name,
            due_at=now + timedelta(hours=24),
            received_at=now,
            closed_at=now,
            answer=translate(language, SAMPLE_WORDS),
            report=translate(language, SAMPLE_REPORT),
            who=None,
            source="",
            files=0,
            track_url=f"{self.console.runtime.settings.public_url}/tracking",
        )
        return written(template, language, invented)
