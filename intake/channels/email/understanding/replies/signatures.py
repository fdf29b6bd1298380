"""Signatures, device footers and legal notices under the new text."""

import re

from intake.channels.email.understanding import limits
from intake.channels.email.understanding.languages import footers
from intake.channels.email.understanding.languages.vocabulary import any_of, phrases
from intake.channels.email.understanding.mail import Person
from intake.channels.email.understanding.replies import lines as text_lines

_DELIMITER = re.compile(r"\s{0,3}(?:--|—|__|\u2013\u2013)\s{0,3}")
_RULES_ONLY = re.compile(r"[\s\-_=*#~+.·\u1427\u2500\u2014]+")
_RULE = re.compile(
    r"\s{0,4}(?:-{3,}|_{3,}|={3,}|\*{3,}|#{3,}|~{3,}|[\u2500\u2014\u2013]{3,})\s{0,4}"
)
_CONTACT = re.compile(
    r"[^\s@]{1,64}@[^\s@]{1,255}|https?://|www\.|(?:\+?\d[\d\s()./-]{6,})"
    r"|\b(?:tel|telp|hp|fax|phone|mobile|mob|wa|whatsapp|skype|ext)\b\s?[.:]",
    re.IGNORECASE,
)
_CASE_FACT = re.compile(any_of(footers.CASE_FACTS), re.IGNORECASE)
_ADDRESS_OR_LINK = re.compile(r"[^\s@]{1,64}@\S{1,255}|(?:https?://|www\.)\S{1,999}")
_WORD = re.compile(r"[^\W\d_]{2,}")

_KNOWN_DEVICE = re.compile(any_of(footers.DEVICE_NAMES), re.IGNORECASE)
_DEVICE = phrases(footers.DEVICE)
_NOTICE = phrases(footers.NOTICE)
_HEADINGS = frozenset(phrases(footers.NOTICE_HEADINGS))
_CLOSINGS = frozenset(phrases(footers.CLOSINGS))

_SEARCHED_LINES = 150
"""Only the last lines of a text are searched for what stands under it."""
_LONGEST_FOOTER_LINE = 160
_LONGEST_SIGNATURE = 14
_LONGEST_SIGNATURE_LINE = 90
_LONGEST_NAME_LINE = 60
_MOST_TITLES = 3
_MOST_NAME_WORDS = 5
_SENTENCE_WORDS = 3


def strip(lines: list[str], sender: Person) -> list[str]:
    """Return the lines without what stands under the letter; never all of them."""
    fenced = max(_fenced(lines), len(lines) - _SEARCHED_LINES)
    for step in (_notices, _devices, _delimited, _ruled, _named, _closed, _drawn):
        shorter = text_lines.trimmed(step(lines, sender, fenced))
        if shorter:
            lines = shorter
    return lines


def is_device_footer(line: str) -> bool:
    """Tell whether a line says which device or program sent the mail."""
    text = text_lines.bare(line).lstrip("-—– [(")
    if len(text) > _LONGEST_FOOTER_LINE or ", " in text:  # a sentence of the sender's own
        return False
    return text.lower().startswith(_DEVICE)


def without_device(lines: list[str]) -> list[str]:
    """Return the lines without a last one that names the device or program that sent the mail.

    Only where the line names one we know: `Dikirim dari IGD ke bangsal tanpa obat` is a report.
    """
    lines = text_lines.trimmed(lines)
    if not lines or not is_device_footer(lines[-1]) or not _KNOWN_DEVICE.search(lines[-1]):
        return lines
    return text_lines.trimmed(_above_rule(lines, len(lines) - 1)) or lines


def is_delimiter(line: str) -> bool:
    """Tell whether a line is the `-- ` above a signature."""
    return _DELIMITER.fullmatch(line) is not None


def _fenced(lines: list[str]) -> int:
    """Return the line after the last closed code fence: nothing above it is a signature."""
    fences = [index for index, line in enumerate(lines) if line.lstrip().startswith("```")]
    return fences[-1] + 1 if len(fences) > 1 else 0


def _notices(lines: list[str], _sender: Person, fenced: int) -> list[str]:
    """Cut a legal notice, a virus scanner's line or a list's footer, with its rule."""
    for index in range(max(fenced, 1), len(lines)):
        line = lines[index]
        if len(line) > limits.LINE_CHARACTERS * 2 or text_lines.is_quoted(line):
            continue
        if text_lines.bare(line).lower().startswith(_NOTICE):
            return _above_rule(lines, index)
    return lines


def _devices(lines: list[str], _sender: Person, fenced: int) -> list[str]:
    """Cut from the first device footer that stands alone between blank lines or last."""
    for index in range(max(fenced, 1), len(lines)):
        if not is_device_footer(lines[index]):
            continue
        alone = text_lines.is_blank(lines[index - 1]) or _DELIMITER.fullmatch(lines[index - 1])
        last = text_lines.next_text(lines, index + 1) >= len(lines)
        if alone or last:
            return _above_rule(lines, index)
    return lines


def _above_rule(lines: list[str], index: int) -> list[str]:
    """Return the lines above `index` without rules and delimiters just above it."""
    while index > 0 and (
        text_lines.is_blank(lines[index - 1])
        or _RULES_ONLY.fullmatch(lines[index - 1])
        or text_lines.bare(lines[index - 1]).lower() in _HEADINGS
    ):
        index -= 1
    return lines[:index]


