"""One message that was set aside: as text, and as it came."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from aiohttp import web

from core.ground.concealed import message_plain
from core.ground.storage import FileMissing, StorageUnavailable
from core.hospital.directory import TRUSTED_KINDS
from core.jobs.set_aside import UNREAD
from core.reading.review import ReviewDesk, SetAsideMessage
from intake.channel import Preview, PreviewError, Raw
from intake.console.context import Console
from intake.console.fields import uuid_of
from intake.console.frame import NOTHING, console_page, say
from intake.console.labels import STATUSES_IN_WORDS
from intake.console.review.pages import shown
from intake.console.signed_in import present_of
from intake.language import marked as _
from intake.set_aside import without_codes

KINDS: Final = {
    "list": _("A list or group of the hospital's own"),
    "form": _("A form of the hospital's website, whose writer stands in Reply-To"),
    "redirect": _("A mailbox that redirects to us"),
    "portal": _("A complaint portal"),
}
VERDICTS: Final = {
    "report": _("%(name)s said on %(moment)s that it is a report."),
    "join": _("%(name)s joined it to a report on %(moment)s."),
    "no_report": _("%(name)s said on %(moment)s that it is no report."),
}
NO_ORIGINAL: Final = _("The original lies in the file store, which cannot be reached just now.")


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody typed into a form of the page."""

    number: str = ""
    kind: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class MessagePages:
    """A message, and its original."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/review/{id}", self.show),
            web.get("/review/{id}/original", self.download),
        )

    async def show(self, request: web.Request) -> web.Response:
        """Show a message; that somebody looked is noted."""
        return await message_page(request, self.console)

    async def download(self, request: web.Request) -> web.Response:
        """Give the message as it came: plain text, which no program opens by itself."""
        found = await find(request, self.console)
        if found.row.conceals:  # it names its writer
            raise web.HTTPNotFound
        try:
            content = await content_of(self.console, found)
        except (StorageUnavailable, FileMissing):
            raise web.HTTPServiceUnavailable from None
        name = f"original-{found.row.id}.txt"
        return web.Response(
            body=content,
            content_type="text/plain",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


async def message_page(
    request: web.Request,
    console: Console,
    *,
    status: int = 200,
    filled: Filled | None = None,
    errors: Mapping[str, str] = NOTHING,
) -> web.Response:
    """Answer with a message's page, and what is wrong with a form of it."""
    found = await find(request, console)
    preview, unread = await _preview(console, found)
    reader = present_of(request).reader
    origin = "" if found.row.conceals else str(found.envelope.get("sender") or "")
    address = preview.address if preview else origin
    desk = ReviewDesk(console.runtime)
    return console_page(
        request,
        "console/review/message.html",
        status=status,
        line=await shown(request, console, found.row),
        preview=preview,
        unread=unread,
        sources=preview.sources if preview else (),
        candidates=await desk.candidates(reader, found.row.channel, address),
        filled=filled or Filled(),
        errors=errors,
        names={"kinds": KINDS, "verdicts": VERDICTS, "statuses": STATUSES_IN_WORDS},
        kinds=[(kind, say(request, KINDS[kind])) for kind in TRUSTED_KINDS],
        can_be_read_again=found.row.reason in UNREAD,
        envelope_sender=origin,
    )


async def find(request: web.Request, console: Console) -> SetAsideMessage:
    """Return the message that an address names, and note who looked. Raises HTTPNotFound."""
    message_id: UUID | None = uuid_of(request.match_info["id"])
    by = present_of(request).account.user_id
    found = await ReviewDesk(console.runtime).look(message_id, by=by) if message_id else None
    if found is None:
        raise web.HTTPNotFound
    return found


async def content_of(console: Console, found: SetAsideMessage) -> bytes:
    """Return the message as it came. Raises StorageUnavailable, FileMissing."""
    if found.content is not None:
        return found.content
    parts = [part async for part in console.runtime.storage.read(found.key or "")]
    return b"".join(parts)


async def _preview(console: Console, found: SetAsideMessage) -> tuple[Preview | None, str | None]:
    """Return the message as text, or why there is none."""
    channel = console.previewer(found.row.channel)
    try:
        content = await content_of(console, found)
    except (StorageUnavailable, FileMissing):
        return None, NO_ORIGINAL
    if channel is None:
        return None, None
    envelope, opened = found.envelope, message_plain(console.runtime.secret, content)
    if opened is not None:
        envelope, content = opened
    raw = Raw(
        id=found.row.id,
        channel=found.row.channel,
        external_id=found.external_id,
        envelope=envelope,
        content=content,
        received_at=found.row.received_at,
        attempts=0,
    )
    try:
        preview = await channel.preview(raw)
    except PreviewError:
        return None, None
    preview = await without_codes(console.runtime.database, preview)
    if found.row.conceals:
        preview = replace(preview, address="", sender="", sender_name="", recipients=(), sources=())
    return preview, None
