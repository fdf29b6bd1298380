"""Views with a name: a filter that somebody wants to find again."""

from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from core.ground.database import transaction
from core.ground.text import clean_line, shorten
from core.reading.filters import Wanted
from core.reading.saved_view import drop_view, keep_view, view_of
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
        async with transaction(self.console.runtime.database) as session:
            shown = await view_of(session, me, view_id) if view_id else None
            fields: dict[str, object] = {each: form.text(each) for each in form.fields}
            wanted = shown.wanted if shown else Wanted.read(fields)
            if not name:
                return onwards(f"/console/inbox?{urlencode(wanted.facts())}")
            kept = await keep_view(session, me, wanted, name)
        return onwards(f"/console/inbox?view={kept}&done=saved")

    async def drop(self, request: web.Request) -> web.Response:
        """Forget a view."""
        form, me = await self.console.form(request), present_of(request).account.user_id
        if (view_id := uuid_of(form.text("view"))) is not None:
            async with transaction(self.console.runtime.database) as session:
                await drop_view(session, me, view_id)
        return onwards("/console/inbox?done=dropped")
