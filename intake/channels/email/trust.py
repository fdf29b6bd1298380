"""What trust changes: whether a mail is set aside, and whose words it brings. Pure.

Staff trust a source on the review desk: `list` (own lists and groups), `form` (forms of a website,
whose Reply-To is the reporter), `redirect` (mailboxes that redirect to us), `portal` (complaint
portals). Trust never proves who wrote: a From that its own domain disowns (DMARC) is not trusted,
and an address that only the mail's text or Reply-To names is never confirmed.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from core.hospital.directory import TrustedSource
from intake.channels.email.understanding.mail import Mail, Person, Sign
from intake.language import marked as _

FORM_UNPROVEN = _(
    "This came through a website form, and only the form names the writer: the address is not"
    " proven."
)
REDIRECTED = _(
    "This came through a mailbox that redirects to us, and only its text names the writer: the"
    " address is not proven."
)

_WEBSITE: Final = "website"
"""A form of the hospital's own website that nobody trusted yet."""

_EXCUSES: Final[dict[str, frozenset[str]]] = {
    # trusted as        the rows of the table of diversions (by name) that do not divert it
    "list": frozenset({"mailing list", "newsletter"}),
    "form": frozenset({"automatic", "mailing list", "newsletter", "claims to be us"}),
    "redirect": frozenset({"claims to be us"}),
    "portal": frozenset({"automatic", "mailing list", "newsletter"}),
    _WEBSITE: frozenset({"automatic", "mailing list", "newsletter", "claims to be us"}),
}

_OF_FORMS: Final[frozenset[Sign]] = frozenset(
    {
        "machine-sender",
        "auto-submitted",
        "answering-program",
        "precedence-bulk",
        "list-unsubscribe",
        "list-id",
    }
)

