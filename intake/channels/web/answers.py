"""How the door answers a form: onwards, or the same page once more with a word of advice."""

from typing import Final, NamedTuple

from aiohttp import web

from intake.language import marked as _
from intake.language import translate

SCRIPT: Final = "X-Kiss-Script"
NEXT: Final = "X-Kiss-Next"


class Notice(NamedTuple):
    """A banner: its kind as kiss.css knows it, a title and a sentence."""

    kind: str
    title: str
    text: str

    def said_in(self, language: str) -> "Notice":
        """Say the same in a language."""
        return Notice(self.kind, translate(language, self.title), translate(language, self.text))


PRESS_AGAIN: Final = Notice(
    "warn",
    _("Please press Send once more"),
    _("Wait a moment, then press Send at the end of the page. Everything you wrote is still here."),
)
AWAY: Final = Notice(
    "bad",
    _("We cannot store reports at this moment"),
    _("It is not your fault. What you wrote is still here: please press Send again in a minute."),
)
NO_SUCH_CODE: Final = Notice(
    "warn",
    _("We do not know this code"),
    _("It may be mistyped or no longer in use. You can simply report here."),
)

# What has just been done on a tracking page, by the word in its address.
DONE: Final = {
    "added": Notice("good", _("Added"), _("The unit has been told.")),
    "danger": Notice(
        "bad",
        _("Is somebody in danger now?"),
        _("Your words have been added. Do not wait for our answer: the numbers stand above."),
    ),
    "reopened": Notice(
        "good",
        _("Opened again"),
        _("The unit looks at it once more. You can tell below what is still missing."),
    ),
    "solved": Notice(
        "good", _("Good to hear"), _("The report is closed. Thank you for telling us.")
    ),
    "rated": Notice("good", _("Thank you"), _("Your stars have arrived.")),
}


def onwards(request: web.Request, path: str) -> web.Response:
    """Send the reader on after a POST, so that reloading sends nothing twice.

    A script of ours that sent the form is told the path instead (RFC 9110 §15.4.4 would have it
    fetch the page and throw it away).
    """
    if request.headers.get(SCRIPT):
        return web.Response(headers={NEXT: path})
    return web.Response(status=303, headers={"Location": path})
