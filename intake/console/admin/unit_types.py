"""Kinds of unit: ward, clinic, support."""

import re
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.administration.changing import TakenError
from core.administration.units import Units
from core.ground.errors import NotFoundError
from intake.console.admin.frame import admin_page
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import onwards, say
from intake.console.signed_in import present_of
from intake.language import marked as _

_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,29}", re.ASCII)

WRONG: Final = _("A kind needs a name, and a code of capital letters and digits, like WARD.")
TAKEN: Final = _("Another kind has this name or code.")


@dataclass(frozen=True, slots=True)
class UnitTypes:
    """The page of kinds."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/admin/unit-types", self.show),
            web.post("/admin/unit-types", self.save),
        )

    async def show(self, request: web.Request) -> web.Response:
        """List the kinds, each as a line to change."""
        return await self._page(request)

    async def save(self, request: web.Request) -> web.Response:
        """Make a kind, or change the one named by `id`."""
        form = await self.console.form(request)
        name = " ".join(form.text("name").split())[:100]
        code = form.text("code").strip().upper()
        if not name or not _CODE.fullmatch(code):
            return await self._page(request, say(request, WRONG))
        try:
            await Units(self.console.runtime).save_type(
                uuid_of(form.text("id")),
                name,
                code,
                is_active=form.text("is_active") == "yes",
                by=present_of(request).account.user_id,
            )
        except TakenError:
            return await self._page(request, say(request, TAKEN))
        except NotFoundError:
            raise web.HTTPNotFound from None
        return onwards("/console/admin/unit-types?saved")

    async def _page(self, request: web.Request, problem: str | None = None) -> web.Response:
        return admin_page(
            request,
            "unit_types.html",
            status=422 if problem else 200,
            kinds=await Units(self.console.runtime).kinds(),
            errors={"name": problem} if problem else {},
        )
