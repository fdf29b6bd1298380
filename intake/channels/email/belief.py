"""What a mail may do, by who it says wrote it, what of ours it carries, and how sure the first is.

Pure: the whole table. docs/email.md shows it; a test holds the two equal. From top to bottom the
first row that fits decides. Whoever holds a signed name of ours was sent our mail, or was given it:
they speak on that ticket, each under their own name, and in the person's only from the person's
address. A number proves nothing, for it stands in every subject. No mail of anybody takes a report
back, says that it is solved, rates it, or changes where news goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from intake.channels.email.authenticity import Sure

Who = Literal["person", "somebody else", "staff"]
"""Whom the mail names as its writer: an address of the ticket, another one, a member of staff."""
Carried = Literal[
    "our signature",
    "its tracking code",
    "our id in its text",
    "a number or its mails",
    "its mails",
    "a forwarded mail",
    "nothing",
]
"""Of others than the person only the mails that they answer count; a number is nothing."""
Stands = Literal["theirs", "third person", "report", "forwarded", "nobody's report"]

STANDS: Final[Mapping[Stands, str]] = {
    "theirs": "words of the person on their ticket; opens it again",
    "third person": "words of a third person, by name and address",
    "report": "a new report of its writer, linked where it names a ticket",
    "forwarded": "a new report of the one who wrote the forwarded mail, who is answered",
    "nobody's report": "a new report of nobody; nobody is answered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """One row."""

    who: tuple[Who, ...]
    carries: Carried
    sure: tuple[Sure, ...]
    stands: Stands
    is_marked: bool = False
    """Whether it says everywhere that its sender is not proven."""
    confirms: bool = False
    """Whether the address that it is from counts as confirmed."""


_SURE: Final[tuple[Sure, ...]] = ("proven", "unproven", "disproven")
_PROVEN: Final[tuple[Sure, ...]] = ("proven",)
_NOT_DISPROVEN: Final[tuple[Sure, ...]] = ("proven", "unproven")
_UNPROVEN: Final[tuple[Sure, ...]] = ("unproven",)
_DISPROVEN: Final[tuple[Sure, ...]] = ("disproven",)
_NOT_PROVEN: Final[tuple[Sure, ...]] = ("unproven", "disproven")
_ANYBODY: Final[tuple[Who, ...]] = ("person", "somebody else", "staff")
_OTHERS: Final[tuple[Who, ...]] = ("somebody else", "staff")

# fmt: off
BELIEFS: Final = (
    Belief(who=("person",), carries="our signature", sure=_NOT_DISPROVEN, stands="theirs"),
    Belief(who=("person",), carries="our signature", sure=_DISPROVEN, stands="theirs",
           is_marked=True),
    Belief(who=("person",), carries="its tracking code", sure=_NOT_DISPROVEN, stands="theirs"),
    Belief(who=("person",), carries="its tracking code", sure=_DISPROVEN, stands="theirs",
           is_marked=True),
    Belief(who=("person",), carries="our id in its text", sure=_NOT_DISPROVEN, stands="theirs"),
    Belief(who=("person",), carries="our id in its text", sure=_DISPROVEN, stands="report",
           is_marked=True),
    Belief(who=("person",), carries="a number or its mails", sure=_PROVEN, stands="theirs"),
    Belief(who=("person",), carries="a number or its mails", sure=_UNPROVEN, stands="theirs",
           is_marked=True),
    Belief(who=("person",), carries="a number or its mails", sure=_DISPROVEN, stands="report",
           is_marked=True),
    Belief(who=_OTHERS, carries="our signature", sure=_NOT_DISPROVEN, stands="third person"),
    Belief(who=_OTHERS, carries="our signature", sure=_DISPROVEN, stands="third person",
           is_marked=True),
    Belief(who=_OTHERS, carries="our id in its text", sure=_SURE, stands="report"),
    Belief(who=_OTHERS, carries="its mails", sure=_PROVEN, stands="third person"),
    Belief(who=_OTHERS, carries="its mails", sure=_NOT_PROVEN, stands="third person",
           is_marked=True),
    Belief(who=("staff",), carries="a forwarded mail", sure=_PROVEN, stands="forwarded"),
    Belief(who=("staff",), carries="a forwarded mail", sure=_NOT_PROVEN, stands="nobody's report",
           is_marked=True),
    Belief(who=_ANYBODY, carries="nothing", sure=_PROVEN, stands="report", confirms=True),
    Belief(who=_ANYBODY, carries="nothing", sure=_UNPROVEN, stands="report"),
    Belief(who=_ANYBODY, carries="nothing", sure=_DISPROVEN, stands="report", is_marked=True),
)
# fmt: on


def belief(who: Who, carries: Carried, sure: Sure) -> Belief:
    """Return the row that decides."""
    return next(
        row for row in BELIEFS if who in row.who and row.carries == carries and sure in row.sure
    )
