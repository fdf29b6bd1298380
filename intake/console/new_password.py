"""A new password as people type it: twice, and not too easy to guess."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from core.people import passwords
from core.people.passwords import LONGEST, SHORTEST
from core.people.staff import AccountNames
from intake.console.frame import say
from intake.language import marked as _
from intake.uploads.receive import Received

WEAKNESSES: Final[Mapping[str, str]] = {
    "short": _("At least %(shortest)s characters, please. Four words are easy to remember."),
    "long": _("At most %(longest)s characters, please."),
    "common": _("Many people choose this one, so it is tried first. Take words only you think of."),
    "name": _("Your own name is tried first. Take words only you think of."),
}
DIFFERENT: Final = _("The two are not the same. Please type it once more.")


def problems_of(request: web.Request, form: Received, account: AccountNames) -> dict[str, str]:
    """Say what is wrong with a new password, by field."""
    password = form.text("password")
    weakness = passwords.weakness(password, names=(account.username, account.email))
    if weakness is not None:
        sentence = say(request, WEAKNESSES[weakness], shortest=SHORTEST, longest=LONGEST)
        return {"password": sentence}
    return {} if password == form.text("again") else {"again": say(request, DIFFERENT)}


async def chosen(form: Received) -> str:
    """Return the hash of the password chosen."""
    return await passwords.hashed(form.text("password"))
