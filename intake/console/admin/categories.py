"""Categories: what each is called, who answers for it, and how soon."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.administration.categories import Categories, CategoryFacts, CategoryRow
from core.ground.errors import NotFoundError
from intake.console.admin.frame import admin_page
from intake.console.admin.tree import options
from intake.console.context import Console
from intake.console.fields import uuid_of, whole
from intake.console.frame import onwards, say
from intake.console.signed_in import present_of
from intake.language import marked as _

NO_NAME: Final = _("A category needs a name.")
NO_HOURS: Final = _("Whole hours, please; or leave it empty.")


@dataclass(frozen=True, slots=True)
class CategoryPages:
    """The pages of categories."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/admin/categories", self.show_all),
            web.get("/admin/categories/{code}", self.show),
            web.post("/admin/categories/{code}", self.change),
        )

    async def show_all(self, request: web.Request) -> web.Response:
        """List the categories, retired ones last."""
        directory = await self.console.directory()
        found = await Categories(self.console.runtime).all()
        return admin_page(request, "categories.html", categories=found, units=directory.units)

    async def show(self, request: web.Request) -> web.Response:
        """Show one category."""
        category = await self._category(request)
        fields = {
            "name": category.name,
            "sla_hours": str(category.default_sla_hours or ""),
            "unit": str(category.unit_id or ""),
            "requires_attachment": "yes" if category.requires_attachment else "",
            "is_active": "yes" if category.is_active else "",
        }
        return await self._page(request, category, fields)

    async def change(self, request: web.Request) -> web.Response:
        """Change one category."""
        category, form = await self._category(request), await self.console.form(request)
        hours = form.text("sla_hours").strip()
        errors = {}
        if not form.text("name").strip():
            errors["name"] = say(request, NO_NAME)
        if hours and not whole(hours):
            errors["sla_hours"] = say(request, NO_HOURS)
        if errors:
            names = ("name", "sla_hours", "unit", "requires_attachment", "is_active")
            return await self._page(request, category, {n: form.text(n) for n in names}, errors)
        directory, unit_id = await self.console.directory(), uuid_of(form.text("unit"))
        facts = CategoryFacts(
            name=" ".join(form.text("name").split())[:100],
            sla_hours=whole(hours),
            unit_id=unit_id if directory.unit(unit_id) else None,
            requires_attachment=form.text("requires_attachment") == "yes",
            is_active=form.text("is_active") == "yes",
        )
        by = present_of(request).account.user_id
        await Categories(self.console.runtime).change(category.code, facts, by=by)
        return onwards("/console/admin/categories?saved")

    async def _category(self, request: web.Request) -> CategoryRow:
        try:
            return await Categories(self.console.runtime).find(request.match_info["code"])
        except NotFoundError:
            raise web.HTTPNotFound from None

    async def _page(
        self,
        request: web.Request,
        category: CategoryRow,
        fields: dict[str, str],
        errors: dict[str, str] | None = None,
    ) -> web.Response:
        directory = await self.console.directory()
        return admin_page(
            request,
            "category.html",
            status=422 if errors else 200,
            category=category,
            fields=fields,
            units=options(directory),
            default_hours=directory.hospital.default_sla_hours,
            errors=errors or {},
        )
