"""Who is at the other end of a request."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.access.scope import (
    Reader,
    decides_what_is_set_aside,
    sees_what_is_set_aside,
)
from core.hospital.directory import Directory
from core.people.own_account import OwnAccount
from core.people.sessions import Account
from intake.console.access import may
from intake.console.context import SESSION_COOKIE, Console
from intake.language import Language, language_of
from intake.pages import house_of
from intake.pages.headers import read_cookie


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody signed in, and what they may read."""

    account: Account
    reader: Reader
    sees_review: bool = False
    """Whether the review desk is theirs to look at."""
    decides_review: bool = False
    """Whether they decide there."""

    @property
    def language(self) -> Language:
        """The language they work in."""
        return language_of(self.account.language)

    def may(self, method: str, path: str) -> bool:
        """Whether a route is theirs to use; `path` is its pattern in `access.py`."""
        if not may(self.account.roles, method, path):
            return False
        if path != REVIEW and not path.startswith(f"{REVIEW}/"):
            return True
        reads = method in _READING and path != REVIEW_HEAD
        return self.sees_review if reads else self.decides_review


REVIEW: Final = "/console/review"
REVIEW_HEAD: Final = "/console/review/head"
_READING: Final = frozenset({"GET", "HEAD"})
PRESENT: Final = web.RequestKey("present", SignedIn)


def present_of(request: web.Request) -> SignedIn:
    """Return who is here; only for pages that the gate opens to people signed in."""
    return request[PRESENT]


async def recognise(
    request: web.Request, console: Console, directory: Directory
) -> SignedIn | None:
    """Return who sent a request, by its cookie; None where the session is over or never was."""
    token = read_cookie(request, house_of(request), SESSION_COOKIE)
    if not token:
        return None
    account = await OwnAccount(console.runtime).of(token, console.limits)
    if account is None:
        return None
    reader = Reader.of(account.user_id, account.roles, account.unit_id, directory)
    return SignedIn(
        account=account,
        reader=reader,
        sees_review=sees_what_is_set_aside(reader, directory),
        decides_review=decides_what_is_set_aside(reader, directory),
    )
