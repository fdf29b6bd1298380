"""The header block of a mail or part: raw fields, unfolded (RFC 5322 §2.2), nothing decoded yet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from intake.channels.email.understanding import limits
from intake.channels.email.understanding.problems import Problems
from intake.language import marked as _

_FIELD = re.compile(rb"([!-9;-~]{1,120})[ \t]*:")
_BLANK_LINE = re.compile(rb"(?:\A|\n)\r*(?:\n|\Z)")
_MBOX_LINE = re.compile(rb">?From (?!:)")
_WELL_KNOWN = frozenset(
    b"from to cc bcc subject date message-id mime-version content-type return-path reply-to sender "
    b"content-transfer-encoding content-disposition content-id received in-reply-to references "
    b"delivered-to dkim-signature x-mailer user-agent thread-topic thread-index importance".split()
)


@dataclass(frozen=True, slots=True)
class Fields:
    """Header fields in their order: (name in lower case, raw unfolded value)."""

    items: tuple[tuple[str, bytes], ...] = ()

    def first(self, name: str) -> bytes | None:
        """Return the first value of `name`, or None."""
        return next((value for key, value in self.items if key == name), None)

    def every(self, name: str) -> tuple[bytes, ...]:
        """Return all values of `name`."""
        return tuple(value for key, value in self.items if key == name)

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.items)


def split_entity(data: bytes, problems: Problems) -> tuple[Fields, bytes]:
    """Split one entity into its header fields and its body.

    The block ends at the first empty line. Lines in it that are neither `Name:` nor folded are
    passed over and noted, unless only prose follows them: then the empty line is missing and
    the body begins there.
    """
    start = _skip_mbox_line(data)
    blank = _BLANK_LINE.search(data, start)
    end = blank.start() if blank else len(data)
    if end <= start:
        return Fields(), data[blank.end() :] if blank else data
    block = data[start : min(end, start + limits.HEADER_BLOCK_BYTES)]
    if end - start > limits.HEADER_BLOCK_BYTES:
        problems.note(_("The headers are too long and were cut."))
    fields, prose_at = _read_block(block, ended=blank is not None, problems=problems)
    if prose_at is not None:
        return fields, data[start + prose_at :]
    return fields, data[blank.end() :] if blank else b""


def _skip_mbox_line(data: bytes) -> int:
    """Return where the headers begin: after empty lines and an mbox `From ` line."""
    start = len(data) - len(data.lstrip(b"\r\n"))
    if not _FIELD.match(data, start) and not _MBOX_LINE.match(data, start):
        return 0
    while _MBOX_LINE.match(data, start):
        line_end = data.find(b"\n", start)
        if line_end < 0:
            return start
        start = line_end + 1
    return start


def _read_block(block: bytes, *, ended: bool, problems: Problems) -> tuple[Fields, int | None]:
    """Return the fields, and the offset of a body that began without an empty line."""
    lines = list(_lines(block))
    read: list[tuple[str, list[bytes]]] = []
    for index, (offset, line) in enumerate(lines):
        field = _FIELD.match(line)
        if field:
            if len(read) == limits.HEADER_FIELDS:
                problems.note(_("The mail has too many header fields; the rest was not read."))
                break
            name = field.group(1).decode("ascii", "replace").lower()
            read.append((name, [line[field.end() :]]))
        elif line[:1] in (b" ", b"\t") and read:
            read[-1][1].append(line)
        elif not ended and not read:
            return Fields(), 0
        elif read and _has_open_bracket(read[-1][1]):
            read[-1][1].append(b" " + line)
            problems.note(_("A broken header line was joined to the header before it."))
        elif _only_prose_follows(lines[index + 1 :]):
            problems.note(_("The empty line between the headers and the text is missing."))
            return _finished(read, problems), offset
        elif read and _is_open_encoded_word(read[-1][1]):
            read[-1][1].append(b" " + line)
            problems.note(_("A broken header line was joined to the header before it."))
        else:
            problems.note(_("A header line that is none was passed over."))
    return _finished(read, problems), None


def _lines(block: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, line without its end)."""
    offset = 0
    for line in block.split(b"\n"):
        yield offset, line.rstrip(b"\r")
        offset += len(line) + 1


def _only_prose_follows(lines: list[tuple[int, bytes]]) -> bool:
    """Tell whether no well-known field comes any more in the block."""
    for _end, line in lines:
        field = _FIELD.match(line)
        if field and (field.group(1).lower() in _WELL_KNOWN or line[:2].lower() == b"x-"):
            return False
    return True


def _is_open_encoded_word(pieces: list[bytes]) -> bool:
    """Tell whether the last encoded word of a value has no end yet (an unfolded base64 word)."""
    last = pieces[-1]
    return last.rfind(b"=?") >= 0 and not last.rstrip().endswith(b"?=")


def _has_open_bracket(pieces: list[bytes]) -> bool:
    """Tell whether the value ends inside `<…`: an address that a program cut in two."""
    last = pieces[-1]
    return last.rfind(b"<") > last.rfind(b">")


def _finished(read: list[tuple[str, list[bytes]]], problems: Problems) -> Fields:
    items: list[tuple[str, bytes]] = []
    for name, pieces in read:
        value = b"".join(pieces).strip()
        if len(value) > limits.HEADER_VALUE_BYTES:
            value = value[: limits.HEADER_VALUE_BYTES]
            problems.note(_("A header is too long and was cut."))
        items.append((name, value))
    return Fields(tuple(items))
