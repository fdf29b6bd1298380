"""From a template and facts to an answer in the reader's language."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from intake import language as words
from intake.language import LANGUAGE_NAMES, Language
from intake.pages import assets, event_streams
from intake.pages.headers import forget_cookie, harden, read_cookie, set_cookie
from intake.pages.hospital import CurrentHospital, ShownHospital
from intake.pages.kiosk import kiosk_of
from intake.pages.offers import OFFERS
from intake.uploads.reasons import bytes_in_words

HOUSE: Final[web.AppKey[CurrentHospital]] = web.AppKey("house", CurrentHospital)

TEMPLATES: Final = Path(__file__).resolve().parent.parent.parent / "templates"
_LANGUAGE_COOKIE: Final = "language"
_PICTURES: Final = {".png", ".svg", ".jpg", ".jpeg", ".webp"}
_YEAR_SECONDS: Final = 365 * 24 * 3600


def mount(app: web.Application, house: ShownHospital) -> None:
    """Give the application its house, its assets and the headers of every answer."""
    app[HOUSE] = CurrentHospital(house)
    app[OFFERS] = []
    app.on_response_prepare.append(_harden)
    event_streams.mount(app)
    app.router.add_get("/static/{name:.+}", assets.serve)
    app.router.add_get("/house.css", _colours)
    app.router.add_get("/logo", _logo)


def page(
    request: web.Request,
    template: str,
    *,
    status: int = 200,
    language: Language | None = None,
    **facts: object,
) -> web.Response:
    """Answer with a rendered template, in the reader's language unless one is given.

    A language asked for with ``?lang=`` is remembered.
    """
    house = house_of(request)
    spoken = language or language_for(request)
    where: dict[str, object] = {"path": request.path, "kiosk": kiosk_of(request)}
    text = render(house, template, spoken, **(where | facts))
    response = web.Response(text=text, content_type="text/html", status=status)
    response.headers["Content-Language"] = spoken
    response.headers["Vary"] = "Accept-Language, Cookie"
    if request.query.get("lang") == spoken:
        remember_language(response, house, spoken)
    return response


def house_of(request: web.Request) -> ShownHospital:
    """Give the house that a request is answered for."""
    return request.config_dict[HOUSE].now


def render(house: ShownHospital, template: str, language: Language, **facts: object) -> str:
    """Render a template to text. ``house``, ``language`` and the filters are always there.

    So are ``path``, where the page is asked for again, and ``kiosk``, which is None elsewhere.
    """
    return (
        _environment(language)
        .get_template(template)
        .render(house=house, language=language, **({"path": "/", "kiosk": None} | facts))
    )


def language_for(request: web.Request) -> Language:
    """Choose the reader's language from address, cookie and browser, in this order."""
    return words.choose(
        accept_language=request.headers.get("Accept-Language"),
        cookie=read_cookie(request, house_of(request), _LANGUAGE_COOKIE),
        explicit=request.query.get("lang"),
    )


def remember_language(
    response: web.StreamResponse, house: ShownHospital, language: Language
) -> None:
    """Keep the chosen language for a year."""
    set_cookie(response, house, _LANGUAGE_COOKIE, language, max_age_seconds=_YEAR_SECONDS)


def forget_language(request: web.Request, response: web.StreamResponse) -> None:
    """Let the browser forget the chosen language."""
    forget_cookie(response, house_of(request), _LANGUAGE_COOKIE)


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.globals.update(asset=assets.url_of, language_names=LANGUAGE_NAMES)
    environment.filters.update(
        moment=_local(words.local_moment),
        short_moment=_local(words.short_moment),
        span=_span,
        file_size=_file_size,
    )
    spoken = words.words(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # jinja2.ext.i18n adds it
        spoken.singular, spoken.plural, newstyle=True
    )
    return environment


def _local(write: Callable[[datetime, str, str], str]) -> Callable[[Context, datetime], str]:
    @pass_context
    def written(context: Context, moment: datetime) -> str:
        return write(moment, context["house"].zone, context["language"])

    return written


@pass_context
def _span(context: Context, span: timedelta) -> str:
    return words.duration(span, context["language"])


@pass_context
def _file_size(context: Context, size: int) -> str:
    return bytes_in_words(size, context["language"])


async def _harden(request: web.Request, response: web.StreamResponse) -> None:
    harden(response, house_of(request))


async def _colours(request: web.Request) -> web.Response:
    return web.Response(
        text=house_of(request).colours,
        content_type="text/css",
        headers={"Cache-Control": "public, max-age=3600"},
    )


async def _logo(request: web.Request) -> web.StreamResponse:
    logo = house_of(request).logo
    if logo is None or logo.suffix.lower() not in _PICTURES or not logo.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(logo, headers={"Cache-Control": "public, max-age=3600"})
