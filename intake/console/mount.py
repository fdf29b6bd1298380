"""Puts the console into the application, under /console."""

from collections.abc import Callable
from typing import Protocol

from aiohttp import web

from core.runtime import Runtime
from intake.channel import Previewer
from intake.console import admin, inbox, phone, review, ticket
from intake.console.account import AccountPages
from intake.console.context import Console
from intake.console.errors import errors_in_the_console
from intake.console.gate import gate
from intake.console.sign_in import WayIn


class Part(Protocol):
    """A part of the console."""

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List its routes, their paths without `/console`."""


def parts(console: Console) -> tuple[Part, ...]:
    """List the parts of the console; each one's routes have their rows in `access.py`."""
    return (
        WayIn(console),
        AccountPages(console),
        *(part(console) for part in inbox.PARTS),
        *(part(console) for part in ticket.PARTS),
        *(part(console) for part in review.PARTS),
        *(part(console) for part in phone.PARTS),
        *(part(console) for part in admin.PARTS),
    )


def mount(
    app: web.Application, runtime: Runtime, previewer: Callable[[str], Previewer | None]
) -> None:
    """Add the console. The application's pages are mounted already."""
    console = Console.of(runtime, previewer)
    pages = web.Application(middlewares=[errors_in_the_console, gate(console)])
    for part in parts(console):
        pages.router.add_routes(part.routes())
    app.add_subapp("/console", pages)
