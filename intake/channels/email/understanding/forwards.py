"""Mail that somebody passed on: the words inside are the report, the ones above explain it."""

import re
from dataclasses import dataclass

from intake.channels.email.understanding import addresses, clean
from intake.channels.email.understanding.html import readable
from intake.channels.email.understanding.languages import separators
from intake.channels.email.understanding.languages.headers import Role
from intake.channels.email.understanding.languages.vocabulary import phrases
from intake.channels.email.understanding.mail import Forwarded, Person
from intake.channels.email.understanding.replies import attributions, blocks, strip
from intake.channels.email.understanding.replies import lines as text_lines

_FORWARD_PREFIXES = frozenset(phrases(separators.FORWARD_SUBJECTS))
_REPLY_PREFIXES = frozenset(phrases(separators.REPLY_SUBJECTS))
_PREFIX = re.compile(
    r"\A\s{0,9}\[?([^\W\d_][\w.̇/]{0,14}(?:\s[^\W\d_]{1,8})?)(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]\s{0,9}"
)
_ON_BEHALF = re.compile(
    r"\s(?:on behalf of|atas nama|im auftrag von|de la part de|por encargo de)\s.*$", re.IGNORECASE
)
_MAILTO = re.compile(r"\s?[<\[]mailto:[^>\]]{1,320}[>\]]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Passed:
    """A forward found in a text: the mail inside and what the forwarder wrote above it."""

    forwarded: Forwarded
    above: str
    marked: bool
    """The subject or a dividing line calls it a forward."""


def is_forward_subject(subject: str) -> bool:
    """Tell whether the first prefix of a subject says "passed on"."""
    prefix = _PREFIX.match(subject)
    return prefix is not None and _prefix_word(prefix) in _FORWARD_PREFIXES


def _prefix_word(prefix: re.Match[str]) -> str:
    return prefix.group(1).strip(" .").lower()


def without_prefixes(subject: str) -> str:
    """Return a subject without its `Re:` and `Fwd:` prefixes."""
    while prefix := _PREFIX.match(subject):
        if _prefix_word(prefix) not in _FORWARD_PREFIXES | _REPLY_PREFIXES:
            break
        subject = subject[prefix.end() :]
    return subject.strip(" []") if subject.endswith("]") and "[" not in subject else subject.strip()


def find(marked: str, subject: str) -> Passed | None:
    """Return the outermost forward in a text, or None.

    A header block alone is no forward: many programs quote so. The subject or a dividing line
    must say it.
    """
    by_subject = is_forward_subject(subject)
    if not by_subject and not blocks.mentions_forward(marked):
        return None
    lines = strip.without_signature_marks(marked.split("\n"))
    lines = [line for line in lines if line != readable.CUT]
    lines = blocks.split_run_on(lines)
    cut = strip.first_cut(lines, quoted=True)
    if cut is None:
        return None
    block = blocks.read(lines, cut.start)
    if block and (block.forwarded or by_subject):
        return _from_block(lines, block, subject)
    divider = blocks.divider_of(lines[cut.start])
    if divider and divider.forwarded:
        return _from_divider(lines, cut.start, subject)
    if by_subject and cut.attribution:
        attribution = attributions.find(lines, quoted=True)
        if attribution:
            return _from_attribution(lines, attribution, subject)
    return None


def _from_block(lines: list[str], block: blocks.HeaderBlock, subject: str) -> Passed:
    values = block.values
    sender = next(iter(_people(values.get(Role.SENDER, ""))), Person())
    forwarded = Forwarded(
        sender=sender,
        to=_people(values.get(Role.TO, "")),
        cc=_people(values.get(Role.CC, "")),
        subject=clean.one_line(values.get(Role.SUBJECT, "")) or without_prefixes(subject),
        date=clean.one_line(values.get(Role.DATE, "")),
        text=_inner_text(lines[block.end :]),
    )
    return Passed(forwarded, _above(lines[: block.start]), marked=True)


def _from_divider(lines: list[str], index: int, subject: str) -> Passed:
    """Read a forward whose header block is missing or of an unknown language."""
    forwarded = Forwarded(
        sender=Person(),
        subject=without_prefixes(subject),
        text=_inner_text(lines[index + 1 :]),
    )
    return Passed(forwarded, _above(lines[:index]), marked=True)


def _from_attribution(
    lines: list[str], attribution: attributions.Attribution, subject: str
) -> Passed:
    person, date = attributions.person_and_date(attribution.text)
    forwarded = Forwarded(
        sender=person,
        subject=without_prefixes(subject),
        date=date,
        text=_inner_text(lines[attribution.end :]),
    )
    return Passed(forwarded, _above(lines[: attribution.start]), marked=True)


def _people(value: str) -> tuple[Person, ...]:
    value = _MAILTO.sub("", _ON_BEHALF.sub("", value))
    return addresses.parse_text(value)


def _inner_text(lines: list[str]) -> str:
    """Return the mail inside without one level of quoting, if all of it is quoted."""
    lines = text_lines.trimmed(lines)
    texts = [line for line in lines if not text_lines.is_blank(line)]
    if texts and all(text_lines.is_quoted(line) for line in texts):
        lines = text_lines.trimmed([text_lines.unquoted(line) for line in lines])
    return text_lines.plain("\n".join(lines).strip("\n"))


def _above(lines: list[str]) -> str:
    return "\n".join(text_lines.trimmed(lines))
