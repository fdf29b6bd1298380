"""A ticket on somebody's screen: opened, and its forms sent as a browser would."""

from dataclasses import dataclass, field

from core.runtime import Runtime
from core.tickets.desk import Desk
from core.tickets.submission import Address, Receipt, Submitter
from tests.builders import submission
from tests.intake.console.staff import Browser, Page

SARI = Address(channel="email", address="sari@example.org", confirmed=True)


async def file(runtime: Runtime, **changes: object) -> Receipt:
    """File a report of somebody who can be written to."""
    facts: dict[str, object] = {"addresses": (SARI,), "submitter": Submitter(name="Sari")}
    return await Desk(runtime).submit(submission(**(facts | changes)))


@dataclass
class AtTicket:
    """Somebody at a ticket, with the page as they last saw it."""

    browser: Browser
    number: str
    page: Page | None = field(default=None, init=False)

    async def open(self, query: str = "") -> Page:
        """Open the page."""
        self.page = await self.browser.get(f"/console/tickets/{self.number}{query}")
        return self.page

    async def send(self, verb: str, **fields: str) -> Page:
        """Send a form of the page that is open."""
        seen = self.page.fields("article form") if self.page else {}
        sent = {name: text for name, text in seen.items() if name in {"version", "seen"}}
        sent.update(fields)
        return await self.browser.post(f"/console/tickets/{self.number}/{verb}", sent)
