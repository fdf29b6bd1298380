"""The inbox, asked as its pages ask: a queue, its counts, somebody's views, and the search."""

from dataclasses import dataclass
from uuid import UUID

from core.access.lookup import ticket_for
from core.access.scope import Reader
from core.ground.database import transaction
from core.reading import queues, saved_view
from core.reading.cursor import Cursor
from core.reading.filters import Wanted
from core.reading.queues import PAGE, QueuePage, QueueReader
from core.reading.saved_view import KeptView
from core.reading.search import number_of
from core.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnViews:
    """Somebody's named views, and the one they asked for; None where it is not theirs."""

    named: tuple[KeptView, ...]
    asked: KeptView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchLed:
    """Where a search leads: to the ticket of a number, else to a view that keeps the words."""

    number: str | None = None
    view_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Inbox:
    """Every question and every verb raises DatabaseAwayError."""

    runtime: Runtime

    async def views(self, user_id: UUID, asked: UUID | None) -> OwnViews:
        """Read somebody's views."""
        async with transaction(self.runtime.database) as session:
            return OwnViews(
                asked=await saved_view.view_of(session, user_id, asked) if asked else None,
                named=await saved_view.named_views(session, user_id),
            )

    async def view(self, user_id: UUID, view_id: UUID) -> KeptView | None:
        """Return a view of somebody's own; None for every other."""
        async with transaction(self.runtime.database) as session:
            return await saved_view.view_of(session, user_id, view_id)

    async def page(
        self, desk: QueueReader, wanted: Wanted, after: Cursor | None = None, size: int = PAGE
    ) -> QueuePage:
        """Read one page of a queue."""
        async with transaction(self.runtime.database) as session:
            return await queues.page(session, desk, wanted, after, size)

    async def counts(
        self, desk: QueueReader, views: tuple[KeptView, ...] | None = None
    ) -> dict[str, int]:
        """Count the queues by name and the views by id, up to COUNTED; None: their named views."""
        async with transaction(self.runtime.database) as session:
            if views is None:
                views = await saved_view.named_views(session, desk.reader.user_id)
            asked = {str(view.id): view.wanted for view in views}
            return await queues.counts(session, desk, asked)

    async def search(self, reader: Reader, wanted: Wanted) -> SearchLed:
        """Find the ticket whose number was typed, or keep the words: no address may hold them."""
        number = number_of(wanted.words)
        async with transaction(self.runtime.database) as session:
            ticket = await ticket_for(session, reader, number) if number else None
            if ticket is not None:
                return SearchLed(number=ticket.ticket_number)
            return SearchLed(view_id=await saved_view.keep_view(session, reader.user_id, wanted))

    async def keep(self, user_id: UUID, name: str, wanted: Wanted, shown: UUID | None) -> KeptView:
        """Give what is wanted a name, or what the view holds that is shown."""
        async with transaction(self.runtime.database) as session:
            view = await saved_view.view_of(session, user_id, shown) if shown else None
            wanted = view.wanted if view is not None else wanted
            kept = await saved_view.keep_view(session, user_id, wanted, name)
        return KeptView(id=kept, name=name, wanted=wanted)

    async def drop(self, user_id: UUID, view_id: UUID) -> None:
        """Forget a view of somebody's own."""
        async with transaction(self.runtime.database) as session:
            await saved_view.drop_view(session, user_id, view_id)
