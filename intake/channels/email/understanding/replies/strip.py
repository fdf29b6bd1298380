"""The new words of a mail: what stands above, between or below quoted text.

Nothing is lost: what is taken away stays in the mail's `text` and `elided`. A mail that would
become empty is kept whole.
"""

from dataclasses import dataclass

from intake.channels.email.understanding import limits
from intake.channels.email.understanding.html import readable
from intake.channels.email.understanding.mail import Person
from intake.channels.email.understanding.replies import attributions, blocks, signatures
from intake.channels.email.understanding.replies import lines as text_lines

_DEEPEST = 3
_MOST_REMARKS = 1
_LONGEST_REMARK = 20


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
    return "\n".join(text_lines.trimmed(new)).strip("\n")


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
