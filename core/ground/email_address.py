"""E-mail addresses as people type them, and the one form in which they are kept. Pure.

The form that is kept is in small letters, its domain as people read it (`bücher.example`, not
`xn--bcher-kva.example`): two addresses that were read are the same mailbox if they are equal.
RFC 5321 §2.4 lets a host tell `Rina` from `rina`; none that people write from does.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

import idna

LONGEST: Final = 254
"""Octets of a whole address: RFC 5321 §4.5.3.1.3 has 256 with the angle brackets."""
_LONGEST_LOCAL: Final = 64  # octets, RFC 5321 §4.5.3.1.1
_LONGEST_LABEL: Final = 63  # octets, RFC 1035 §2.3.4
_TYPED_AT_MOST: Final = 1000  # characters; more is no address, whatever stands around it

_NAMED: Final = re.compile(r"[^@<>]*<([^<>]*)>\W*")
_MAILTO: Final = re.compile(r"mailto:\s*([^?]*)(?:\?.*)?", re.IGNORECASE)
_AROUND: Final = ' \t\r\n<>()"“”„«»'
_BEHIND: Final = _AROUND + ".,;:!?'’"
_ATOM: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+", re.ASCII)  # RFC 5322 §3.2.3
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_SHARED_SUFFIX: Final = re.compile(
    r"(?:^|\.)(?:co|com|ac|or|org|go|gov|sch|net|web|my|mil|desa)\.[a-z]{2}$"
)
_LAST_LABEL: Final = re.compile(r"[a-z]{2,}|xn--[a-z0-9-]+")


def read(typed: str) -> str | None:
    """Return the address in the form that is kept, or None if no mail can go there.

    Blanks, brackets, a name, `mailto:` and a full stop or comma around it do no harm. One
    address is read, never the first of several.
    """
    if len(typed) > _TYPED_AT_MOST:
        return None
    local, _, domain = _bare(typed).partition("@")
    wire = ascii_domain(domain)
    if wire is None or not _is_public(wire) or not _is_local(local):
        return None
    if len(local.encode()) + len("@") + len(wire) > LONGEST:
        return None
    return f"{local.lower()}@{idna.decode(wire) if 'xn--' in wire else wire}"


def mailbox(address: str) -> str:
    """Return what all spellings of one mailbox have in common, to compare addresses by.

    For an address that mail can go to it is the form that is kept; any other in small letters.
    """
    return read(address) or address.strip().lower()


def ascii_domain(domain: str) -> str | None:
    """Return a domain as the network spells it (RFC 5891), in small letters; None if it is none."""
    if len(domain) > LONGEST:
        return None
    lower = domain.lower()
    if not lower.isascii() or "xn--" in lower:
        try:
            lower = idna.encode(lower, uts46=True).decode()
        except UnicodeError:
            return None
    labels = lower.split(".")
    right = all(_LABEL.fullmatch(label) and len(label) <= _LONGEST_LABEL for label in labels)
    return lower if right else None


def organisation(domain: str) -> str:
    """Return the domain that somebody registered: `mx.rs.example.co.id` → `example.co.id`."""
    labels = domain.split(".")
    return ".".join(labels[-3 if _SHARED_SUFFIX.search(domain) else -2 :])


def _bare(typed: str) -> str:
    """Take off what people and programs put around an address."""
    text = typed if typed.isascii() else _visible(typed)
    if named := _NAMED.fullmatch(text):
        text = named.group(1)
    text = text.lstrip(_AROUND).rstrip(_BEHIND)
    if link := _MAILTO.fullmatch(text):
        text = unquote(link.group(1)).rstrip(_BEHIND)
    return text


def _visible(typed: str) -> str:
    """Leave out what nobody sees, and write each sign in one way."""
    seen = "".join(sign for sign in typed if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFKC", seen)


def _is_public(domain: str) -> bool:
    """Whether a domain is of two labels or more, and no network address."""
    first, _, last = domain.rpartition(".")
    return bool(first) and _LAST_LABEL.fullmatch(last) is not None


def _is_local(local: str) -> bool:
    """Whether it can stand before the @ unquoted; RFC 6531 lets letters of any script."""
    plain = local
    if not local.isascii():
        plain = "".join("x" if _is_foreign_letter(sign) else sign for sign in local)
    fits = all(_ATOM.fullmatch(atom) for atom in plain.split("."))
    return fits and len(local.encode()) <= _LONGEST_LOCAL


def _is_foreign_letter(sign: str) -> bool:
    return not sign.isascii() and unicodedata.category(sign)[0] in "LMN"
