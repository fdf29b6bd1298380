"""Files of a ticket and its mails as they came, looked at inert; reads are audited."""

from dataclasses import dataclass
from typing import Final

import nh3
from aiohttp import web

from core.reading.cases import Cases, FileToOpen
from core.reading.originals import LEAST_REASON, NoReasonError, Originals
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import say
from intake.console.signed_in import present_of
from intake.console.ticket.case_page import case_page
from intake.language import marked as _
from intake.uploads.serve import download, files_of, hand_out, show

NO_REASON: Final = _("Say in at least %(least)s characters why the original has to be opened.")
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
            web.post("/tickets/{number}/files/{id}/original", self.whole),
            web.get("/tickets/{number}/mail/{message}", self.mail),
            web.get("/tickets/{number}/mail/{message}/text", self.text),
            web.get("/tickets/{number}/mail/{message}/original", self.original),
        )

    async def save(self, request: web.Request) -> web.StreamResponse:
        """Answer with a file to save."""
        return await self._save(request, await self._file(request))

    async def whole(self, request: web.Request) -> web.StreamResponse:
        """Answer with an anonymous person's file as it came, to a supervisor who says why."""
        reader, number = present_of(request).reader, request.match_info["number"]
        file_id, form = uuid_of(request.match_info["id"]), await self.console.form(request)
        originals = Originals(self.console.runtime)
        try:
            file = (
                await originals.open(reader, number, file_id, form.text("reason"))
                if file_id
                else None
            )
        except NoReasonError:
            errors = {"verb": say(request, NO_REASON, least=str(LEAST_REASON))}
            return await case_page(request, self.console, errors=errors, status=422)
        if file is None:
            raise web.HTTPNotFound
        return await self._save(request, file)

    async def _save(self, request: web.Request, file: FileToOpen) -> web.StreamResponse:
        if not file.path:
            raise web.HTTPNotFound
        files = files_of(self.console.runtime, is_sealed=file.is_sealed)
        return await download(request, files, file.path, name=file.name, mime=file.mime_type)

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

    async def text(self, request: web.Request) -> web.Response:
        """Answer with all the readable text of a mail, as plain text."""
        reader, number = present_of(request).reader, request.match_info["number"]
        message_id, cases = uuid_of(request.match_info["message"]), Cases(self.console.runtime)
        text = await cases.text(reader, number, message_id) if message_id else None
        if text is None:
            raise web.HTTPNotFound
        return web.Response(
            text=text,
            content_type="text/plain",
            charset="utf-8",
            headers={"Content-Security-Policy": _FRAMED},
        )

    async def original(self, request: web.Request) -> web.StreamResponse:
        """Answer with a mail itself, to be saved and opened in a mail program."""
        reader, number = present_of(request).reader, request.match_info["number"]
        message_id, cases = uuid_of(request.match_info["message"]), Cases(self.console.runtime)
        found = await cases.original(reader, number, message_id) if message_id else None
        if found is None:
            raise web.HTTPNotFound
        name = f"{number}.eml"
        if found.content is not None:
            return hand_out(found.content, name=name)
        storage = self.console.runtime.storage
        return await download(request, storage, found.key or "", name=name)

    async def _file(self, request: web.Request) -> FileToOpen:
        file_id, reader = uuid_of(request.match_info["id"]), present_of(request).reader
        file = await Cases(self.console.runtime).file(reader, file_id) if file_id else None
        if file is None:
            raise web.HTTPNotFound
        return file
