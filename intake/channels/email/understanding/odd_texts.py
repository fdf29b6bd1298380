"""Words in parts that mail programs seldom use for them: RTF, text/enriched, text/markdown.

Asked only where a mail has no other text. The part stays a file of the mail as well.
"""

import re
from collections.abc import Callable

from intake.channels.email.understanding import charsets, clean, limits, rtf
from intake.channels.email.understanding.html import measure, readable
from intake.channels.email.understanding.names import names
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.tree import Part

_PARAMETER = re.compile(r"<param>[^<]{0,1000}</param>", re.IGNORECASE)
_COMMAND = re.compile(r"<(?!<)/?[a-z0-9-]{1,60}>", re.IGNORECASE)
_BREAKS = re.compile(r"\n+")

_HTML = names("application/xhtml+xml text/x-amp-html text/watch-html")
_NOT_FOR_READING = names("text/calendar text/vcard text/x-vcard text/directory text/rfc822-headers")


def text_of(files: list[Part], problems: Problems) -> str:
    """Return the words of the first such part that has any, as clean text; or nothing."""
    for part in files:
        if part.disposition.value == "attachment" or part.parts:
            continue
        read = _reader_of(part)
        text = read(part, problems).strip() if read else ""
        if text:
            return text[: limits.TEXT_CHARACTERS]
    return ""


def _reader_of(part: Part) -> Callable[[Part, Problems], str] | None:
    if rtf.is_rtf(part.content):
        return _rtf
    if part.content_type in {"text/enriched", "text/richtext"}:
        return _enriched
    if part.content_type in _HTML:
        return _html
    is_text = part.content_type.startswith("text/") and part.content_type not in _NOT_FOR_READING
    return _plain if is_text else None


def _plain(part: Part, problems: Problems) -> str:
    text = charsets.decode(part.content, part.parameters.get("charset"), problems)
    return clean.text(text.removeprefix("\ufeff"))


def _rtf(part: Part, problems: Problems) -> str:
    return rtf.text_of(part.content, problems)


def _enriched(part: Part, problems: Problems) -> str:
    """Read text/enriched (RFC 1896): commands go, `<<` is `<`, of several line breaks one goes."""
    text = _PARAMETER.sub("", _plain(part, problems))
    text = _COMMAND.sub("", text.replace("<<", "\ue004")).replace("\ue004", "<")
    return _BREAKS.sub(lambda run: "\n" * (len(run.group()) - 1) or " ", text)


def _html(part: Part, problems: Problems) -> str:
    text = _plain(part, problems)[: limits.HTML_CHARACTERS]
    return readable.crude(text) if measure.objection(text) else readable.read(text).text
