"""The four kinds of message a person can choose, in the order and words they are offered."""

from typing import Final, NamedTuple

from intake.language import marked as _


class ReportKind(NamedTuple):
    """One choice: the core's code, and two message ids."""

    code: str
    name: str
    help: str


KINDS: Final = (
    ReportKind("complaint", _("Complaint"), _("Something was not right")),
    ReportKind("suggestion", _("Suggestion"), _("An idea to do better")),
    ReportKind("information", _("Question"), _("I would like to know something")),
    ReportKind("satisfaction", _("Thanks"), _("Something was good")),
)
KIND_CODES: Final = frozenset(kind.code for kind in KINDS)
