"""As whom an address is counted: every spelling of one mailbox is one, and so is a domain. Pure.

Whoever wants more than their share, or to fill a stranger's mailbox, writes one address in many
ways. Every budget of addresses asks here, so that a spelling which is known is known to all. It is
for counting alone: mail is sent to what people typed.
"""

import re
import unicodedata
from typing import Final

from core.ground import email_address, phone_number
from core.ground.email_address import organisation
from core.hospital.contact import EMAIL, PHONE, Contact
from core.hospital.mail_providers import is_public

_WITHOUT_DOTS: Final = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
"""Providers to whom a.b and ab are one mailbox, under one name each."""
_QUOTED: Final = re.compile(r'"(.*)"', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_DOTS: Final = str.maketrans("。．｡", "...")


def counted_as(takes: Contact | None, address: str, region: str = "ID") -> str:
    """Return whose an address is, by what kind of address it is (`core.hospital.contact`)."""
    if takes == EMAIL:
        return mailbox_behind(address)
    if takes == PHONE:
        return phone_number.read(address, region) or address.strip()
    return address.strip().lower()


def mailbox_behind(address: str) -> str:
    """Return what all spellings of a mail address have in common.

    Small letters, signs of one form, nothing behind a `+` (RFC 5233), no quotation marks, the
    domain as the network spells it, and no dots where the provider overlooks them.
    """
    local, at, domain = _plain(address).rpartition("@")
    if quoted := _QUOTED.fullmatch(local):
        local = _ESCAPED.sub(r"\1", quoted[1]).strip()
    tag = local.find("+", 1)
    local = local if tag < 0 else local[:tag]
    domain = _domain(domain)
    if domain in _WITHOUT_DOTS:
        return f"{local.replace('.', '')}@{_WITHOUT_DOTS[domain]}"
    return f"{local}{at}{domain}"


def domain_behind(address: str) -> str | None:
    """Return the domain that is counted as one sender; None where anybody may have a mailbox."""
    domain = organisation(_domain(_plain(address).rpartition("@")[2]))
    return domain if domain and not is_public(domain) else None


def _plain(address: str) -> str:
    seen = (sign for sign in address if unicodedata.category(sign) not in ("Cf", "Cc"))
    text = unicodedata.normalize("NFKC", "".join(seen)).casefold()
    return unicodedata.normalize("NFKC", text).strip()


def _domain(domain: str) -> str:
    bare = domain.strip().translate(_DOTS).strip(".")
    return email_address.ascii_domain(bare) or bare
