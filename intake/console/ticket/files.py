"""Files of a ticket and the styled side of its mails, looked at inert; reads are audited."""

from dataclasses import dataclass
from typing import Final

import nh3
from aiohttp import web

from core.reading.cases import Cases, FileToOpen
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.signed_in import present_of
from intake.uploads.serve import download, show

_FRAMED: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
_TAGS: Final = frozenset(
    (
        *("a", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "div"),
        *("dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "li", "ol", "p"),
        *("pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot"),
        *("th", "thead", "tr", "u", "ul"),
    )
)
"""No picture: even one of the mail's own would have to be asked for somewhere."""
_ATTRIBUTES: Final = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_LOOK: Final = (
    "<!doctype html><meta charset=utf-8><style>:root{color-scheme:light dark}body{margin:12px;"
    "font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}table{max-width:100%}</style>"
)


@dataclass(frozen=True, slots=True)
class FilePages:
    """Serves what came with a ticket to whoever may see the ticket."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/files/{id}", self.save),
            web.get("/files/{id}/picture", self.picture),
            web.get("/tickets/{number}/mail/{message}", self.mail),
        )

    async def save(self, request: web.Request) -> web.StreamResponse:
        """Answer with a file to save."""
        file = await self._file(request)
        storage = self.console.runtime.storage
        return await download(request, storage, file.path, name=file.name, mime=file.mime_type)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """Answer with our own drawing of a picture."""
        file = await self._file(request)
        if not file.display_path:
            raise web.HTTPNotFound
        return await show(request, self.console.runtime.storage, file.display_path)

    async def mail(self, request: web.Request) -> web.Response:
        """Answer with the styled side of a mail, for a frame in which nothing runs or loads."""
        reader, number = present_of(request).reader, request.match_info["number"]
        message_id, cases = uuid_of(request.match_info["message"]), Cases(self.console.runtime)
        html = await cases.mail(reader, number, message_id) if message_id else None
        if not html:
            raise web.HTTPNotFound
        clean = nh3.clean(
            html,
            tags=set(_TAGS),
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            url_schemes=set(),
        )
        headers = {"Content-Security-Policy": _FRAMED, "X-Frame-Options": "SAMEORIGIN"}
        return web.Response(text=_LOOK + clean, content_type="text/html", headers=headers)

    async def _file(self, request: web.Request) -> FileToOpen:
        file_id, reader = uuid_of(request.match_info["id"]), present_of(request).reader
        file = await Cases(self.console.runtime).file(reader, file_id) if file_id else None
        if file is None:
            raise web.HTTPNotFound
        return file
