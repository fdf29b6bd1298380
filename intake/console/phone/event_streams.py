"""The desk's lines: who rings right now, how many wait to be called, and that the list changed."""

from dataclasses import dataclass, field

from aiohttp import web

from core.calls import callback, ringing
from core.ground.masking import Place, masked
from core.ground.phone_number import shown
from core.reading.call_desk import CallDesk
from core.reading.call_list import CallList
from intake.console.context import Console
from intake.console.event_streams import News, StaffStreams
from intake.console.signed_in import present_of


@dataclass(slots=True)
class PhoneStreams:
    """Live lines of desk and list."""

    console: Console
    lines: StaffStreams = field(init=False)

    def __post_init__(self) -> None:
        """Have lines of one's own."""
        self.lines = StaffStreams(self.console)

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/phone/events", self.listen, allow_head=False),
            web.get("/callbacks/events", self.listen_to_list, allow_head=False),
        )

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """Keep the desk's line open: what rings, and how many wait to be called."""
        region = self.console.runtime.settings.phone_region

        async def look() -> list[News]:
            news = await CallDesk(self.console.runtime).news(present_of(request).reader)
            told = [
                {"id": str(r.id), "number": masked(shown(r.number, region), Place.STAFF)}
                for r in news.rings
            ]
            return [("rings", told), ("waiting", news.waiting)]

        return await self.lines.keep(request, ringing.TOPIC, look)

    async def listen_to_list(self, request: web.Request) -> web.StreamResponse:
        """Keep the list's line open: a mark that differs whenever the list does."""

        async def look() -> list[News]:
            now, directory = self.console.now(), await self.console.directory()
            reader = present_of(request).reader
            found = await CallList(self.console.runtime).all(reader, directory)
            mark = [(str(t.id), t.is_due(now), str(t.claimed_by), len(t.news)) for t in found]
            return [("list", mark)]

        return await self.lines.keep(request, callback.TOPIC, look)
