"""The files of a ticket, for whoever holds its code."""

from dataclasses import dataclass

from aiohttp import web

from core.ground.errors import NotFoundError
from core.reading.reporter import TrackedFile
from intake.channels.web.ticket_page import TicketPage
from intake.uploads.serve import download, show


@dataclass(frozen=True, slots=True)
class Enclosures:
    """To save, or to look at. A locked file is neither."""

    page: TicketPage

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/tracking/files/{file}", self.file),
            web.get("/tracking/files/{file}/picture", self.picture),
        )

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Hand out a file, to save."""
        file = await self._file(request)
        storage = self.page.door.runtime.storage
        return await download(request, storage, file.key, name=file.name, mime=file.mime_type)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """Show the copy of a picture that holds nothing but the picture."""
        file = await self._file(request)
        if file.display_key is None:
            raise web.HTTPNotFound
        return await show(request, self.page.door.runtime.storage, file.display_key)

    async def _file(self, request: web.Request) -> TrackedFile:
        try:
            ticket = await self.page.ticket(request)
        except NotFoundError:
            raise web.HTTPNotFound from None
        wanted = request.match_info["file"]
        files = (file for message in ticket.messages for file in message.files)
        found = next((file for file in files if str(file.id) == wanted and file.is_open), None)
        if found is None:
            raise web.HTTPNotFound
        return found
