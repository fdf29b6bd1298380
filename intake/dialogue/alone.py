"""Is a tracking code all that somebody says? Pure.

People send it with what it is ("ini kode saya …"), in a letter's greeting and farewell, or with all
that stood around it on the page of thanks: none of that is words for a report. Whatever else there
is makes it words.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from core.ground.text import is_readable
from core.tickets.codes_in_texts import COVER, cover
from intake.dialogue import wording
from intake.dialogue.choices import greets
from intake.dialogue.courtesy import thanks
from intake.dialogue.numbers import without_number
from intake.dialogue.spelling import plain
from intake.language import LANGUAGES, translate
from intake.language import marked as _

LONGEST: Final = 6000
"""Characters that are looked at; whoever writes more says something."""

OURS: Final = (
    _("Thank you. Your report has arrived."),
    _("Your report has arrived"),
    _("Report number"),
    _("With %(unit)s. An answer by %(moment)s at the latest."),
    _("Tracking code"),
    _("Keep this code: it is shown only now. Whoever has it can read the report."),
    _("Copy the code"),
    _("Slip with QR to print or save"),
    _("What happens next"),
    _("We write to you at every step. With the code you can look at any time."),
    _("With the code you see every step and the answer, at any time."),
    _("After the answer you say whether it is solved. If not, it goes on."),
    _("Forgot something, or have another photo? Open the report and add it there."),
    _("Open the report"),
    _("Send another report"),
    _("Take a picture of this page, or write the code down: it is shown only now."),
    _("Whoever has it can read the report and the answer, at %(address)s."),
    _("Your slip"),
    _("Scan, or open %(address)s and type the code. Whoever has it can read the report."),
    _("We have received your report. It is now with %(unit)s."),
    _("You will have an answer by %(moment)s at the latest."),
    _("Number:"),
    _("The page of your report:"),
)
"""What stands around a code on the page of thanks, on the slip and in the mail of receipt.

Each begins and ends with words of ours, so that nobody's own words are taken for what is filled in.
"""
_FILLED: Final = re.compile(r"%\(\w+\)s")

_WORD: Final = re.compile(r"[^\W_]+")
_POLITE: Final = frozenset(
    _WORD.findall(
        "yth dear hi hello halo salam hormat with kind best regards greetings sincerely thank"
        " thanks you sir madam bapak ibu pak bu kak admin tim team rs hospital terima kasih saya"
        " kami sent from my iphone android dikirim dari"
    )
)
"""Words of a letter around what it says. "Sakit" alone is none: somebody may be."""
_LINK: Final = re.compile(r"\S*" + COVER + r"\S*")


def says_only(text: str, codes: Iterable[str]) -> bool:
    """Tell whether a text says nothing beside these codes."""
    covered = cover(text, codes)
    return covered != text and is_alone(covered)


def is_alone(text: str) -> bool:
    """Tell whether a text whose codes are covered says nothing beside them."""
    if len(text) > LONGEST:
        return False
    left = _ours().sub("\n", text)
    return all(map(_is_nothing, left.splitlines()))


def _is_nothing(line: str) -> bool:
    """Tell whether a line names a code or a number, greets or thanks, and says no more."""
    rest = plain(without_number(_LINK.sub(" ", line)))
    beside = wording.aliases("code")
    left = " ".join(word for word in rest.split() if word not in beside)
    if not is_readable(left) or greets(left) or thanks(left):
        return True
    return set(_WORD.findall(left.replace("rumah sakit", " "))) <= _POLITE


@cache
def _ours() -> re.Pattern[str]:
    """Match any of our own sentences, in either language, whatever was filled in."""
    sentences = {translate(language, each) for each in OURS for language in LANGUAGES}
    longest_first = sorted(sentences, key=len, reverse=True)
    ways = (r"[^\n]{1,120}?".join(map(re.escape, _FILLED.split(each))) for each in longest_first)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)")
