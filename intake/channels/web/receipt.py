"""The receipt: shown to the browser that sent a report, as a page of thanks and as a slip.

It travels sealed, without the tracking code, and lives a quarter of an hour. A browser that keeps
cookies is led on to the page of its report's number and holds the receipt in a cookie of that
number: two tabs have two. Any other gets the page as the answer to its form and holds it in a
hidden field, by which slip and language are asked for. A receipt stands in no address, ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self

from aiohttp import web
from markupsafe import Markup
from pydantic import TypeAdapter

from core.ground.seals import RECEIPT, SENT, Seals
from core.ground.secret import Secret
from core.tickets.submission import Receipt, key_of
from core.tickets.tracking_code import code_for, code_of, hash_of
from intake.channels.web.banners import Banner
from intake.channels.web.context import WebContext
from intake.channels.web.forgetting import was_told_to_forget
from intake.channels.web.receipt_cookies import held_of, hold
from intake.channels.web.report_form import CHANNEL
from intake.channels.web.sent import SentReport, SentReports
from intake.channels.web.written_code import beside
from intake.language import LANGUAGES, Language, language_of, translate
from intake.pages import house_of, language_for, page, set_cookie
from intake.pages.headers import read_cookie
from intake.pages.kiosk import kiosk_of
from intake.pages.page import remember_language
from intake.qr.codes import svg
from intake.uploads.receive import receive

_NUMBER: Final = r"{number:TKT-[0-9]{8}-[0-9]{4,12}}"
_SENT: Final = "sent"
_FACTS: Final = TypeAdapter(dict[str, str])
_REPORTS: Final = TypeAdapter(tuple[SentReport, ...])

LASTS: Final = RECEIPT.lasts
"""How long a receipt can be shown again, and a browser is known to have sent the same."""

Facts = dict[str, str]
"""What is sealed of a receipt, by name: never the tracking code, never a word of the report.

The code's hash says by which key of the ring the code was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReceipt:
    """What the thanks page and the slip show."""

    key: str
    number: str
    code: str
    unit: str
    due: datetime
    told_by_mail: bool
    danger: bool
    again: str
    lost: int
    """How many files came along that could not be kept."""
    sealed: str = ""
    """The receipt itself, on the page of a browser that keeps no cookies."""

    @classmethod
    def unsealed(cls, secret: Secret, text: str, now: datetime) -> Self | None:
        """Open what was handed over, while it lives; the code is computed anew from the key."""
        opened = Seals(secret, RECEIPT).open(text, now)
        return None if opened is None else cls.of(_FACTS.validate_json(opened.content), secret)

    @classmethod
    def of(cls, facts: Facts, secret: Secret) -> Self:
        """Make it of what is sealed."""
        key, by = key_of(CHANNEL, facts["key"]), bytes.fromhex(facts.get("proof", ""))
        return cls(
            key=facts["key"],
            number=facts["number"],
            code=code_of(secret, key, by) or code_for(secret, key),
            unit=facts["unit"],
            due=datetime.fromisoformat(facts["due"]),
            told_by_mail=facts["mail"] == "yes",
            danger=facts["danger"] == "yes",
            again=facts["again"],
            lost=int(facts.get("lost", "0")),
        )


@dataclass(frozen=True, slots=True)
class ReceiptPages:
    """The pages that show a receipt, by cookie or by what the page before it held."""

    context: WebContext

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (
            web.get("/thanks", self.thanks),
            web.get(f"/thanks/{_NUMBER}", self.thanks),
            web.post("/thanks", self.thanks_again),
            web.get("/slip", self.slip),
            web.get(f"/slip/{_NUMBER}", self.slip),
            web.post("/slip", self.slip_again),
        )

    async def thanks(self, request: web.Request) -> web.Response:
        """Show number, code and promise to the browser that has just sent the report."""
        receipt = self._receipt(request)
        if receipt is None:
            return _over(request)
        response = thanks_page(request, receipt)
        sent = sent_from(request, self.context)
        if sent.knows(receipt.key) and not sent.has_seen(receipt.key):
            _remember(request, response, sent.seen(receipt.key), self.context)
        return response

    async def thanks_again(self, request: web.Request) -> web.Response:
        """Show the same in another language to a browser that keeps no cookies."""
        receipt, language = await self._carried(request)
        if receipt is None:
            return _over(request)
        response = thanks_page(request, receipt, language=language)
        remember_language(response, house_of(request), language)
        return response

    async def slip(self, request: web.Request) -> web.Response:
        """Show the same on a slip for printer or picture, with a code that opens the report."""
        return _slip(request, self._receipt(request))

    async def slip_again(self, request: web.Request) -> web.Response:
        """Show the slip to a browser that keeps no cookies."""
        return _slip(request, *await self._carried(request))

    def _receipt(self, request: web.Request) -> ShownReceipt | None:
        return receipt_of(request, self.context)

    async def _carried(self, request: web.Request) -> tuple[ShownReceipt | None, Language]:
        """Open the receipt that the page before held, and read in which language it is wanted."""
        context = self.context
        received = await receive(request, context.runtime.storage, context.limits.without_files())
        sealed, wished = received.text("receipt"), received.text("lang")
        receipt = ShownReceipt.unsealed(context.runtime.secret, sealed, context.now())
        language = language_of(wished) if wished in LANGUAGES else language_for(request)
        return replace(receipt, sealed=sealed) if receipt else None, language


