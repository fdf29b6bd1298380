"""What an agent says, in the caller's language: sentences to read out, each a message id. Pure."""

from collections.abc import Mapping
from typing import Final

from intake.language import LANGUAGES, Language, translate
from intake.language import marked as _

SCRIPT: Final = {
    "greeting": _(
        "Thank you for calling %(hospital)s. My name is %(agent)s. What can I do for you?"
    ),
    "danger": _("Before anything else: is anybody in danger right now?"),
    "help": _("Then please ring off and call for help at once: %(numbers)s. Your report can wait."),
    "who": _("Is it about yourself, or about somebody else? You need not give a name."),
    "story": _("Please tell me what happened. Take your time; I write it down."),
    "place": _("In which ward or at which counter was it, and when?"),
    "wish": _("What would you like us to do?"),
    "read_back": _("Let me read you what I have written. Please stop me where it is not right."),
    "consent": _(
        "May we keep your name and number with this report, so that the unit can answer you? "
        "Nobody else sees them. You may also stay unnamed; your report counts just the same."
    ),
    "call": _("May we call you with the answer? At what time of the day suits you?"),
}
NUMBERED: Final = _(
    "Your report is filed. I will give you its number and a secret code, slowly; do you have "
    "something to write with?"
)
PROMISE: Final = _("You will have an answer by %(moment)s at the latest.")
FAREWELL: Final = _(
    "With number and code you can ask at any time how it stands. Thank you for telling us."
)

CALL_OPENING: Final = _("Good day, this is %(agent)s of %(hospital)s. Am I speaking with %(name)s?")
CALL_OPENING_UNNAMED: Final = _(
    "Good day, this is %(agent)s of %(hospital)s. You gave us this number with a "
    "report. Is that you?"
)
CALL_NEWS: Final = {
    # by the notice's template
    "replied": _("%(unit)s has answered your report:"),
    "asked": _("%(unit)s needs to know something from you to go on:"),
    "resolved": _("%(unit)s has dealt with your report:"),
    "closed": _("Your report to %(unit)s has been closed:"),
}
CALL_OTHER_NEWS: Final = _("There is news of your report:")
CALL_END: Final = _("Is there anything you would like me to pass on? Thank you for your patience.")

Spoken = Mapping[Language, str]
"""One sentence in every language of ours."""


def spoken(message: str, **facts: object) -> Spoken:
    """Say a sentence in every language."""
    return {language: translate(language, message, **facts) for language in LANGUAGES}


def script(*, hospital: str, agent: str, numbers: str) -> Mapping[str, Spoken]:
    """Return every sentence of a call."""
    facts = {"hospital": hospital, "agent": agent, "numbers": numbers}
    return {name: spoken(message, **facts) for name, message in SCRIPT.items()}
