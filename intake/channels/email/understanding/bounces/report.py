"""Delivery status reports (RFC 3464): one block of fields per recipient."""

import re
from dataclasses import dataclass

from intake.channels.email.understanding import addresses, charsets, clean, fields, words
from intake.channels.email.understanding.fields import Fields
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.tree import Part

STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_MOST_RECIPIENTS = 200


@dataclass(frozen=True, slots=True)
class RecipientReport:
    """What one block says; every field may be empty."""

    recipient: str = ""
    action: str = ""
    status: str = ""
    diagnostic: str = ""

    @property
    def failed(self) -> bool:
        """Tell whether this recipient did not get the mail, or not yet."""
        if self.action in ("delivered", "relayed", "expanded", "deliverable"):
            return False
        return not self.status.startswith("2.")


def read(root: Part, problems: Problems) -> list[RecipientReport]:
    """Return the blocks of all status parts of a mail."""
    found: list[RecipientReport] = []
    for part in root.walk():
        if part.content_type in STATUS_TYPES:
            found += read_text(part.content, problems)
        elif part.is_mail:
            continue
    return found


def read_prose(content: bytes, problems: Problems) -> list[RecipientReport]:
    """Return the blocks that stand inside ordinary text; only complete ones count."""
    return [one for one in read_text(content, problems) if one.recipient and one.action]


def read_text(content: bytes, problems: Problems) -> list[RecipientReport]:
    """Return the recipients' blocks of one status text."""
    reports: list[RecipientReport] = []
    for block in _BLANK.split(content)[: _MOST_RECIPIENTS + 1]:
        block_fields, _ = fields.split_entity(block.lstrip() + b"\n\n", Problems())
        report = _of_block(block_fields, problems)
        if report:
            reports.append(report)
    return reports


def _of_block(block: Fields, problems: Problems) -> RecipientReport | None:
    wanted = ("final-recipient", "original-recipient", "action", "status", "diagnostic-code")
    if not any(name in block for name in wanted):
        return None

    def value(name: str) -> str:
        return words.decode(block.first(name) or b"", problems)

    status = _STATUS.search(value("status"))
    recipient = (
        _address(value("original-recipient"))
        or _address(value("final-recipient"))
        or _address(value("x-actual-recipient"))
        or _address(value("x-original-to"))
    )
    return RecipientReport(
        recipient=recipient,
        action=value("action").lower().partition(" ")[0].strip(";,"),
        status=status.group() if status else "",
        diagnostic=value("diagnostic-code"),
    )


def _address(value: str) -> str:
    """Return the address of `rfc822; user@example.org`."""
    _, semicolon, rest = value.partition(";")
    text = rest if semicolon else value
    return addresses.normal_address(text.split("(", 1)[0].strip()) or ""


def notification_text(root: Part) -> str:
    """Return the words for people: the first text part that is not the returned mail."""
    for part in root.walk():
        if part.is_mail or part.content_type in STATUS_TYPES:
            break
        if part.content_type in ("text/plain", "text/html", "text/rfc822-headers"):
            text = charsets.decode(part.content, part.parameters.get("charset"), Problems())
            return clean.text(text)
    return ""
