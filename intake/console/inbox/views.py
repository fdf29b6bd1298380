"""Views with a name: a filter that somebody wants to find again."""

from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from core.ground.text import clean_line, shorten
from core.reading.filters import Wanted
from core.reading.inbox import Inbox
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import onwards
from intake.console.signed_in import present_of

_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Views:
    """Keeps and forgets views."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.post("/inbox/views", self.keep),
            web.post("/inbox/views/drop", self.drop),
        )

    async def keep(self, request: web.Request) -> web.Response:
        """Give what is shown a name; without one it goes back as it came."""
        form, me = await self.console.form(request), present_of(request).account.user_id
        name = shorten(clean_line(form.text("name")), _LONGEST_NAME)
        view_id = uuid_of(form.text("view"))
        fields: dict[str, object] = {each: form.text(each) for each in form.fields}
        wanted, inbox = Wanted.read(fields), Inbox(self.console.runtime)
        if not name:
            shown = await inbox.view(me, view_id) if view_id else None
            facts = (shown.wanted if shown else wanted).facts()
            return onwards(f"/console/inbox?{urlencode(facts)}")
        kept = await inbox.keep(me, name, wanted, view_id)
        return onwards(f"/console/inbox?view={kept.id}&done=saved")

    async def drop(self, request: web.Request) -> web.Response:
        """Forget a view."""
        form, me = await self.console.form(request), present_of(request).account.user_id
        if (view_id := uuid_of(form.text("view"))) is not None:
            await Inbox(self.console.runtime).drop(me, view_id)
        return onwards("/console/inbox?done=dropped")
