"""Who is at the other end of a request."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from core.access.scope import Reader
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

    @property
    def language(self) -> Language:
        """The language they work in."""
        return language_of(self.account.language)

    def may(self, method: str, path: str) -> bool:
        """Whether a route is theirs to use; `path` is its pattern in `access.py`."""
        return may(self.account.roles, method, path)


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
    return SignedIn(account=account, reader=reader)
