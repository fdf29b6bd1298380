"""The gate: every request to the console passes it, and only what the table allows goes on."""

from urllib.parse import urlencode

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from intake.console.access import Door, Row, row_for
from intake.console.context import Console
from intake.console.desk_head import DESK, desk_head
from intake.console.signed_in import PRESENT, SignedIn, recognise
from intake.console.unsent_form import ask_again
from intake.pages import HOUSE, ShownHospital, from_another_site, house_of

_READING = frozenset({"GET", "HEAD"})


def gate(console: Console) -> Middleware:
    """Make the gate of a console."""

    @web.middleware
    async def pass_gate(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method not in _READING and from_another_site(request, house_of(request)):
            raise web.HTTPForbidden
        directory = await console.directory()
        house = request.config_dict[HOUSE]
        house.now = ShownHospital.of(directory.hospital, public_url=house.now.public_url)
        present = await recognise(request, console, directory)
        if present is not None:
            request[PRESENT] = present
        row = _row(request)
        if row is not None and row.door is Door.OPEN:
            return await handler(request)
        if present is None:
            return await _who_are_you(request, console)
        return await _onwards(request, handler, row, present, console)

    return pass_gate


def _row(request: web.Request) -> Row | None:
    resource = request.match_info.route.resource
    return row_for(request.method, resource.canonical) if resource else None


async def _who_are_you(request: web.Request, console: Console) -> web.StreamResponse:
    """Ask for a sign-in; what somebody wrote in a form is still there afterwards."""
    if request.method in _READING:
        query = urlencode({"next": request.path_qs})
        return web.Response(status=303, headers={"Location": f"/console/sign-in?{query}"})
    return await ask_again(request, console)


async def _onwards(
    request: web.Request, handler: Handler, row: Row | None, present: SignedIn, console: Console
) -> web.StreamResponse:
    """Go on if the table allows it. 404 and not 403: the page does not exist for them."""
    if not present.account.confirmed and (row is None or row.door is Door.SIGNED_IN):
        if request.method in _READING:
            return web.Response(status=303, headers={"Location": "/console/code"})
        raise web.HTTPNotFound
    if row is None or not present.may(row.method, row.path):
        raise web.HTTPNotFound
    if present.decides_review and not row.path.endswith("/events"):
        request[DESK] = await desk_head(console)
    return await handler(request)
