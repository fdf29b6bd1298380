"""SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) by our own resolver. Blocking calls.

Off unless a resolver is set. Every question to DNS has a time, and so has the whole check.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import dkim
import dns.exception
import dns.resolver
import spf

from core.ground.email_address import organisation
from intake.channels.email.authenticity import UNKNOWN, Authenticity

QUESTION_SECONDS = 3.0
CHECK_SECONDS = 12.0
_MOST_SIGNATURES = 4
_MOST_BYTES = 12 << 20
"""A larger mail is not hashed again for each signature: its DKIM stays unknown."""
_LENGTH_TAG = re.compile(rb"(?:^|;)\s*l\s*=", re.IGNORECASE)

Ask = Callable[[str, str], list[object]]
"""Asks DNS for the records of a name and type; [] where there are none. Raises DnsAwayError."""


class DnsAwayError(Exception):
    """DNS did not answer in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a mail came from by SMTP."""

    peer: str
    """Network address; empty where a server of ours stood in between, so that SPF says nothing."""
    helo: str
    sender: str
    from_domain: str


def check(raw: bytes, origin: Origin, ask: Ask) -> Authenticity:
    """Check a mail's origin; never raises. What DNS does not tell is `temperror`."""
    domain = origin.from_domain.lower().rstrip(".")
    if not domain:
        return UNKNOWN
    spf_result = _spf(origin, ask)
    dkim_result, signers = _dkim(raw, ask)
    sender_domain = origin.sender.rpartition("@")[2] or origin.helo
    aligned = any(_is_aligned(signer, domain) for signer in signers) or (
        spf_result == "pass" and _is_aligned(sender_domain, domain)
    )
    return Authenticity(
        spf=spf_result,
        dkim=dkim_result,
        dmarc=_dmarc(domain, ask, aligned=aligned),
        aligned=aligned,
        by="kiss",
    )


def resolver_at(host: str, port: int) -> Ask:
    """Return the questioner of one resolver."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [host], port
    resolver.timeout = resolver.lifetime = QUESTION_SECONDS

    def ask(name: str, kind: str) -> list[object]:
        try:
            answer = resolver.resolve(name, kind, search=False)
        except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
            return []
        except (dns.resolver.NoNameservers, dns.exception.Timeout, OSError) as error:
            raise DnsAwayError from error
        except dns.exception.DNSException:  # a name that is none
            return []
        return list(answer)

    return ask


def _spf(origin: Origin, ask: Ask) -> str:
    if not origin.peer:
        return "none"
    try:
        query = _Query(ask, i=origin.peer, s=origin.sender, h=origin.helo)
        return str(query.check()[0])
    except DnsAwayError:
        return "temperror"
    except Exception:  # noqa: BLE001 - pyspf stumbles over hostile records; mail goes on
        return "permerror"


class _Query(spf.query):  # type: ignore[misc]  # pyspf has no types
    """pyspf's evaluation with our questions instead of its own."""

    def __init__(self, ask: Ask, **facts: str) -> None:
        super().__init__(**facts)
        self._ask = ask

    def dns(
        self, name: str, qtype: str, cnames: object = None, ignore_void: object = False
    ) -> list[object]:
        """Return records in pyspf's form: strings, addresses, preference and host."""
        _ = cnames
        records = [_for_spf(qtype, record) for record in self._ask(str(name), qtype)]
        if not records and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("void lookups")
        return records


def _for_spf(kind: str, record: object) -> object:
    match kind:
        case "TXT":
            return getattr(record, "strings", ())
        case "MX":
            host = str(getattr(record, "exchange", ""))
            return getattr(record, "preference", 0), host.rstrip(".")
        case "PTR":
            return str(getattr(record, "target", "")).rstrip(".")
        case _:
            return getattr(record, "address", "")


def _dkim(raw: bytes, ask: Ask) -> tuple[str, list[str]]:
    """Verify the first signatures; return the best result and the domains that signed well."""
    if len(raw) > _MOST_BYTES:
        return "none", []
    signers: list[str] = []
    result = "none"
    try:
        mail = dkim.DKIM(raw, timeout=int(QUESTION_SECONDS))
        signatures = [value for name, value in mail.headers if name.lower() == b"dkim-signature"]
        for index, signature in enumerate(signatures[:_MOST_SIGNATURES]):
            if _is_good(mail, index, signature, ask):
                signers.append(mail.domain.decode("ascii", "replace").lower())
            else:
                result = "fail"
    except DnsAwayError:
        result = "temperror"
    except Exception:  # noqa: BLE001 - dkimpy raises many kinds over hostile headers
        result = "permerror"
    return ("pass" if signers else result), signers


def _is_good(mail: dkim.DKIM, index: int, signature: bytes, ask: Ask) -> bool:
    """Verify one signature. One over a part of the body is none: text could be added below it."""
    if _LENGTH_TAG.search(signature):
        return False
    try:
        return bool(mail.verify(idx=index, dnsfunc=_dkim_key(ask)))
    except dkim.DKIMException:
        return False


def _dkim_key(ask: Ask) -> Callable[..., bytes | None]:
    def text(name: bytes | str, timeout: float = QUESTION_SECONDS) -> bytes | None:
        _ = timeout
        where = name.decode("ascii", "replace") if isinstance(name, bytes) else name
        texts = _texts(where, ask)
        return texts[0] if texts else None

    return text


def _dmarc(domain: str, ask: Ask, *, aligned: bool) -> str:
    try:
        published = any(
            text.lower().startswith(b"v=dmarc1")
            for name in dict.fromkeys((domain, organisation(domain)))
            for text in _texts(f"_dmarc.{name}", ask)
        )
    except DnsAwayError:
        return "temperror"
    if not published:
        return "none"
    return "pass" if aligned else "fail"


def _texts(name: str, ask: Ask) -> list[bytes]:
    return [b"".join(getattr(record, "strings", ())) for record in ask(name, "TXT")]


def _is_aligned(one: str, other: str) -> bool:
    """Compare organisations (DMARC's relaxed alignment)."""
    return bool(one) and organisation(one.lower().rstrip(".")) == organisation(other)
