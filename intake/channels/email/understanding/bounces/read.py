"""One mail in, a `Bounce` out, or None: the order of evidence."""

import re

from intake.channels.email.understanding import identifiers
from intake.channels.email.understanding.bounces import prose, reasons, report, signs
from intake.channels.email.understanding.bounces.report import RecipientReport
from intake.channels.email.understanding.envelope import Envelope
from intake.channels.email.understanding.fields import Fields, split_entity
from intake.channels.email.understanding.mail import Bounce, Reason
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.tree import Part

_CODE = re.compile(r"(?<![\d.])[#(]?([45]\.\d{1,2}\.\d{1,3})(?![\d.]*\d)")
_CODE_AFTER_REPLY = re.compile(
    r"(?<!\d)[45]\d\d[ -]{1,2}['\"#(]{0,2}([45]\.\d{1,2}\.\d{1,3})(?!\.?\d)"
)
_REPLY = re.compile(r"(?:^|[\s:>(\[\"'#])([45])[0-5]\d(?=[\s:\-;,.)])")
_ORIGINAL_ID = re.compile(
    r"^message-id:[ \t]*(?:\r?\n[ \t]+)?<([^<>\s]{1,998})>", re.IGNORECASE | re.MULTILINE
)
_GENERIC = re.compile(r"[45]\.[05]\.0")
_NOTICE_CHARACTERS = 20_000


def read(root: Part, head: Envelope, problems: Problems) -> Bounce | None:
    """Return what came back, or None for a mail that is no bounce."""
    if signs.is_feedback(root, head):
        return None
    reports = report.read(root, problems)
    text = report.notification_text(root)[:_NOTICE_CHARACTERS]
    lines = prose.before_returned_mail(text)
    notice = "\n".join(lines)
    if not reports:
        reports = report.read_prose(notice.encode("utf-8", "replace"), problems)
    seen = signs.read(root, head, notice, len(reports))
    if not seen.convincing:
        return None
    failed = [one for one in reports if one.failed]
    if reports and not failed:
        return None
    return _bounce(root, head, failed, lines)


def _bounce(root: Part, head: Envelope, failed: list[RecipientReport], lines: list[str]) -> Bounce:
    notice = "\n".join(prose.without_headers(lines))
    final = [one for one in failed if one.action != "delayed"] or failed
    diagnostic = " ".join(dict.fromkeys(one.diagnostic for one in final if one.diagnostic))
    declared = next((one.status for one in final if one.status), "")
    status = _status(declared, diagnostic, notice)
    delayed = bool(failed) and all(one.action == "delayed" for one in failed)
    reason = _reason(diagnostic, notice, status, delayed=delayed)
    return Bounce(
        recipients=tuple(_recipients(head, final, lines)),
        status=status,
        reason=reason,
        hard=reason in reasons.HARD and not delayed and not (status or "").startswith("4."),
        original_message_id=_original_id(root),
    )


def _recipients(head: Envelope, failed: list[RecipientReport], lines: list[str]) -> list[str]:
    """Return the distinct recipients: of the report, of X-Failed-Recipients, of the prose."""
    reported = [one.recipient for one in failed if one.recipient]
    header = dict(head.headers).get("x-failed-recipients", "")
    reported = reported or prose.recipients(header.split(","), frozenset())
    if not reported:
        ours = {one.address.lower() for one in (head.sender, *head.to) if one.address}
        reported = prose.recipients(lines, frozenset(ours))
    return list(dict.fromkeys(reported))


def _status(declared: str, diagnostic: str, notice: str) -> str | None:
    """Return the most telling code: behind an SMTP reply, declared, in words, or by class."""
    replies = _CODE_AFTER_REPLY.findall(diagnostic)
    if replies and not _GENERIC.fullmatch(replies[-1]):
        return str(replies[-1])
    if declared and not _GENERIC.fullmatch(declared):
        return declared
    for text in (diagnostic, notice):
        codes = [code for code in _CODE.findall(text) if not _GENERIC.fullmatch(code)]
        if codes:
            return str(codes[0])
    if declared:
        return declared
    for text in (diagnostic, notice):
        reply = _REPLY.search(text)
        if reply:
            return f"{reply.group(1)}.0.0"
    return None


def _reason(diagnostic: str, notice: str, status: str | None, *, delayed: bool) -> Reason:
    """Return the reason: the server's words, then its code, then the notice around them."""
    found = reasons.of_words(diagnostic) if diagnostic else None
    found = found or reasons.of_words(_server_words(notice))
    found = found or reasons.of_status(status) or reasons.of_words(notice)
    if found is None:
        return "temporary" if delayed else "other"
    return "temporary" if delayed and found in reasons.HARD else found


def _server_words(notice: str) -> str:
    """Return the lines of a notice that hold a server's reply, with their neighbours."""
    lines = notice.split("\n")
    picked: list[str] = []
    for index, line in enumerate(lines):
        if _REPLY.search(line) or _CODE.search(line):
            around = lines[max(0, index - 1) : index + 3]
            blank = next((i for i, text in enumerate(around) if i > 1 and not text.strip()), None)
            picked.append(" ".join(around[:blank]))
    return "\n".join(picked)


def _original_id(root: Part) -> str | None:
    """Return the Message-ID of the returned mail or of its headers."""
    for part in root.walk():
        if part.is_mail and part.parts:
            return identifiers.message_id(part.parts[0].fields.first("message-id"), Problems())
        if part.content_type in ("text/rfc822-headers", "message/rfc822-headers"):
            inner: Fields = split_entity(part.content + b"\n\n", Problems())[0]
            return identifiers.message_id(inner.first("message-id"), Problems())
    found = _ORIGINAL_ID.search(report.notification_text(root)[: 4 * _NOTICE_CHARACTERS])
    return found.group(1) if found else None
