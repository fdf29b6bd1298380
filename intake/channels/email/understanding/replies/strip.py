"""The new words of a mail: what stands above, between or below quoted text.

Nothing is lost: what is taken away stays in the mail's `text`, and staff read it under the words. A
mail that would become empty is kept whole. A first mail keeps more (`letter_of`) than an answer.
"""

import re
from dataclasses import dataclass

from intake.channels.email.understanding import limits
from intake.channels.email.understanding.html import readable
from intake.channels.email.understanding.mail import Person
from intake.channels.email.understanding.replies import attributions, blocks, signatures
from intake.channels.email.understanding.replies import lines as text_lines

_DEEPEST = 3
_MOST_REMARKS = 1
_LONGEST_REMARK = 20
_WORD = re.compile(r"\w+")
_BY_WHOM_OR_WHEN = re.compile(r"@|\d")
_FEW_WORDS = 12
"""Fewer new words than these may be a mere "see below"."""
_MUCH = 3
"""So many times the new words, and the quotation is what the mail is about."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Lines `start` to `end` introduce older text."""

    start: int
    end: int
    attribution: bool


def reply_of(marked: str, sender: Person) -> str:
    """Return the new words of a text; `marked` may hold the marks of HTML containers."""
    lines = without_signature_marks(marked.split("\n"))
    lines = blocks.split_run_on(lines[: limits.REPLY_LINES]) + lines[limits.REPLY_LINES :]
    new = _without_plain_quotes(signatures.strip(_new_lines(lines), sender))
    if not any(not text_lines.is_blank(line) for line in new):
        new = [line for line in lines if line != readable.CUT]
    return _as_text(new)


def letter_of(marked: str) -> str:
    """Return the words of a first mail: what it quotes and a device's footer taken away, no more.

    A signature stays: it may hold the record number and the telephone number. Words alone prove no
    quotation: a person writes `Dari: …`, `Perihal: …` and `Pada tanggal … dokter menulis:` as well.
    Where little would remain of much, nothing is cut.
    """
    marks = (readable.SIGNATURE_START, readable.SIGNATURE_END)
    lines = [line for line in marked.split("\n") if line not in marks]
    whole = [line for line in lines if line != readable.CUT]
    new = _letter(blocks.split_run_on(lines[: limits.REPLY_LINES]) + lines[limits.REPLY_LINES :])
    if new is None:
        return _as_text(signatures.without_device(whole))
    return _as_text(signatures.without_device(new))


def _letter(lines: list[str]) -> list[str] | None:
    """Return the lines without the quotation, or None where there is none to be sure of."""
    cut = first_cut(lines)
    if cut is None:
        return None
    is_ours = bool(blocks.our_markers(lines))
    if not is_ours and not _is_surely_older(lines, cut):
        return None
    new = _new_lines(lines)
    return new if is_ours or _is_enough(new, lines) else None


def _is_surely_older(lines: list[str], cut: Cut) -> bool:
    """Tell whether a mail program introduces the older text: by whom, when, and quoted lines.

    A heading that nothing stands above is the letter's own, and so is a divider with nothing
    below it that a program writes there.
    """
    introduced = "\n".join(lines[cut.start : cut.end])
    below = text_lines.next_text(lines, cut.end)
    if below < len(lines) and text_lines.is_quoted(lines[below]):
        return not cut.attribution or _BY_WHOM_OR_WHEN.search(introduced) is not None
    if not any(not text_lines.is_blank(line) for line in lines[: cut.start]):
        return False
    if cut.attribution:
        return "@" in introduced
    block = blocks.read(lines, cut.start)
    if block is None:
        return lines[cut.start] == readable.CUT
    return block.divided or any("@" in value for value in block.values.values())


def _is_enough(new: list[str], lines: list[str]) -> bool:
    """Tell whether the new words can be the report by themselves."""
    kept, total = (sum(len(_WORD.findall(line)) for line in each) for each in (new, lines))
    return kept >= _FEW_WORDS or total - kept <= _MUCH * kept


def _as_text(lines: list[str]) -> str:
    return text_lines.plain("\n".join(text_lines.trimmed(lines)).strip("\n"))


def without_signature_marks(lines: list[str]) -> list[str]:
    """Take away marked signatures; where nothing would be left, only the marks."""
    outside: list[str] = []
    inside = 0
    for line in lines:
        if line == readable.SIGNATURE_START:
            inside += 1
        elif line == readable.SIGNATURE_END:
            inside = max(0, inside - 1)
        elif not inside:
            outside.append(line)
    if any(not text_lines.is_blank(line) and line != readable.CUT for line in outside):
        return outside
    marks = (readable.SIGNATURE_START, readable.SIGNATURE_END)
    return [line for line in lines if line not in marks]


