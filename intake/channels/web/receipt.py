"""The receipt: given to the browser that sent a report, shown as a page of thanks and a slip.

It travels sealed in a cookie, without the tracking code, and lives a quarter of an hour.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from aiohttp import web
from markupsafe import Markup
from pydantic import TypeAdapter

from core.ground.seals import RECEIPT, Seals
from core.tickets.submission import Receipt
from core.tickets.tracking_code import code_for
from intake.channels.web.context import WebContext
from intake.channels.web.report_form import CHANNEL
from intake.language import translate
from intake.pages import house_of, language_for, page, set_cookie
from intake.pages.headers import read_cookie
from intake.qr.codes import svg

_COOKIE: Final = "receipt"
_FACTS: Final = TypeAdapter(dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReceipt:
    """What the thanks page and the slip show."""

    number: str
    code: str
    unit: str
    due: datetime
    told_by_mail: bool
    danger: bool
    again: str
    lost: int
    """How many files came along that could not be kept."""

    @classmethod
    def unsealed(cls, secret: bytes, text: str, now: datetime) -> Self | None:
        """Open what was handed over, while it lives; the code is computed anew from the key."""
        opened = Seals(secret, RECEIPT).open(text, now)
        if opened is None:
            return None
        facts = _FACTS.validate_json(opened.content)
        return cls(
            number=facts["number"],
            code=code_for(secret, f"{CHANNEL}:{facts['key']}"),
            unit=facts["unit"],
            due=datetime.fromisoformat(facts["due"]),
            told_by_mail=facts["mail"] == "yes",
            danger=facts["danger"] == "yes",
            again=facts["again"],
            lost=int(facts.get("lost", "0")),
        )


@dataclass(frozen=True, slots=True)
class ReceiptPages:
    """The pages that show a receipt."""

    context: WebContext

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/thanks", self.thanks),
            web.get("/slip", self.slip),
        )

    async def thanks(self, request: web.Request) -> web.Response:
        """Show number, code and promise to the browser that has just sent the report."""
        receipt = self._receipt(request)
        if receipt is None:
            return page(request, "pages/thanks_over.html", status=410)
        return page(request, "pages/thanks.html", receipt=receipt)

    async def slip(self, request: web.Request) -> web.Response:
        """Show the same on a slip for printer or picture, with a code that opens the report."""
        receipt = self._receipt(request)
        if receipt is None:
            return page(request, "pages/thanks_over.html", status=410)
        link = f"{house_of(request).public_url}/t/{receipt.code}"
        title = translate(language_for(request), "QR code that opens this report")
        drawn = Markup(svg(link, title))  # noqa: S704 - our own drawing; its title is escaped there
        return page(request, "pages/slip.html", receipt=receipt, qr=drawn)

    def _receipt(self, request: web.Request) -> ShownReceipt | None:
        text = read_cookie(request, house_of(request), _COOKIE) or ""
        context = self.context
        return ShownReceipt.unsealed(context.runtime.secret, text, context.now())


def hand_over(
    request: web.Request,
    response: web.Response,
    receipt: Receipt,
    context: WebContext,
    *,
    key: str,
    mail: bool = False,
    danger: bool = False,
    again: str = "/",
    lost: int = 0,
) -> None:
    """Give the browser that sent a report its receipt."""
    facts = {
        "key": key,
        "number": receipt.number,
        "unit": receipt.unit_name,
        "due": receipt.due_at.isoformat(),
        "mail": "yes" if mail else "no",
        "danger": "yes" if danger else "no",
        "again": again,
        "lost": str(lost),
    }
    seals = Seals(context.runtime.secret, RECEIPT)
    sealed = seals.seal(_FACTS.dump_json(facts), context.now())
    seconds = int(RECEIPT.lasts.total_seconds())
    set_cookie(response, house_of(request), _COOKIE, sealed, max_age_seconds=seconds)