_FORM_SENDER: Final = re.compile(
    r"(?:no-?_?reply|do-?not-?reply|wordpress|www-data|apache|nginx|web(?:site|master|form)?|situs"
    r"|form(?:ulir)?|contact|kontak|info|admin|system)(?:[+._-].*)?",
    re.IGNORECASE,
)
_LIST_ID: Final = re.compile(r"<\s*([^<>\s]{1,255})\s*>\s*\Z")
_CARRIERS: Final = (
    "resent-from",
    "resent-sender",
    "resent-to",
    "x-forwarded-for",
    "x-forwarded-to",
    "x-original-to",
    "delivered-to",
)
"""Headers in which the mailbox that redirected a mail is named (RFC 5322 §3.6.6, and custom)."""
_ADDRESS: Final = re.compile(r"[^\s<>,;:\"()]{1,64}@[^\s<>,;:\"()]{1,255}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a mail came to us, as far as somebody trusts it or its own form shows it."""

    writer: Person
    """Whose words it brings."""
    source: str | None = None
    """The kind of source that is trusted; `website` for an own form nobody trusted yet."""
    remark: str | None = None
    """What staff are told where only the mail names its writer."""

    def excuses(self, row: str) -> bool:
        """Say whether a row of the table of diversions does not count for it."""
        return row in _EXCUSES.get(self.source or "", frozenset())

    @property
    def is_form(self) -> bool:
        """Whether the writer filled in a form: who sends it is a program, and wants no answer."""
        return self.source in ("form", _WEBSITE)

    @property
    def own_signs(self) -> frozenset[Sign]:
        """The signs of a machine that are the form's own: its writer is a person all the same."""
        if self.source == "form":
            return _OF_FORMS
        return frozenset({"machine-sender"}) if self.is_own_website else frozenset()

    @property
    def is_own_website(self) -> bool:
        """Whether nobody said yet that its form is to be trusted."""
        return self.source == _WEBSITE

    @property
    def is_many(self) -> bool:
        """Whether many people write through it: it is not counted as one sender.

        On a list everybody writes from an address of their own.
        """
        return self.source not in (None, "list") and not self.is_own_website


def standing_of(
    mail: Mail,
    trusted: Iterable[TrustedSource],
    *,
    envelope: str,
    disowned: bool,
    is_ours: Callable[[str], bool],
    is_own_domain: Callable[[str], bool],
) -> Standing:
    """Say how a mail came and who wrote it. `envelope`: whom SMTP names as its sender.

    `disowned`: its From fails DMARC.
    """
    sender = (mail.sender.address or "").lower()
    source = _trusted_as(mail, sender, trusted, envelope=envelope, disowned=disowned)
    told = _told_writer(mail, is_ours)
    if source is None and told is not None and _is_own_website(sender, is_ours, is_own_domain):
        source = _WEBSITE
    if source in ("form", _WEBSITE) and told is not None:
        return Standing(writer=told, source=source, remark=FORM_UNPROVEN)
    if source == "list" and told is not None and _is_of_list(mail, sender):
        return Standing(writer=told, source=source, remark=REDIRECTED)
    passed = mail.forwarded.sender if mail.forwarded is not None else None
    if source == "redirect" and passed is not None and passed.address and not disowned:
        return Standing(writer=passed, source=source, remark=REDIRECTED)
    return Standing(writer=mail.sender, source=source)


def _trusted_as(
    mail: Mail, sender: str, trusted: Iterable[TrustedSource], *, envelope: str, disowned: bool
) -> str | None:
    """Return the kind of the first source that fits; all but a list need an owned From.

    What a list sends on often fails DMARC honestly: it changes subject and words.
    """
    for one in trusted:
        address = one.address.lower()
        by_sender = not disowned and _fits(address, (sender,))
        if one.kind == "list" and (_list_id(mail) == address or _fits(address, _list_places(mail))):
            return one.kind
        redirected = (envelope.lower(), *_carried_by(mail))
        if one.kind == "redirect" and not disowned and _fits(address, redirected):
            return one.kind
        if by_sender:
            return one.kind
    return None


def _fits(trusted: str, addresses: Iterable[str]) -> bool:
    """Match a whole address, or `@domain` for every address in it; never a part of a name."""
    if trusted.startswith("@"):
        return any(address.rpartition("@")[2] == trusted[1:] for address in addresses if address)
    return trusted in addresses


def _told_writer(mail: Mail, is_ours: Callable[[str], bool]) -> Person | None:
    """Return the one stranger in Reply-To; None where there is none, or more than one."""
    told = {one.address.lower(): one for one in mail.reply_to if one.address}
    if len(told) != 1:
        return None
    [(address, person)] = told.items()
    return None if is_ours(address) or address == (mail.sender.address or "").lower() else person


def _is_own_website(
    sender: str, is_ours: Callable[[str], bool], is_own_domain: Callable[[str], bool]
) -> bool:
    """Tell whether a From is a mailbox of ours, or a program's in a domain of ours."""
    local, _at, domain = sender.rpartition("@")
    return is_ours(sender) or (is_own_domain(domain) and _FORM_SENDER.fullmatch(local) is not None)


def _list_id(mail: Mail) -> str | None:
    """Return the identifier of the list (RFC 2919 §3), in lower case."""
    value = next((value for name, value in mail.headers if name == "list-id"), "")
    found = _LIST_ID.search(value)
    return (found[1] if found else value.strip()).lower() or None


def _list_places(mail: Mail) -> tuple[str, ...]:
    """Return the addresses to which the list is written (RFC 2369 §3.4)."""
    return _addresses(mail, ("list-post", "x-beenthere", "mailing-list"))


def _is_of_list(mail: Mail, sender: str) -> bool:
    """Tell whether the list put itself into From and the writer into Reply-To."""
    return sender in _list_places(mail)


def _carried_by(mail: Mail) -> tuple[str, ...]:
    return _addresses(mail, _CARRIERS)


def _addresses(mail: Mail, names: Iterable[str]) -> tuple[str, ...]:
    wanted = frozenset(names)
    return tuple(
        found.lower().removeprefix("mailto:")
        for name, value in mail.headers
        if name in wanted
        for found in _ADDRESS.findall(value)
    )
