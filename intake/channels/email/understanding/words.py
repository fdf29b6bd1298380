"""Encoded words in header values (RFC 2047), as real mail writes them.

Adjacent words of one charset are joined as bytes before decoding, because many programs cut a
multi-byte character in two. Missing padding, blanks inside a word and raw 8-bit bytes are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from intake.channels.email.understanding import charsets, clean, transfer
from intake.channels.email.understanding.problems import Problems

_WORD_START = re.compile(r"=\?([\w.:+-]{1,60})(?:\*[\w-]{0,20})?\?([bBqQ])\?")
_HEX_PAIR = re.compile(rb"=([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class _Word:
    """Text between `start` and `end` of a value that is encoded."""

    start: int
    end: int
    charset: str
    data: bytes


def decode(raw: bytes, problems: Problems, *, charset_hint: str = "") -> str:
    """Return a raw header value as one clean line of text."""
    return clean.one_line(decode_words(to_text(raw, problems, charset_hint), problems))


def to_text(raw: bytes, problems: Problems, charset_hint: str = "") -> str:
    """Return the bytes of a header as text; 8-bit bytes are utf-8, the mail's charset or guessed.

    RFC 6532 allows utf-8. A line break left inside is dropped as unfolding wants it.
    """
    raw = raw.replace(b"\r", b"").replace(b"\n", b"")
    if raw.isascii():
        return raw.decode("ascii")
    return charsets.decode(raw, None, problems, hint=charset_hint)


def decode_words(value: str, problems: Problems) -> str:
    """Return `value` with its encoded words replaced by what they say."""
    if "=?" not in value:
        return value
    out: list[str] = []
    position = 0
    for run in _runs(value):
        gap = value[position : run[0].start]
        if gap.strip() or position == 0:
            out.append(gap)
        data = b"".join(word.data for word in run)
        out.append(charsets.decode(data, run[0].charset, problems))
        position = run[-1].end
    out.append(value[position:])
    return "".join(out)


def _runs(value: str) -> Iterator[list[_Word]]:
    """Group adjacent words of one charset."""
    run: list[_Word] = []
    for word in _words(value):
        if run and (word.charset != run[-1].charset or value[run[-1].end : word.start].strip()):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _words(value: str) -> Iterator[_Word]:
    """Yield the encoded words of `value` in linear time: no `?=` is looked for twice."""
    position, end = 0, -1
    while (start := value.find("=?", position)) >= 0:
        head = _WORD_START.match(value, start)
        if not head:
            position = start + 2
            continue
        if end < head.end():
            end = value.find("?=", head.end())
        if end < 0:
            return
        body = value[head.end() : end]
        yield _Word(start, end + 2, head.group(1).lower(), _word_bytes(body, head.group(2)))
        position = end + 2


def _word_bytes(body: str, encoding: str) -> bytes:
    data = body.encode("utf-8", "replace")
    if encoding in "bB":
        return transfer.base64_bytes(data)
    return _HEX_PAIR.sub(lambda pair: bytes([int(pair[1], 16)]), data.replace(b"_", b" "))
