"""QR codes: made, pointed elsewhere, retired, and their posters printed."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from core.administration.qr_codes import QrCodes, QrRow
from core.ground.errors import NotFoundError
from intake.console.admin.frame import admin_page
from intake.console.admin.tree import options
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import onwards, say
from intake.console.signed_in import present_of
from intake.language import marked as _
from intake.pages.kiosk import Kiosk
from intake.qr.codes import landing_url, svg
from intake.qr.issue import poster_of
from intake.qr.token import fresh_token

NO_UNIT: Final = _("Please choose the unit it leads to.")
PAPERS: Final = (
    ("a4", _("A4 posters")),
    ("a5", _("A5 posters")),
    ("stickers", _("Sheets of stickers")),
)


@dataclass(frozen=True, slots=True)
class CodePages:
    """The pages of QR codes."""

    console: Console
    _press: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One print at a time: drawing takes a core."""

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/admin/codes", self.show_all),
            web.post("/admin/codes", self.make),
            web.get("/admin/codes/posters.pdf", self.print_all),
            web.get("/admin/codes/{code}", self.show),
            web.post("/admin/codes/{code}", self.point),
            web.post("/admin/codes/{code}/retire", self.retire),
            web.get("/admin/codes/{code}/poster.pdf", self.print_one),
        )

    @property
    def codes(self) -> QrCodes:
        """The verbs on codes."""
        return QrCodes(self.console.runtime)

    async def show_all(self, request: web.Request) -> web.Response:
        """List the codes."""
        return await self._page(request)

    async def make(self, request: web.Request) -> web.Response:
        """Make a code and show it."""
        form, directory = await self.console.form(request), await self.console.directory()
        unit = directory.unit(uuid_of(form.text("unit")))
        if unit is None:
            return await self._page(request, {"unit": say(request, NO_UNIT)})
        name = " ".join(form.text("name").split())[:120]
        by = present_of(request).account.user_id
        made = await self.codes.create(unit.code, name, fresh_token, by=by)
        return onwards(f"/console/admin/codes/{made.code}?saved")

    async def show(self, request: web.Request) -> web.Response:
        """Show one code as it looks, with where it leads."""
        return await self._code_page(request, await self._code(request))

    async def point(self, request: web.Request) -> web.Response:
        """Let a code lead to another unit; the paper on the wall stays."""
        code, form = await self._code(request), await self.console.form(request)
        unit = (await self.console.directory()).unit(uuid_of(form.text("unit")))
        if unit is None:
            return await self._code_page(request, code, {"unit": say(request, NO_UNIT)})
        name = " ".join(form.text("name").split())[:120]
        by = present_of(request).account.user_id
        await self.codes.point(code.code, unit.code, name=name, by=by)
        return onwards(f"/console/admin/codes/{code.code}?saved")

    async def retire(self, request: web.Request) -> web.Response:
        """Take a code out of use."""
        code = await self._code(request)
        await self.codes.retire(code.code, by=present_of(request).account.user_id)
        return onwards(f"/console/admin/codes/{code.code}?saved")

    async def print_all(self, request: web.Request) -> web.Response:
        """Print every code in use, or those of one unit."""
        codes = await self.codes.all(request.query.get("unit") or None)
        return await self._pdf(request, [code for code in codes if code.is_active], "posters.pdf")

    async def print_one(self, request: web.Request) -> web.Response:
        """Print one code."""
        code = await self._code(request)
        return await self._pdf(request, [code], f"{code.code.lower()}.pdf")

    async def _pdf(self, request: web.Request, codes: list[QrRow], name: str) -> web.Response:
        from intake.qr.pdf import Paper, pdf  # only here: drawing libraries load slowly

        wanted = request.query.get("paper", "a4")
        if wanted not in {key for key, _name in PAPERS} or not codes:
            raise web.HTTPNotFound
        hospital = (await self.console.directory()).hospital
        public_url = self.console.runtime.settings.public_url
        posters = [poster_of(code, hospital, public_url) for code in codes]
        async with self._press:
            printed = await asyncio.to_thread(pdf, posters, Paper(wanted))
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=printed, content_type="application/pdf", headers=headers)

    async def _code(self, request: web.Request) -> QrRow:
        try:
            return await self.codes.find(request.match_info["code"])
        except NotFoundError:
            raise web.HTTPNotFound from None

    async def _page(
        self, request: web.Request, errors: dict[str, str] | None = None
    ) -> web.Response:
        codes = await self.codes.all()
        return admin_page(
            request,
            "codes.html",
            status=422 if errors else 200,
            codes=sorted(codes, key=lambda code: not code.is_active),
            units=options(await self.console.directory()),
            papers=PAPERS,
            errors=errors or {},
        )

    async def _code_page(
        self, request: web.Request, code: QrRow, errors: dict[str, str] | None = None
    ) -> web.Response:
        link = landing_url(self.console.runtime.settings.public_url, code.token)
        directory = await self.console.directory()
        unit = directory.unit_by_code(code.unit_code)
        return admin_page(
            request,
            "code.html",
            status=422 if errors else 200,
            code=code,
            link=link,
            kiosk_link=self.console.runtime.settings.public_url + Kiosk(code.token).start,
            picture=svg(link, say(request, "QR code %(code)s", code=code.code)),
            unit_id=str(unit.id) if unit else "",
            units=options(directory),
            papers=PAPERS,
            errors=errors or {},
        )
