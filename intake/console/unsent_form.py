"""What somebody wrote in a form while their session ended, kept until they are back.

The words travel through the sign-in page as hidden fields: nothing is stored on our side for
somebody we do not know, and nothing is sent again until the person presses the button.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import unquote

from aiohttp import web

from intake.console.context import Console
from intake.console.frame import console_page
from intake.uploads.receive import Received

PREFIX: Final = "kept."
_PATH: Final = re.compile(r"/console(?:/[\w.~%@:+-]+)*/?(?:\?[\w.~%@:+&=/-]*)?", re.ASCII)
_SECRET: Final = frozenset({"password", "again", "old", "code", "next", "token"})
"""Fields that are never carried along."""
_SHOWN_FROM: Final = 24
"""Characters from which a text is shown in a box rather than on a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentForm:
    """A form on hold: where it was going, and its fields in order."""

    action: str
    fields: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, path: str, fields: Mapping[str, tuple[str, ...]]) -> Self:
        """Keep what was sent to a path, less what is secret."""
        pairs = ((name, text) for name, texts in fields.items() for text in texts)
        return cls(action=path, fields=tuple(p for p in pairs if p[0] not in _SECRET))

    @classmethod
    def read(cls, received: Received) -> Self | None:
        """Read what travelled through a sign-in form; None if nothing did."""
        action = inside(received.text("kept"))
        fields = {
            name.removeprefix(PREFIX): texts
            for name, texts in received.fields.items()
            if name.startswith(PREFIX)
        }
        return cls.of(action, fields) if action and fields else None

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """The fields under the names they travel by."""
        return tuple((PREFIX + name, text) for name, text in self.fields)

    @property
    def words(self) -> tuple[str, ...]:
        """The texts a person would recognise as theirs."""
        return tuple(t for _, t in self.fields if len(t) >= _SHOWN_FROM and " " in t)


def inside(path: str) -> str:
    """Return a path that leads into the console, or nothing: no way out of the house."""
    fits = len(path) < 1000 and _PATH.fullmatch(path) and "/." not in unquote(path)
    return path if fits else ""


async def ask_again(request: web.Request, console: Console) -> web.Response:
    """Answer a form whose session is over with the sign-in page, the form in its pocket."""
    received = await console.form(request)
    kept = UnsentForm.of(request.path_qs, received.fields)
    return console_page(
        request, "console/sign_in.html", status=401, kept=kept, expired=True, name="", next=""
    )
