"""The readings of mail understanding that look for patterns in text."""

from collections.abc import Callable
from typing import Final

from intake.channels.email.understanding import addresses, limits, parameters, words
from intake.channels.email.understanding.bounces import prose, reasons
from intake.channels.email.understanding.html import measure, readable
from intake.channels.email.understanding.mail import Person
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.replies.strip import reply_of

PATTERNS: Final[dict[str, Callable[[str], object]]] = {
    "words": lambda text: words.decode_words(text, Problems()),
    "parameters": lambda text: parameters.parse(text.encode(), Problems()),
    "people": lambda text: addresses.parse_text(text[: limits.HEADER_VALUE_BYTES]),
    "measure": measure.objection,
    "crude": readable.crude,
    "reasons": reasons.of_words,
    "recipients": lambda text: prose.recipients(prose.before_returned_mail(text), frozenset()),
    "reply": lambda text: reply_of(text, Person(name="A B")),
}