def first_cut(lines: list[str], *, quoted: bool = False) -> Cut | None:
    """Return the first place where older text is introduced, or None.

    What stands inside a quotation is asked only with `quoted`: below it, answers may follow.
    """
    attribution = attributions.find(lines, quoted=quoted)
    stop = attribution.start if attribution else len(lines)
    markers = blocks.our_markers(lines)
    for index in range(min(stop, limits.REPLY_LINES)):
        if text_lines.is_quoted(lines[index]) and not quoted and index not in markers:
            continue
        end = index + 1 if index in markers else _introduces(lines, index)
        if end:
            return Cut(index, end, attribution=False)
    if attribution:
        return Cut(attribution.start, attribution.end, attribution=True)
    return None


def _introduces(lines: list[str], index: int) -> int:
    """Return the line after a divider or header block that begins at `index`, or 0."""
    line = lines[index]
    if line == readable.CUT:
        return index + 1
    if len(line) > limits.LINE_CHARACTERS or text_lines.is_blank(line):
        return 0
    if blocks.is_previous_heading(lines, index):
        return index + 1
    divider = blocks.divider_of(line)
    if divider and divider.known:
        block = blocks.read(lines, index)
        return block.end if block else index + 1
    block = blocks.read(lines, index)
    return block.end if block else 0


def _new_lines(lines: list[str], depth: int = 0) -> list[str]:
    """Return the new lines; where the older text comes first, what stands in it is asked again."""
    cut = first_cut(lines)
    if cut is None or depth > _DEEPEST:
        return _without_plain_quotes(lines)
    before = text_lines.trimmed(lines[: cut.start])
    below = lines[cut.end :]
    if not cut.attribution:
        if before:
            return _without_plain_quotes(before)
        rest = _unquoted_all(text_lines.trimmed(below))
        return _new_lines(rest, depth + 1) if rest else lines
    after = _answers_below(below, depth)
    if before and after:
        return [*_without_plain_quotes(before), "", *after]
    return _without_plain_quotes(before) if before else after or _unquoted_all(below)


def _unquoted_all(lines: list[str]) -> list[str]:
    """Return the lines without one level of quoting where all of them are quoted."""
    texts = [line for line in lines if not text_lines.is_blank(line)]
    if texts and all(text_lines.is_quoted(line) for line in texts):
        return text_lines.trimmed([text_lines.unquoted(line) for line in lines])
    return lines


def _answers_below(lines: list[str], depth: int) -> list[str]:
    """Return what was written below or between the quoted lines under an attribution.

    Where no line is quoted, all of it is older: nothing is an answer.
    """
    start = _start_of_quote(lines)
    if start < 0:
        return []
    end = _end_of_quote(lines, start)
    rest = text_lines.trimmed(lines[end:])
    if not rest:
        return []
    if any(text_lines.is_quoted(line) for line in rest):
        return _without_plain_quotes(lines[start:])
    return _new_lines(rest, depth + 1)


def _start_of_quote(lines: list[str]) -> int:
    """Return the first quoted line; a remark of a word or two may stand above it, or -1."""
    index, remarks = text_lines.next_text(lines, 0), 0
    while index < len(lines) and not text_lines.is_quoted_loosely(lines[index]):
        remarks += 1
        if remarks > _MOST_REMARKS or len(lines[index]) > _LONGEST_REMARK:
            return -1
        index = text_lines.next_text(lines, index + 1)
    return index if index < len(lines) else -1


def _end_of_quote(lines: list[str], start: int) -> int:
    """Return the line after a quoted stretch, the overflow of wrapped quoted lines included."""
    index = start
    while index < len(lines):
        line = lines[index]
        if (
            text_lines.is_quoted_loosely(line)
            or text_lines.is_blank(line)
            or _is_overflow(lines, index)
        ):
            index += 1
        else:
            break
    return index


def _is_overflow(lines: list[str], index: int) -> bool:
    """Tell whether an unquoted line is the end of a quoted one that a program wrapped."""
    above = lines[index - 1]
    below = lines[index + 1] if index + 1 < len(lines) else ""
    return (
        text_lines.is_quoted(above)
        and text_lines.is_quoted(below)
        and len(above) >= 60
        and len(lines[index]) < len(above)
    )


def _without_plain_quotes(lines: list[str]) -> list[str]:
    """Drop quoted stretches at the beginning and the end; between answers they give the context."""
    lines = text_lines.trimmed(lines)
    end = len(lines)
    while end and (text_lines.is_quoted(lines[end - 1]) or text_lines.is_blank(lines[end - 1])):
        end -= 1
    kept = lines[:end]
    if not kept:
        return lines
    return text_lines.trimmed(kept)