def _delimited(lines: list[str], _sender: Person, fenced: int) -> list[str]:
    """Cut at a `-- ` line (RFC 3676 §4.3)."""
    for index in range(max(fenced, 0), len(lines)):
        if _DELIMITER.fullmatch(lines[index]) and _is_short(lines[index + 1 :], 30):
            return lines[:index]
    return lines


def _is_short(lines: list[str], most: int) -> bool:
    return sum(not text_lines.is_blank(line) for line in lines) <= most


def _named(lines: list[str], sender: Person, fenced: int) -> list[str]:
    """Cut at the sender's own name where only short lines follow; the closing above goes too."""
    names = _name_words(sender)
    if not names:
        return lines
    floor = max(fenced, 1, len(lines) - 2 * _LONGEST_SIGNATURE)
    for index in range(floor, len(lines)):
        if _is_own_name(lines[index], names) and _is_signature_tail(lines[index + 1 :]):
            above = index
            while above > 0 and text_lines.is_blank(lines[above - 1]):
                above -= 1
            if above and text_lines.bare(lines[above - 1])[-1:] in ":=":
                continue  # `Nama pasien:` and then the name
            if above > 1 and is_closing(lines[above - 1]):
                above -= 1
            return _above_rule(lines, above)
    return lines


def _name_words(sender: Person) -> set[str]:
    """Return the words of the sender's name as they can stand in a signature."""
    name = sender.name.partition("(")[0]
    return {word.lower() for word in _WORD.findall(name)}


def _is_own_name(line: str, names: set[str]) -> bool:
    """Tell whether a line is the sender's name, in full or its first word, with titles at most."""
    text = text_lines.bare(line)
    if not text or len(text) > _LONGEST_NAME_LINE or text_lines.is_quoted(line):
        return False
    words = _WORD.findall(text)
    others = [word for word in words if word.lower() not in names]
    if text.endswith("?") or len(words) == len(others):
        return False
    if not others:
        return True
    whole = names <= {word.lower() for word in words}
    return whole and len(others) <= _MOST_TITLES and all(word[0].isupper() for word in others)


def _is_signature_tail(lines: list[str]) -> bool:
    """Tell whether lines can be the rest of a signature: few, short, no sentences, no facts."""
    texts = [text_lines.bare(line) for line in lines if not text_lines.is_blank(line)]
    if len(texts) > _LONGEST_SIGNATURE:
        return False
    return not any(_is_sentence(text) or _CASE_FACT.search(text) for text in texts)


def _is_sentence(text: str) -> bool:
    """Tell whether somebody says something in a line: then it is no part of a signature."""
    if len(text) > _LONGEST_SIGNATURE_LINE or text.endswith("?"):
        return " " in text
    words = _WORD.findall(_ADDRESS_OR_LINK.sub(" ", text))
    small = sum(word[0].islower() for word in words)
    return small >= _SENTENCE_WORDS or (text[-1:] in ".!" and small > 1)


def _is_name_like(text: str) -> bool:
    """Tell whether a line is one to five capitalised words."""
    words = _WORD.findall(text)
    return 0 < len(words) <= _MOST_NAME_WORDS and all(word[0].isupper() for word in words)


def is_closing(line: str) -> bool:
    """Tell whether a line is a formula that closes a letter."""
    return text_lines.bare(line).strip(" ,.!;:-").lower() in _CLOSINGS


def _closed(lines: list[str], _sender: Person, fenced: int) -> list[str]:
    """Cut a closing formula with a name and at least one more line of a signature.

    A formula with a name alone stays: it may say who writes, and nothing of it is lost.
    """
    floor = max(fenced, 1, len(lines) - 2 * _LONGEST_SIGNATURE)
    for index in range(floor, len(lines)):
        if not is_closing(lines[index]):
            continue
        tail = [line for line in lines[index + 1 :] if not text_lines.is_blank(line)]
        if len(tail) > 1 and _is_signature_tail(tail) and _is_name_like(text_lines.bare(tail[0])):
            return _above_rule(lines, index)
    return lines


def _ruled(lines: list[str], _sender: Person, fenced: int) -> list[str]:
    """Cut a block of contact lines under a drawn rule."""
    for index in range(max(fenced, 1), len(lines)):
        if _RULE.fullmatch(lines[index]) and _is_card(lines[index + 1 :]):
            return _above_rule(lines, index)
    return lines


def _drawn(lines: list[str], _sender: Person, fenced: int) -> list[str]:
    """Cut rules at the end."""
    end = len(lines)
    while end > fenced and (
        text_lines.is_blank(lines[end - 1]) or _RULES_ONLY.fullmatch(lines[end - 1])
    ):
        end -= 1
    return lines[:end]


def _is_card(lines: list[str]) -> bool:
    """Tell whether lines are a visiting card: few, two contacts at least, hardly a sentence."""
    texts = [text_lines.bare(line) for line in lines if not text_lines.is_blank(line)]
    contacts = sum(_CONTACT.search(text[:300]) is not None for text in texts)
    return len(texts) <= _LONGEST_SIGNATURE and contacts > max(1, sum(map(_is_sentence, texts)))
