"""What somebody wrote in a form while their session ended, kept until they are back.

The words travel through the sign-in page as hidden fields: nothing is stored on our side for
somebody we do not know, and nothing is sent again until the person presses the button. They come
back to the account that was signed in there before: another one in the same browser has another
token of a known browser, and is not shown them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self
from urllib.parse import unquote

from aiohttp import web

from intake.console.context import BROWSER_COOKIE, Console
from intake.console.frame import console_page
from intake.pages import house_of
from intake.pages.headers import read_cookie
from intake.uploads.receive import Received

PREFIX: Final = "kept."
_PATH: Final = re.compile(r"/console(?:/[\w.~%@:+-]+)*/?(?:\?[\w.~%@:+&=/-]*)?", re.ASCII)
_SECRET: Final = frozenset({"password", "again", "old", "code", "next", "token"})
"""Fields that are never carried along."""
_WRITTEN: Final = frozenset({"words", "story", "wish", "reason"})
"""Fields of sentences; they are shown in a box, however short, and so is what is long."""
_SHOWN_FROM: Final = 24
"""Characters from which a text with a space in it counts as a sentence."""
_OWNER_SIGNS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentForm:
    """A form on hold: where it was going, and its fields in order."""

    action: str
    fields: tuple[tuple[str, str], ...] = ()
    owner: str = ""
    """A sign of the browser's token while it was filled in; empty where there was none."""

    @classmethod
    def of(cls, path: str, fields: Mapping[str, tuple[str, ...]], owner: str = "") -> Self:
        """Keep what was sent to a path, less what is secret."""
        pairs = ((name, text) for name, texts in fields.items() for text in texts)
        kept = tuple(p for p in pairs if p[0] not in _SECRET)
        return cls(action=path, fields=kept, owner=owner)

    @classmethod
    def read(cls, received: Received) -> Self | None:
        """Read what travelled through a sign-in form; None if nothing did."""
        action = inside(received.text("kept"))
        fields = {
            name.removeprefix(PREFIX): texts
            for name, texts in received.fields.items()
            if name.startswith(PREFIX)
        }
        return cls.of(action, fields, received.text("owner")) if action and fields else None

    def belongs_to(self, known: str) -> bool:
        """Whether it is theirs who are known in their browser by this token."""
        return self.owner in {"", _sign(known)}

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """The fields under the names they travel by."""
        return tuple((PREFIX + name, text) for name, text in self.fields)

    @property
    def words(self) -> tuple[str, ...]:
        """The texts a person would recognise as theirs."""
        return tuple(
            text
            for name, text in self.fields
            if text and (name in _WRITTEN or (len(text) >= _SHOWN_FROM and " " in text))
        )


def inside(path: str) -> str:
    """Return a path that leads into the console, or nothing: no way out of the house."""
    fits = len(path) < 1000 and _PATH.fullmatch(path) and "/." not in unquote(path)
    return path if fits else ""


def _sign(known: str) -> str:
    """Tell tokens apart without showing one."""
    return sha256(known.encode(errors="replace")).hexdigest()[:_OWNER_SIGNS]


async def ask_again(request: web.Request, console: Console) -> web.Response:
    """Answer a form whose session is over with the sign-in page, the form in its pocket."""
    received = await console.form(request)
    known = read_cookie(request, house_of(request), BROWSER_COOKIE)
    kept = UnsentForm.of(request.path_qs, received.fields, _sign(known) if known else "")
    return console_page(
        request, "console/sign_in.html", status=401, kept=kept, expired=True, name="", next=""
    )
