"""A notice: what its facts (`core/reading/notice.py`) say in the reader's language.

The way back sends what is written here, and the console shows it: what is shown before an answer
is given is what arrives. A template is three files in `templates/notices/`: `NAME.subject.txt`,
`NAME.txt`, `NAME.html`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from core.ground.text import clean_line, shorten
from core.hospital.directory import HospitalEntry
from core.reading.desk_notice import DeskFacts
from core.reading.notice import NoticeFacts
from core.reading.state_notice import StateFacts
from core.tickets.lifecycle import Status
from intake.language import Language, language_of, local_moment, words
from intake.pages.accent import Accent
from intake.pages.hospital import TEAL
from intake.statuses import STATUSES

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
FOLDER = "notices"
EXCERPT = 700
"""Characters of a report that a notice to staff quotes."""

_PARTS = ("subject.txt", "txt", "html")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWords:
    """A notice as it is read: by mail all of it, elsewhere its text."""

    subject: str
    text: str
    html: str


def written_alarm(language: str, told: DeskFacts) -> NoticeWords:
    """Write the review desk's alarm in the reader's language."""
    spoken = language_of(language)
    since = local_moment(told.since, told.hospital.zone, spoken)
    return _written(told.template, spoken, told, told.hospital, {"since": since})


def written_state(language: str, told: StateFacts) -> NoticeWords:
    """Write how a report stands in the reader's language."""
    spoken = language_of(language)
    facts = {
        "status": words(spoken).singular(STATUSES[Status(told.status)].reporter),
        "due": local_moment(told.due_at, told.hospital.zone, spoken) if told.due_at else "",
    }
    return _written(told.template, spoken, told, told.hospital, facts)


def written(template: str, language: str, told: NoticeFacts) -> NoticeWords:
    """Write a notice, of a template that `is_notice`, in the reader's language."""
    spoken = language_of(language)
    facts = {
        "due": local_moment(told.due_at, told.hospital.zone, spoken),
        "excerpt": shorten(told.report, EXCERPT),
    }
    return _written(template, spoken, told, told.hospital, facts)


def _written(
    template: str,
    spoken: Language,
    told: NoticeFacts | DeskFacts | StateFacts,
    hospital: HospitalEntry,
    own: Mapping[str, str],
) -> NoticeWords:
    accent = Accent.readable(_accent(hospital))
    facts = {
        **own,
        "told": told,
        "hospital": hospital,
        "language": spoken,
        "paper_accent": "#" + bytes(accent.paper).hex(),
        "night_accent": "#" + bytes(accent.night).hex(),
    }
    subject, text, page = (
        _environment(spoken, html=part == "html")
        .get_template(f"{FOLDER}/{template}.{part}")
        .render(facts)
        for part in _PARTS
    )
    return NoticeWords(subject=clean_line(subject), text=_tidy(text), html=_inliner().inline(page))


@cache
def is_notice(template: str) -> bool:
    """Say whether a template is written for people to read as it is."""
    return template.isidentifier() and all(_path(template, part).is_file() for part in _PARTS)


def _path(template: str, part: str) -> Path:
    return TEMPLATES / FOLDER / f"{template}.{part}"


def _accent(hospital: HospitalEntry) -> str:
    try:
        Accent.readable(hospital.accent)
    except ValueError:
        return TEAL
    return hospital.accent


def _tidy(text: str) -> str:
    """Leave at most one empty line between paragraphs, and one newline at the end."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip() + "\n"


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


@cache
def _environment(language: Language, *, html: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=html,  # noqa: S701 - the other bodies are plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.filters["lines"] = _lines
    environment.filters["quoted"] = _quoted
    environment.filters["whole"] = _whole if html else str
    spoken = words(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # jinja2.ext.i18n adds it
        spoken.singular, spoken.plural, newstyle=True
    )
    return environment


def _lines(text: str) -> Markup:
    """Keep a person's line breaks where a mail program knows no `white-space`."""
    return Markup("<br>\n").join(escape(line) for line in text.splitlines())


def _whole(text: str) -> Markup:
    """Keep a telephone number on one line."""
    return Markup('<span style="white-space: nowrap">{}</span>').format(text)


def _quoted(text: str) -> str:
    """Mark what somebody said in a text body."""
    return "\n".join(f"| {line}".rstrip() for line in text.splitlines())
