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
    rf"(?:recipient|user|mailbox|address|account|deliver\w* to|sent to|send to|message to|mail to|"
    rf"rcpt to|to|unknown|penerima|alamat)\s*[:=]?\s*[\"'<\[(]{{0,3}}(?:mailto:|smtp:)?({_ADDRESS})",
    re.IGNORECASE,
)
_RETURNED = re.compile(
    r"^(?:[-=_\s*]{0,60}(?:this is a copy of|below this line is|the original message|original message"
    r"|unsent message|message (?:header|headers|text) follow|returned message|copy of your message"
    r"|included is a copy|your (?:original )?message (?:follows|headers)|header of the original|"
    r"---- ?headers|original headers|message contains|received:?\s+from|return-path:|pesan asli)"
    r"|\s{0,4}(?:received|return-path|dkim-signature|message-id):\s)",
    re.IGNORECASE,
)
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


def recipients(lines: list[str], ours: frozenset[str]) -> list[str]:
    """Return whom the notice is about: addresses that stand out, else the first one named."""
    for pattern in (_ALONE, _TOLD, _ANY):
        found: dict[str, None] = {}
        for line in lines:
            for match in pattern.finditer(line):
                value = addresses.normal_address(match.group(match.lastindex or 0))
                if value and value.lower() not in ours and not value.lower().startswith(_OURS):
                    found.setdefault(value)
        if found:
            return list(found) if pattern is _ALONE else list(found)[:1]
    return []
