"""Reports that mail systems write for other mail systems (multipart/report, RFC 6522).

The form decides, no word does: no mail program lets a person write one. One that somebody passes on
as a file is not the mail itself, and so none here.
"""

from typing import Final

from intake.channels.email.understanding import addresses, identifiers, words
from intake.channels.email.understanding.fields import Fields, split_entity
from intake.channels.email.understanding.mail import MachineReport, ReportKind
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.tree import Part

_KINDS: Final[dict[str, ReportKind]] = {
    # the part that says it               what it is
    "message/feedback-report": "feedback",  # RFC 5965: somebody calls a mail unwanted
    "message/disposition-notification": "read",  # RFC 8098: a mail was read, or thrown away
    "message/delivery-status": "delivery",  # RFC 3464: what is no bounce tells of success
    "message/global-disposition-notification": "read",
    "message/global-delivery-status": "delivery",
}
_HEADERS: Final = frozenset({"text/rfc822-headers", "message/global-headers"})


def read(root: Part, problems: Problems) -> MachineReport | None:
    """Return what a mail reports on another, or None for a mail that is no such report."""
    if root.content_type != "multipart/report":
        return None
    telling = next((part for part in root.parts if part.content_type in _KINDS), None)
    if telling is None:
        return None
    told = _fields(telling.content)
    heads = [told, *(_head_of(part) for part in root.parts)]
    ids = [
        one
        for head in heads
        for name in ("original-message-id", "message-id")
        if (one := identifiers.message_id(head.first(name), problems)) is not None
    ]
    paths = [
        _address(head.first(name), problems)
        for head in heads
        for name in ("original-mail-from", "return-path")
    ]
    feedback = words.decode(told.first("feedback-type") or b"", problems)
    return MachineReport(
        kind=_KINDS[telling.content_type],
        feedback=feedback.strip().lower()[:40],
        original_ids=tuple(dict.fromkeys(ids)),
        original_paths=tuple(dict.fromkeys(path for path in paths if path)),
    )


def _fields(content: bytes) -> Fields:
    return split_entity(content.lstrip() + b"\n\n", Problems())[0]


def _head_of(part: Part) -> Fields:
    """Return the headers of the mail that a part encloses, whole or in part."""
    if part.is_mail and part.parts:
        return part.parts[0].fields
    return _fields(part.content) if part.content_type in _HEADERS else Fields()


def _address(value: bytes | None, problems: Problems) -> str:
    return addresses.normal_address(words.decode(value or b"", problems).strip("<> ")) or ""
