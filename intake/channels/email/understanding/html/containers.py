"""What mail programs put around quoted text and signatures, as a table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Role(Enum):
    """What a container means for its content."""

    QUOTE = auto()
    """Somebody else's words: shown with `> `."""
    OLDER = auto()
    """From here on everything is older."""
    SIGNATURE = auto()
    """The sender's signature."""


@dataclass(frozen=True, slots=True)
class Container:
    """One row: an element with this attribute value plays `role`. An empty tag is any tag."""

    program: str
    tag: str
    attribute: str
    value: re.Pattern[str]
    role: Role


def _is(*names: str) -> re.Pattern[str]:
    """Match one of the names as a whole word; attribute values are compared in lower case."""
    return re.compile(r"(?:^|\s)(?:x_)*(?:" + "|".join(names) + r")(?:$|\s)")


CONTAINERS: tuple[Container, ...] = (
    Container("Gmail", "", "class", _is("gmail_signature"), Role.SIGNATURE),
    Container("Gmail", "", "data-smartmail", _is("gmail_signature"), Role.SIGNATURE),
    Container("Apple Mail", "", "id", _is("applemailsignature"), Role.SIGNATURE),
    Container("Thunderbird", "", "class", _is("moz-signature"), Role.SIGNATURE),
    Container("Outlook", "", "id", _is("signature", "ms-outlook-mobile-signature"), Role.SIGNATURE),
    Container("Windows Mail", "", "data-signatureblock", _is("true"), Role.SIGNATURE),
    Container("Proton", "", "class", _is(r"protonmail_signature_block[\w-]*"), Role.SIGNATURE),
    Container("Zimbra", "", "data-marker", _is("__sig_pre__", "__sig_post__"), Role.SIGNATURE),
    Container("Outlook", "", "id", _is("divrplyfwdmsg", "appendonsend"), Role.OLDER),
    Container("Outlook", "", "id", _is("mail-editor-reference-message-container"), Role.OLDER),
    Container("Outlook", "", "class", _is("outlookmessageheader"), Role.OLDER),
    Container("Outlook.com", "hr", "id", _is("stopspelling"), Role.OLDER),
    Container("Spark", "", "name", _is("messagereplysection"), Role.OLDER),
    Container("Yahoo", "", "class", _is("yahoo_quoted"), Role.OLDER),
    Container("Yahoo", "", "id", _is(r"ymail_android_signature\w*"), Role.SIGNATURE),
    Container("Yahoo", "", "id", _is(r"[\w-]*yahooquotedtext[\w-]*"), Role.OLDER),
    Container("Proton", "", "class", _is("protonmail_quote"), Role.OLDER),
    Container("Zimbra", "hr", "data-marker", _is("__divider__"), Role.OLDER),
    Container("Zimbra", "hr", "id", _is("zwchr"), Role.OLDER),
    Container("Mailbird", "", "class", _is("mb-quote", "mailbird-quote"), Role.OLDER),
    Container("CloudMagic", "", "class", _is("cm_replymail", r"cm_quote\w*"), Role.OLDER),
    Container("Front", "", "class", _is("front-blockquote"), Role.QUOTE),
    Container("QQ", "", "id", _is("isreplycontent"), Role.OLDER),
    Container("QQ", "includetail", "", re.compile(""), Role.OLDER),
    Container("Mail.ru", "", "id", _is("mail_reply_quote"), Role.OLDER),
    Container("Samsung", "", "id", _is("composer_signature"), Role.SIGNATURE),
)

_INDENTED_ONLY = re.compile(r"margin:\s*0(?:px)?\s+0(?:px)?\s+0(?:px)?\s+40px;\s*border:\s*none")


def role_of(tag: str, attributes: Mapping[str, str | None]) -> Role | None:
    """Return what an element is for the mail, or None for ordinary content."""
    if tag == "blockquote" and not _INDENTED_ONLY.search((attributes.get("style") or "").lower()):
        return Role.QUOTE
    for row in CONTAINERS:
        if row.tag and row.tag != tag:
            continue
        if not row.attribute:
            return row.role
        value = attributes.get(row.attribute)
        if value and row.value.search(value.lower()):
            return row.role
    return None
