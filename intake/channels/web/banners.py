"""What is said at the top of a page: please press again, come back later, it is done."""

from typing import Final, NamedTuple

from intake.language import marked as _
from intake.language import translate


class Banner(NamedTuple):
    """Its kind as kiss.css knows it, a title and a sentence."""

    kind: str
    title: str
    text: str

    def said_in(self, language: str) -> "Banner":
        """Say the same in a language."""
        return Banner(self.kind, translate(language, self.title), translate(language, self.text))


PRESS_AGAIN: Final = Banner(
    "warn",
    _("Please press Send once more"),
    _("Wait a moment, then press Send at the end of the page. Everything you wrote is still here."),
)
AWAY: Final = Banner(
    "bad",
    _("We cannot store reports at this moment"),
    _("It is not your fault. What you wrote is still here: please press Send again in a minute."),
)
SENT_BEFORE: Final = Banner(
    "info",
    _("You have sent exactly this before"),
    _("It arrived on %(moment)s, and this is its receipt. Nothing was filed twice."),
)
SAID_BEFORE: Final = Banner(
    "info",
    _("You have sent exactly this before"),
    _(
        "It has stood on this report since %(moment)s, and was not added twice. If you mean it once"
        " more, press Send again."
    ),
)
ADDED_NOW: Final = Banner(
    "info",
    _("Added to the report you sent before"),
    _("This page was sent before, on %(moment)s. What is new in it now stands on that report."),
)
NO_SUCH_CODE: Final = Banner(
    "warn",
    _("We do not know this code"),
    _("It may be mistyped or no longer in use. You can simply report here."),
)

# What has just been done on a tracking page, by the word in its address.
DONE: Final = {
    "added": Banner("good", _("Added"), _("The unit has been told.")),
    "lost": Banner(
        "warn",
        _("Added, but not every file"),
        _("The unit has been told. What could not be kept is marked; please add it later."),
    ),
    "danger": Banner(
        "bad",
        _("Is somebody in danger now?"),
        _("Your words have been added. Do not wait for our answer: the numbers stand above."),
    ),
    "reopened": Banner(
        "good",
        _("Opened again"),
        _("The unit looks at it once more. You can tell below what is still missing."),
    ),
    "solved": Banner(
        "good", _("Good to hear"), _("The report is closed. Thank you for telling us.")
    ),
    "rated": Banner("good", _("Thank you"), _("Your stars have arrived.")),
}
