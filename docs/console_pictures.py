"""Takes the pictures of the console in docs/images: `python docs/console_pictures.py`.

It starts an invented hospital with a dozen reports, signs a supervisor and an agent in with a
real Chromium, and photographs the pages staff work on.
"""

# ruff: noqa: INP001 - a script beside the pages that show its pictures

import asyncio
import sys
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page
from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

from pictures import DESK, HOSPITAL, PHONE, Stage, picture, stage

from core.ground.database import transaction
from intake.hospital.rehearsal import read_reports, rehearse

PASSWORD: Final = "coba-kiss-di-sini"  # noqa: S105 - the demo's, written in its hospital file
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "desk": {"viewport": DESK},
    "desk-dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": PHONE},
}
PAGES: Final = (
    # who, name, path, looks
    ("maya", "inbox", "/console/inbox?queue=all", ("desk", "desk-dark", "phone")),
    ("maya", "ticket", "/console/tickets/{number}", ("desk", "desk-dark", "phone")),
    ("andi", "phone-desk", "/console/phone", ("desk", "phone")),
    ("andi", "call-backs", "/console/callbacks", ("desk",)),
    ("maya", "overview", "/console/admin", ("desk",)),
    ("maya", "units", "/console/admin/units", ("desk",)),
    ("maya", "codes", "/console/admin/codes", ("desk",)),
    ("maya", "notices", "/console/admin/notices", ("desk",)),
    ("tuti", "people", "/console/admin/people", ("desk",)),
    ("tuti", "settings", "/console/admin/settings", ("desk",)),
)


async def signed_in(at: Stage, who: str, look: str) -> Page:
    """Open a browser in which somebody is signed in."""
    context = await at.chromium.new_context(locale="id", **LOOKS[look])
    page = await context.new_page()
    await page.goto(f"{at.home}/console/sign-in")
    await page.locator("input[autocomplete=username]").fill(who)
    await page.locator("input[type=password]").fill(PASSWORD)
    await page.locator("input[type=password]").press("Enter")
    await page.wait_for_url(lambda url: "sign-in" not in url)
    return page


async def busiest(at: Stage) -> str:
    """Return the number of the ticket on which most was said."""
    query = (
        "SELECT t.ticket_number FROM tickets t JOIN messages m ON m.ticket_id = t.id"
        " GROUP BY t.id ORDER BY count(*) DESC, t.ticket_number LIMIT 1"
    )
    async with transaction(at.runtime.database) as session:
        return str(await session.scalar(text(query)))


async def main() -> None:
    """Photograph every page in every look it is listed with."""
    async with stage() as at:
        await rehearse(at.runtime, read_reports(HOSPITAL.with_name("reports.yaml")))
        number = await busiest(at)
        for who, name, path, looks in PAGES:
            for look in looks:
                page = await signed_in(at, who, look)
                await page.goto(at.home + path.format(number=number))
                await picture(page, f"console-{name}-{look}")
                await page.context.close()


asyncio.run(main())
