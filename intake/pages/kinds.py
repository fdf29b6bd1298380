"""The four kinds of message a person can choose, in the order and words they are offered."""

from typing import Final, NamedTuple

from intake.language import marked as _


class Kind(NamedTuple):
    """One choice: the core's code, and two message ids."""

    code: str
    name: str
    help: str


KINDS: Final = (
    Kind("complaint", _("Complaint"), _("Something was not right")),
    Kind("suggestion", _("Suggestion"), _("An idea to do better")),
    Kind("information", _("Question"), _("I would like to know something")),
    Kind("satisfaction", _("Thanks"), _("Something was good")),
)
KIND_CODES: Final = frozenset(kind.code for kind in KINDS)
