"""Where in the inbox somebody is: a queue with filters or a view, and the page of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from core.reading.cursor import Cursor
from core.reading.filters import Wanted
from core.reading.saved_view import KeptView
from intake.console.fields import uuid_of


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxLocation:
    """A place in the inbox. It is written into addresses without anybody's words."""

    wanted: Wanted
    view: KeptView | None = None
    after: Cursor | None = None

    @classmethod
    def of(cls, request: web.Request, view: KeptView | None) -> Self:
        """Read where a request is; `view` is what `view_asked` names, None if it is not theirs.

        Raises HTTPNotFound for a view that is not theirs.
        """
        after = Cursor.read(request.query.get("after", ""))
        if "view" not in request.query:
            given = {name: text for name, text in request.query.items() if name != "words"}
            return cls(wanted=Wanted.read(given), after=after)
        if view is None:
            raise web.HTTPNotFound
        return cls(wanted=view.wanted, view=view, after=after)

    @property
    def facts(self) -> Mapping[str, str]:
        """What leads back here, without the page."""
        return {"view": str(self.view.id)} if self.view else self.wanted.facts()

    @property
    def query(self) -> str:
        """The end of an address that keeps this place: empty, or `?queue=…`."""
        facts = dict(self.facts) | ({"after": str(self.after)} if self.after else {})
        return f"?{urlencode(facts)}" if facts else ""

    @property
    def path(self) -> str:
        """The address of the list."""
        return f"/console/inbox{self.query}"

    def following(self, cursor: Cursor) -> str:
        """Return the address of the page that begins after a row."""
        return f"/console/inbox?{urlencode({**self.facts, 'after': str(cursor)})}"

    @property
    def first(self) -> str:
        """Return the address of the first page."""
        return f"/console/inbox?{urlencode(self.facts)}" if self.facts else "/console/inbox"


def view_asked(request: web.Request) -> UUID | None:
    """Return the view that an address names."""
    return uuid_of(request.query.get("view", ""))
