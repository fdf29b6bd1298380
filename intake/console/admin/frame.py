"""The frame of the administration's pages: its rooms at the side."""

from typing import Final

from aiohttp import web

from intake.console.frame import Place, console_page, say
from intake.console.present import present_of


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


ROOMS: Final = (
    Place(_("Overview"), "/console/admin", "house"),
    Place(_("Units"), "/console/admin/units", "tree"),
    Place(_("Kinds of unit"), "/console/admin/unit-types", "kinds"),
    Place(_("Categories"), "/console/admin/categories", "tag"),
    Place(_("Where reports go"), "/console/admin/routing", "route"),
    Place(_("Notices"), "/console/admin/notices", "notice"),
    Place(_("People and roles"), "/console/admin/people", "people"),
    Place(_("QR codes"), "/console/admin/codes", "qr"),
    Place(_("Settings"), "/console/admin/settings", "settings"),
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
