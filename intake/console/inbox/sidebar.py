"""What stands beside every ticket: the queues with their counts, and the list one came from."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from core.deadlines.by_grade import GRADES
from core.reading import queues
from core.reading.inbox import Inbox
from core.reading.queues import COUNTED, QueuePage, QueueReader
from core.reading.saved_view import KeptView
from intake.console.admin.tree import options
from intake.console.context import Console
from intake.console.frame import language_here
from intake.console.inbox.location import InboxLocation, view_asked
from intake.console.inbox.queues import NOTHING_FOUND, QUEUES, QueueWords, ShownRow, line_of
from intake.console.labels import GRADES as GRADE_WORDS
from intake.console.labels import KINDS, STATUSES_IN_WORDS, channel_word
from intake.console.signed_in import present_of
from intake.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidebar:
    """The queues and one page of one of them."""

    place: InboxLocation
    page: QueuePage
    lines: tuple[ShownRow, ...]
    queues: tuple[tuple[str, QueueWords], ...]
    views: tuple[KeptView, ...]
    counts: dict[str, str]

    @property
    def name(self) -> str:
        """The queue's code."""
        return self.page.queue.name

    @property
    def words(self) -> QueueWords:
        """The queue's words."""
        return QUEUES[self.name]

    @property
    def empty(self) -> str:
        """The sentence for when there is nothing."""
        return NOTHING_FOUND if self.place.wanted.is_narrowed else self.words.empty

    @property
    def following(self) -> str | None:
        """The address of the next page."""
        return self.place.following(self.page.following) if self.page.following else None


async def desk_of(request: web.Request, console: Console) -> QueueReader:
    """Say who asks."""
    return QueueReader(
        reader=present_of(request).reader, directory=await console.directory(), now=console.now()
    )


async def sidebar(
    request: web.Request, console: Console, desk: QueueReader, size: int = queues.PAGE
) -> Sidebar:
    """Read the queues, their counts, and the page that the address asks for."""
    inbox, language = Inbox(console.runtime), language_here(request)
    views = await inbox.views(desk.reader.user_id, view_asked(request))
    place = InboxLocation.of(request, views.asked)
    page, counts = await asyncio.gather(  # each takes about as long
        inbox.page(desk, place.wanted, place.after, size), inbox.counts(desk, views.named)
    )
    return Sidebar(
        place=place,
        page=page,
        lines=tuple(line_of(row, desk, language) for row in page.rows),
        queues=tuple((queue.name, QUEUES[queue.name]) for queue in queues.queues_of(desk)),
        views=views.named,
        counts=written_counts(counts),
    )


def written_counts(counted: Mapping[str, int]) -> dict[str, str]:
    """Write what was counted; a number that was not counted to its end says so."""
    return {
        name: str(count) if count < COUNTED else f"{COUNTED - 1}+"
        for name, count in counted.items()
    }


def filter_choices(desk: QueueReader, language: Language) -> dict[str, object]:
    """List what each filter can be set to."""
    codes = {str(unit.id): unit.code for unit in desk.directory.units.values()}
    mine = {str(unit_id) for unit_id in desk.reader.units}
    units = [
        (codes[key], name)
        for key, name in options(desk.directory)
        if desk.reader.sees_all or key in mine
    ]
    return {
        "units": units,
        "sources": [
            (name, channel_word(desk.directory, language, name).text)
            for name in sorted(desk.directory.channels)
        ],
        "statuses": [(code, word.text) for code, word in STATUSES_IN_WORDS.items()],
        "grades": [(code, GRADE_WORDS[code].text) for code in GRADES],
        "kinds": list(KINDS.items()),
    }