def receipt_of(request: web.Request, context: WebContext) -> ShownReceipt | None:
    """Give the receipt this browser holds of the number in the address, without one the newest.

    None where it holds none, or the page is opened anew.
    An address typed or a bookmark in a new tab is no way from the form (Fetch Metadata, "none"):
    whoever takes the phone next is not shown the code.
    """
    if request.headers.get("Sec-Fetch-Site") == "none":
        return None
    text = held_of(request, request.match_info.get("number"))
    return ShownReceipt.unsealed(context.runtime.secret, text, context.now())


def thanks_path(receipt: Receipt) -> str:
    """Return where the page of thanks of a report is."""
    return f"/thanks/{receipt.number}"


def thanks_page(
    request: web.Request,
    receipt: ShownReceipt,
    *,
    language: Language | None = None,
    told: Banner | None = None,
    resend: Mapping[str, object] | None = None,
    code_beside: str = "",
) -> web.Response:
    """Show number, code and promise; in a kiosk for a moment, to be photographed.

    `told` says what became of a form that was sent before, and `resend` is what the page needs to
    send the same as another report; `code_beside` is that of another report.
    """
    facts: dict[str, object] = {"receipt": receipt, "told": told, "resend": resend}
    facts["beside"] = code_beside or beside(request, receipt.number)
    if kiosk_of(request) is None:
        return page(request, "pages/thanks.html", status=200, language=language, **facts)
    qr = _drawn(request, receipt, language)
    return page(request, "pages/kiosk_thanks.html", status=200, language=language, qr=qr, **facts)


def _drawn(request: web.Request, receipt: ShownReceipt, language: Language | None = None) -> Markup:
    """Draw the code that opens the report."""
    link = f"{house_of(request).public_url}/t/{receipt.code}"
    title = translate(language or language_for(request), "QR code that opens this report")
    return Markup(svg(link, title))  # noqa: S704 - our own drawing; its title is escaped there


def keeps_cookies(request: web.Request) -> bool:
    """Whether the browser has shown that it keeps cookies: one came with the form."""
    return bool(request.cookies)


def sent_from(request: web.Request, context: WebContext) -> SentReports:
    """Read which reports this browser remembers; none, where it keeps no cookies."""
    text = read_cookie(request, house_of(request), _SENT) or ""
    opened = Seals(context.runtime.secret, SENT).open(text, context.now())
    return SentReports(_REPORTS.validate_json(opened.content)) if opened else SentReports()


def facts_of(
    receipt: Receipt,
    *,
    mail: bool = False,
    danger: bool = False,
    again: str = "/",
    lost: int = 0,
) -> Facts:
    """Return what is sealed of a receipt."""
    return {
        "key": receipt.key,
        "proof": hash_of(receipt.tracking_code).hex(),
        "number": receipt.number,
        "unit": receipt.unit_name,
        "due": receipt.due_at.isoformat(),
        "mail": "yes" if mail else "no",
        "danger": "yes" if danger else "no",
        "again": again,
        "lost": str(lost),
    }


def hand_over(
    request: web.Request,
    response: web.Response,
    facts: Facts,
    context: WebContext,
    *,
    mark: str = "",
    seen: bool = False,
) -> None:
    """Give the browser that sent a report its receipt; `mark` is that of the form it sent."""
    seconds = int(LASTS.total_seconds())
    hold(request, response, facts["number"], _sealed(facts, context), max_age_seconds=seconds)
    if mark:
        now = context.now()
        report = SentReport(key=facts["key"], mark=mark, at=now, seen=seen)
        sent = sent_from(request, context).since(now - SENT.lasts).with_one(report)
        _remember(request, response, sent, context)


def shown_at_once(
    request: web.Request,
    facts: Facts,
    context: WebContext,
    *,
    mark: str,
    language: Language,
    told: Banner | None,
    resend: Mapping[str, object] | None,
    code_beside: str,
) -> web.Response:
    """Answer a form with its page of thanks.

    `told` says what became of a form that was sent before, and `resend` is what the page needs to
    send the same as another report.
    """
    sealed = "" if keeps_cookies(request) else _sealed(facts, context)
    receipt = replace(ShownReceipt.of(facts, context.runtime.secret), sealed=sealed)
    response = thanks_page(
        request, receipt, language=language, told=told, resend=resend, code_beside=code_beside
    )
    hand_over(request, response, facts, context, mark=mark, seen=True)
    return response


def _over(request: web.Request, language: Language | None = None) -> web.Response:
    """Say what holds for whoever comes here, where no receipt can be shown (any more)."""
    forgotten = was_told_to_forget(request)
    return page(request, "pages/thanks_over.html", language=language, is_forgotten=forgotten)


def _slip(
    request: web.Request, receipt: ShownReceipt | None, language: Language | None = None
) -> web.Response:
    if receipt is None:
        return _over(request, language)
    drawn = _drawn(request, receipt, language)
    return page(request, "pages/slip.html", language=language, receipt=receipt, qr=drawn)


def _sealed(facts: Facts, context: WebContext) -> str:
    return Seals(context.runtime.secret, RECEIPT).seal(_FACTS.dump_json(facts), context.now())


def _remember(
    request: web.Request, response: web.Response, sent: SentReports, context: WebContext
) -> None:
    sealed = Seals(context.runtime.secret, SENT).seal(
        _REPORTS.dump_json(sent.reports), context.now()
    )
    seconds = int(SENT.lasts.total_seconds())
    set_cookie(response, house_of(request), _SENT, sealed, max_age_seconds=seconds)
