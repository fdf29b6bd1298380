"""People in address headers (RFC 5322 §3.4), salvaged from what real programs write.

The grammar is read once from left to right, so brackets without end cost nothing. Names are
decoded after the list is cut: an encoded comma does not separate.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from intake.channels.email.understanding import clean, limits, words
from intake.channels.email.understanding.mail import Person
from intake.channels.email.understanding.problems import Problems
from intake.language import marked as _

_MARK = re.compile(r'["\\()<>,;]')
_ADDRESS = re.compile(r"[^\s<>\[\]():;,\"@]{1,256}@[^\s<>():;,\"@]{1,255}")
_QUOTED_LOCAL = re.compile(r'"[^"\r\n]{1,64}"@[^\s<>():;,"@]{1,255}')
_GROUP = re.compile(r'\A("[^"]{0,200}"|[^"<>@:,;]{0,200}):(?!//)')
_MAILTO = re.compile(r"\[?mailto:([^\]\s>]{1,320})\]?", re.IGNORECASE)
_COMMENT = re.compile(r"\(([^()]*)\)")
_QUOTES = "\"'“”‘’«»`"


def parse_list(values: Iterable[bytes], problems: Problems, hint: str = "") -> tuple[Person, ...]:
    """Return the people of all fields of one name, at most `limits.ADDRESSES`."""
    people: list[Person] = []
    for raw in values:
        text = words.to_text(raw, problems, hint)
        for mailbox in split_mailboxes(text):
            person = parse_mailbox(mailbox, problems)
            if person.name or person.address:
                people.append(person)
            if len(people) == limits.ADDRESSES:
                problems.note(_("The mail has too many recipients; the rest was not read."))
                return tuple(people)
    return tuple(people)


def parse_text(text: str) -> tuple[Person, ...]:
    """Return the people of an address line inside a text (a quoted `To:` line)."""
    problems = Problems()
    people = (parse_mailbox(mailbox, problems) for mailbox in split_mailboxes(text))
    return tuple(person for person in people if person.name or person.address)


def split_mailboxes(text: str) -> Iterator[str]:
    """Yield the mailboxes of a list; a name with an unquoted comma stays in one piece."""
    pending = ""
    for piece in _pieces(text):
        whole = f"{pending}, {piece.strip()}" if pending else piece.strip()
        pending = ""
        if _is_half_a_name(piece) and len(whole) < limits.LINE_CHARACTERS:
            pending = whole
        elif whole:
            yield whole
    if pending:
        yield from (piece.strip() for piece in pending.split(",") if piece.strip())


def _pieces(text: str) -> Iterator[str]:
    """Cut at commas and semicolons outside quotes, brackets and comments; open groups."""
    text = _without_group_name(text)
    nesting = _Nesting(last_quote=text.rfind('"'))
    start = 0
    for mark in _MARK.finditer(text):
        if nesting.separates(mark.start(), mark.group()):
            yield _without_group_name(text[start : mark.start()])
            start, nesting.in_angle = mark.end(), False
    yield _without_group_name(text[start:])


@dataclass(slots=True)
class _Nesting:
    """What is open while an address list is read from left to right."""

    last_quote: int
    quoted: bool = False
    in_angle: bool = False
    comments: int = 0
    escaped_at: int = -1

    def separates(self, position: int, char: str) -> bool:
        """Take the next mark; True for a comma or semicolon that ends a mailbox."""
        if position == self.escaped_at:
            return False
        if char == "\\":
            self.escaped_at = position + 1
        elif char == '"':
            self.quoted = not self.quoted and position < self.last_quote
        elif self.quoted:
            return False
        elif char in "<>":
            self.in_angle, self.comments = char == "<", 0
        elif char in "()":
            self.comments = max(0, self.comments + (1 if char == "(" else -1))
        else:
            return not self.comments and not (self.in_angle and char == ",")
        return False


def _without_group_name(piece: str) -> str:
    piece = piece.strip()
    group = _GROUP.match(piece)
    if not group or group.group(1).strip().lower().endswith("mailto"):
        return piece
    return piece[group.end() :]


def _is_half_a_name(piece: str) -> bool:
    """Tell whether a piece has no address: perhaps `Doe` of `Doe, John <j@example.org>`."""
    return bool(piece.strip()) and "@" not in piece and "<" not in piece and len(piece) < 100


def parse_mailbox(mailbox: str, problems: Problems) -> Person:
    """Return one person from `Name <a>`, `a (Name)`, `Name a`, `[mailto:a]` or a bare name."""
    mailbox = _MAILTO.sub(r"<\1>", mailbox[: limits.LINE_CHARACTERS])
    address, span = _find_address(mailbox)
    before, after = mailbox[: span[0]], mailbox[span[1] :]
    name = _display_name(before, problems) or _comment_name(after, problems)
    if not name and address is None:
        name = _display_name(mailbox, problems)
    if address and name.lower().strip(_QUOTES) == address.lower():
        name = ""
    return Person(name=name, address=address)


def _find_address(mailbox: str) -> tuple[str | None, tuple[int, int]]:
    """Return the address and where it stands, brackets included; the bracketed one is preferred."""
    quoted_until = mailbox.rfind('"') if mailbox.lstrip().startswith('"') else -1
    start = mailbox.rfind("<", max(0, quoted_until))
    start = start if start >= 0 else mailbox.rfind("<")
    if start >= 0:
        end = mailbox.find(">", start)
        end = len(mailbox) if end < 0 else end
        address = normal_address(mailbox[start + 1 : end])
        if address:
            return address, (start, end + 1)
    for pattern in (_QUOTED_LOCAL, _ADDRESS) if "@" in mailbox else ():
        every = list(pattern.finditer(mailbox))
        if every:
            return normal_address(every[-1].group()), _widened(mailbox, every[-1].span())
    return None, (len(mailbox), len(mailbox))


def _widened(mailbox: str, span: tuple[int, int]) -> tuple[int, int]:
    """Take the brackets around an address with it."""
    start, end = span
    while start > 0 and mailbox[start - 1] in "<[(\"'":
        start -= 1
    while end < len(mailbox) and mailbox[end] in ">])\"'":
        end += 1
    return start, end


def normal_address(value: str) -> str | None:
    """Return an address without blanks, quotes and trailing dot, its domain in Unicode; or None."""
    value = clean.one_line(value).strip("<>[]'\" ").rstrip(".,;:")
    value = value.rsplit("<", 1)[-1]
    if value.lower().startswith("mailto:"):
        value = value[len("mailto:") :]
    local, at, domain = value.rpartition("@")
    domain = domain.replace(" ", "").strip(".")
    if ":" in local and local.startswith("@"):  # a source route, RFC 5322 §4.4
        local = local.rpartition(":")[2]
    if not local.startswith('"'):
        local = local.replace(" ", "")
    if not at or not local or not domain or len(value) > 320:
        return None
    return f"{local}@{_unicode_domain(domain)}"


def _unicode_domain(domain: str) -> str:
    """Return an `xn--` domain as people read it; one that cannot be decoded stays."""
    if "xn--" not in domain.lower():
        return domain
    try:
        return domain.encode("ascii").decode("idna")
    except (UnicodeError, ValueError):
        return domain


def _display_name(text: str, problems: Problems) -> str:
    """Return a name without quotes, comments and brackets."""
    text = text.strip().strip("<>;,").strip()
    if len(text) > 1 and text[0] == '"' and text[-1] == '"':
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    name = clean.one_line(words.decode_words(text, problems))
    name = name.strip().strip("<>[]").strip()
    while len(name) > 1 and name[0] in _QUOTES and name[-1] in _QUOTES:
        name = name[1:-1].strip()
    return name.strip('"').strip() if name.count('"') == 1 else name


def _comment_name(text: str, problems: Problems) -> str:
    """Return the name of the old form `addr (Name)`."""
    comment = _COMMENT.search(text)
    return _display_name(comment.group(1), problems) if comment else ""
