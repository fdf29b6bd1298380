"""Keeps what an agent types, every few seconds, so that a hang-up or a dead line loses nothing."""

from dataclasses import dataclass
from uuid import UUID

from aiohttp import web

from core.calls.draft import CallDrafts
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import onwards
from intake.console.phone.form import CallForm
from intake.console.signed_in import present_of


@dataclass(frozen=True, slots=True)
class Drafts:
    """Saves and forgets drafts."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.post("/phone/drafts", self.keep),
            web.post("/phone/look", self.look),
            web.post("/phone/drafts/drop", self.drop),
        )

    async def keep(self, request: web.Request) -> web.Response:
        """Save a draft, as the page's script asks every few seconds: 204, or 410 once filed."""
        form = CallForm.read(await self.console.form(request))
        if not form.is_worth_keeping:
            return web.Response(status=204)
        place = await self._keep(request, form, by_itself=True)
        return web.Response(status=410 if place is None else 204)

    async def look(self, request: web.Request) -> web.Response:
        """Save a draft and show it again with what is known of the caller: without a script."""
        form = CallForm.read(await self.console.form(request))
        place = await self._keep(request, form)
        if place is None:  # all of it is filed already
            return onwards(f"/console/phone/done?call={form.id}")
        return onwards(f"/console/phone?draft={place}#caller")

    async def drop(self, request: web.Request) -> web.Response:
        """Forget a draft."""
        form, me = await self.console.form(request), present_of(request).account.user_id
        if (draft_id := uuid_of(form.text("draft"))) is not None:
            await CallDrafts(self.console.runtime).drop(draft_id, by=me)
        return onwards("/console/phone")

    async def _keep(
        self, request: web.Request, form: CallForm, *, by_itself: bool = False
    ) -> UUID | None:
        me = present_of(request).account.user_id
        return await CallDrafts(self.console.runtime).keep(
            form.id, form.facts(), by=me, pages=form.pages, by_itself=by_itself
        )
