"""Makes the words of a notice: subject, text and HTML, in the reader's language.

A template is three files in `templates/notices/`: `NAME.subject.txt`, `NAME.txt`, `NAME.html`.
A delivery whose template has none (a chat's own replies) goes to its channel as it is.
"""

from functools import cache
from pathlib import Path

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from core.ground.text import clean_line, shorten
from intake.channel import Outgoing
from intake.language import Language, language_of, local_moment, words
from intake.pages.accent import Accent
from intake.pages.hospital import TEAL
from notifier.delivery_rows import Claimed
from notifier.notice_facts import NoticeFacts

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
FOLDER = "notices"
EXCERPT = 700
"""Characters of a report that a notice to staff quotes."""

_PARTS = ("subject.txt", "txt", "html")


def render(claimed: Claimed, story: NoticeFacts | None) -> Outgoing:
    """Return the notice as its channel sends it."""
    subject = text = ""
    html: str | None = None
    if story is not None and is_notice(claimed.template):
        subject, text, html = _written(claimed, story)
    return Outgoing(
        delivery_id=claimed.id,
        recipient=claimed.recipient_ref,
        language=claimed.language,
        template=claimed.template,
        subject=subject,
        text=text,
        html=html,
        ticket_id=claimed.ticket_id,
        ticket_number=story.number if story is not None else None,
        audience=claimed.audience,
        payload=claimed.payload,
        created_at=claimed.since,
        attempt=claimed.attempts,
    )


@cache
def is_notice(template: str) -> bool:
    """Say whether a template is written for people to read as it is."""
    return template.isidentifier() and all(_path(template, part).is_file() for part in _PARTS)


def _path(template: str, part: str) -> Path:
    return TEMPLATES / FOLDER / f"{template}.{part}"


def _written(claimed: Claimed, story: NoticeFacts) -> tuple[str, str, str]:
    language = language_of(claimed.language)
    accent = Accent.readable(_accent(story))
    facts = {
        "story": story,
        "hospital": story.hospital,
        "language": language,
        "due": local_moment(story.due_at, story.hospital.zone, language),
        "excerpt": shorten(story.report, EXCERPT),
        "paper_accent": "#" + bytes(accent.paper).hex(),
        "night_accent": "#" + bytes(accent.night).hex(),
    }
    subject, text, page = (
        _environment(language, html=part == "html")
        .get_template(f"{FOLDER}/{claimed.template}.{part}")
        .render(facts)
        for part in _PARTS
    )
    return clean_line(subject), _tidy(text), _inliner().inline(page)


def _accent(story: NoticeFacts) -> str:
    try:
        Accent.readable(story.hospital.accent)
    except ValueError:
        return TEAL
    return story.hospital.accent


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
