"""Who is calling: earlier reports of a number, and whether this one may be a repeat."""

from dataclasses import dataclass

from aiohttp import web

from core.calls.caller import REPEAT, Callers, Earlier, repeated
from core.ground.phone_number import read, shown
from core.hospital.directory import Directory
from intake.console.context import Console
from intake.console.frame import language_here
from intake.console.labels import KINDS
from intake.console.phone.place_finder import FoundPlace, place_of
from intake.console.signed_in import present_of
from intake.pages import house_of, render


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerLine:
    """An earlier report as it is listed."""

    report: Earlier
    kind: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What is known of a number and a place, as far as they are typed."""

    number: str | None
    shown: str
    lines: tuple[CallerLine, ...]
    repeat: CallerLine | None
    place: FoundPlace | None
    is_placed: bool
    """Whether a place was typed at all."""
    repeat_hours: int = int(REPEAT.total_seconds() // 3600)


async def caller_of(
    request: web.Request, console: Console, directory: Directory, number: str, place: str
) -> Caller:
    """Look a caller up; the look is audited."""
    region = console.runtime.settings.phone_region
    known, where, now = read(number, region), place_of(directory, place), console.now()
    found: tuple[Earlier, ...] = ()
    if known is not None:
        found = await Callers(console.runtime).earlier(present_of(request).reader, known)
    repeat = repeated(found, where.unit.id if where else None, now)
    return Caller(
        number=known,
        shown=shown(known, region) if known else number,
        lines=tuple(_line(report, directory) for report in found),
        repeat=_line(repeat, directory) if repeat else None,
        place=where,
        is_placed=bool(place.strip()),
    )


def _line(report: Earlier, directory: Directory) -> CallerLine:
    unit = directory.units.get(report.unit_id)
    return CallerLine(report=report, kind=KINDS[report.kind], unit=unit.name if unit else "")


@dataclass(frozen=True, slots=True)
class CallerPart:
    """Answers a script that asks who is calling; without one the desk's own page says it."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths. The number travels in the body: no address may hold it."""
        return (web.post("/phone/caller", self.show),)

    async def show(self, request: web.Request) -> web.Response:
        """Answer with the part of the page that tells it."""
        form = await self.console.form(request)
        directory = await self.console.directory()
        caller = await caller_of(
            request, self.console, directory, form.text("number"), form.text("place")
        )
        text = render(
            house_of(request),
            "console/phone/caller.html",
            language_here(request),
            caller=caller,
            draft_id=form.text("id"),
        )
        return web.Response(text=text, content_type="text/html")
