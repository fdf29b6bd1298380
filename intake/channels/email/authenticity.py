"""How sure it is that a mail is from whom it says (RFC 8601): our own server's word, or a check.

DMARC decides: an aligned pass proves it, a fail disproves it; all else is unproven.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import authres
from authres.core import AuthResError

Sure = Literal["proven", "unproven", "disproven"]
"""Whether a mail is from whom it says. Nobody checked, or it could not be told: unproven."""

_WORD = re.compile(r"[a-z]{1,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticity:
    """Results in the words of RFC 8601, such as pass, fail, none, softfail, temperror."""

    spf: str = "none"
    dkim: str = "none"
    dmarc: str = "none"
    aligned: bool = False
    """Whether SPF or DKIM passed for the domain that people see in From."""
    by: str = ""
    """Who checked: our server's name, or `kiss`; empty: nobody did."""

    @property
    def verified(self) -> bool:
        """Whether the sender is who they say."""
        return self.dmarc == "pass" or (self.aligned and self.dmarc != "fail")

    @property
    def failed(self) -> bool:
        """Whether the sender's own domain disowns the mail."""
        return self.dmarc == "fail"

    @property
    def sure(self) -> Sure:
        """In one word of three."""
        return "disproven" if self.failed else "proven" if self.verified else "unproven"

    def facts(self) -> dict[str, str | bool]:
        """Return what is kept with the message and shown to staff."""
        return {
            "spf": self.spf,
            "dkim": self.dkim,
            "dmarc": self.dmarc,
            "verified": self.verified,
            "by": self.by,
        }


UNKNOWN = Authenticity()


def said_by(authserv_id: str, headers: Iterable[tuple[str, str]]) -> Authenticity:
    """Read the topmost Authentication-Results of our own server; every other one is ignored.

    Our server has to remove what others write in its name (RFC 8601 §5).
    """
    for name, value in headers:
        if name != "authentication-results":
            continue
        results = _results(value, authserv_id)
        if results is not None:
            dmarc = results.get("dmarc", "none")
            return Authenticity(
                spf=results.get("spf", "none"),
                dkim=results.get("dkim", "none"),
                dmarc=dmarc,
                aligned=dmarc == "pass",
                by=authserv_id,
            )
    return UNKNOWN


def _results(value: str, authserv_id: str) -> dict[str, str] | None:
    try:
        header = authres.AuthenticationResultsHeader.parse_value(value)
    except (AuthResError, ValueError, IndexError, AttributeError):
        return None
    if (header.authserv_id or "").lower() != authserv_id.lower():
        return None
    results: dict[str, str] = {}
    for one in header.results:
        result = (one.result or "none").lower()
        if _WORD.fullmatch(result) and results.get(one.method) != "pass":
            results[one.method] = result
    return results
