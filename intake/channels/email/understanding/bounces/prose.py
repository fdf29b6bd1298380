"""Bounces that are only prose, as servers before and beside RFC 3464 write them."""

import re

from intake.channels.email.understanding import addresses

_ADDRESS = r"[^\s<>()\[\]:;,\"'@]{1,64}@[^\s<>()\[\]:;,\"'@]{1,255}"
_ANY = re.compile(_ADDRESS)
_ALONE = re.compile(
    rf"^[\s>*\-]{{0,8}}(?:To:\s*|Recipient:\s*)?<?({_ADDRESS})>?\s*(?::|\(|$|\.{{3}}|,? )",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:recipients?|user|userid|mailbox|address|account|to|unknown|penerima|alamat|kepada|ke)"
    rf"[\s:=]{{1,4}}[\"'<\[(]{{0,3}}(?:mailto:|smtp:)?({_ADDRESS})",
    re.IGNORECASE,
)
_RETURNED = re.compile(
    r"\A(?:[-=_*\s]{2,60}(?:this is a copy|below this line|(?:the )?original message|unsent message"
    r"|message (?:header|text)|returned m|copy of (?:your|the) message|included is|header"
    r"|pesan asli)"
    r"|this is a copy of|below this line is|original message (?:follows|headers)|original headers"
    r"|unsent message below|message headers? follow|included is a copy|original message:?$"
    r"|your (?:original )?message follows|(?:received|return-path|dkim-signature|message-id):\s)",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"following (?:e-?mail )?(?:recipient|address|user|destination)"
    r"|penerima berikut|alamat berikut",
    re.IGNORECASE,
)
_EXPANDED = re.compile(rf"\((?:expanded|generated) from:?\s*<?({_ADDRESS})", re.IGNORECASE)
_REPEATED = re.compile(
    r"\s{0,12}(?:subject|to|cc|sent|date|from|message-?id|subjek|perihal|kepada)\s?:", re.IGNORECASE
)
_SAME_OPENING = 8
_MOST_LINES = 400
_OURS = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "abuse")


def before_returned_mail(text: str) -> list[str]:
    """Return the lines of the notice above the copy of the mail that came back."""
    notice: list[str] = []
    for line in text.split("\n")[:_MOST_LINES]:
        if _RETURNED.match(line[:200]) and notice:
            break
        notice.append(line[:1000])
    return notice


def without_headers(lines: list[str]) -> list[str]:
    """Return the lines without those that repeat a header of our mail: they give no reason."""
    return [line for line in lines if not _REPEATED.match(line)]


def recipients(lines: list[str], ours: frozenset[str]) -> list[str]:
    """Return whom the notice is about: addresses that stand out, else those it names.

    Lines below "the following recipients" are asked first: above it, the mail itself is told.
    """
    below = _below_announcement(lines)
    for stretch in (below, lines) if below else (lines,):
        for pattern in (_ALONE, _TOLD, _ANY):
            found = _matches(stretch, pattern, ours)
            if found:
                return found if pattern is not _ANY else found[:1]
    return []


def _below_announcement(lines: list[str]) -> list[str]:
    announced = [index for index, line in enumerate(lines) if _ANNOUNCED.search(line)]
    return lines[announced[-1] :] if announced else []


def _matches(lines: list[str], pattern: re.Pattern[str], ours: frozenset[str]) -> list[str]:
    """Return the distinct addresses; of those told in words only the ones told alike."""
    found: dict[str, None] = {}
    opening = ""
    for line in lines:
        for match in (*pattern.finditer(line), *_EXPANDED.finditer(line)):
            value = addresses.normal_address(match.group(match.lastindex or 0))
            if not value or value.lower() in ours or value.lower().startswith(_OURS):
                continue
            opening = opening or line.lstrip()[:_SAME_OPENING]
            if pattern is not _TOLD or line.lstrip().startswith(opening):
                found.setdefault(value)
    return list(found)
