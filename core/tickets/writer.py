"""Who wrote what stands on a ticket, where that is not plainly the person who reported. Pure.

Kept beside the words, and read wherever they are shown: nothing that somebody else wrote, or that
nothing proves, stands under the person's name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

_THIRD: Final = "third_person"
_UNPROVEN: Final = "unproven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Who wrote a message; by default the person, or staff, as its author says."""

    third_person: str | None = None
    """By name and address as their message gives them, where they are not of the ticket."""
    is_unproven: bool = False
    """Whether nothing shows that it is from whom it names."""

    @classmethod
    def of(cls, remarks: Mapping[str, object]) -> Self:
        """Read what is kept with a message."""
        mail = remarks.get("mail")
        facts = mail if isinstance(mail, dict) else {}
        third = remarks.get(_THIRD) or facts.get(_THIRD)  # under "mail" as it was kept before
        if third is True:  # before names were
            third = facts.get("from")
        return cls(
            third_person=str(third) if third else None,
            is_unproven=remarks.get(_UNPROVEN) is True,
        )

    def facts(self) -> dict[str, object]:
        """Return what is kept with the message."""
        return ({_THIRD: self.third_person} if self.third_person else {}) | self._mark()

    def codes(self) -> dict[str, Any]:
        """Return what its event says of it: no name."""
        return ({_THIRD: True} if self.third_person else {}) | self._mark()

    def _mark(self) -> dict[str, object]:
        return {_UNPROVEN: True} if self.is_unproven else {}


PLAIN: Final = Writer()
"""Nothing is to be said of who wrote it: the author of the message did."""
