"""The frame of the administration's pages: its rooms at the side."""

from typing import Final

from aiohttp import web

from intake.console.frame import MenuItem, console_page, say
from intake.console.signed_in import present_of
from intake.language import marked as _

ROOMS: Final = (
    MenuItem(_("Overview"), "/console/admin", "house"),
    MenuItem(_("Units"), "/console/admin/units", "tree"),
    MenuItem(_("Kinds of unit"), "/console/admin/unit-types", "kinds"),
    MenuItem(_("Categories"), "/console/admin/categories", "tag"),
    MenuItem(_("Where reports go"), "/console/admin/routing", "route"),
    MenuItem(_("Notices"), "/console/admin/notices", "notice"),
    MenuItem(_("People and roles"), "/console/admin/people", "people"),
    MenuItem(_("QR codes"), "/console/admin/codes", "qr"),
    MenuItem(_("Limits"), "/console/admin/limits", "clock"),
    MenuItem(_("Settings"), "/console/admin/settings", "settings"),
)

SAVED: Final = _("Saved. It holds from the next report on.")


def admin_page(
    request: web.Request, template: str, *, status: int = 200, **facts: object
) -> web.Response:
    """Answer with a page of the administration."""
    present = present_of(request)
    rooms = tuple(room for room in ROOMS if present.may("GET", room.path))
    done = say(request, SAVED) if "saved" in request.query else None
    return console_page(
        request,
        f"console/admin/{template}",
        status=status,
        **({"rooms": rooms, "done": done} | facts),
    )
