"""What one browser remembers of the reports it sent: enough to know them again. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

_MOST: Final = 6


@dataclass(frozen=True, slots=True)
class SentReport:
    """A report: its key, the mark of its form, when it was sent, and whether the receipt was seen.

    It was seen where the browser says so: the word for it travels with the page of thanks.
    """

    key: str
    mark: str
    at: datetime
    seen: bool = False


@dataclass(frozen=True, slots=True)
class SentReports:
    """The reports of one browser, the newest first."""

    reports: tuple[SentReport, ...] = ()

    def knows(self, key: str) -> bool:
        """Whether a report was sent from here under a key."""
        return any(each.key == key for each in self.reports)

    def has_seen(self, key: str) -> bool:
        """Whether the receipt of a key was shown here."""
        return any(each.seen for each in self.reports if each.key == key)

    def like(self, marks: Collection[str]) -> SentReport | None:
        """Find the newest report whose form said the same, by any mark that it may have got."""
        return next((each for each in self.reports if each.mark in marks), None)

    def since(self, moment: datetime) -> "SentReports":
        """Leave out what was sent before a moment."""
        return SentReports(tuple(each for each in self.reports if each.at >= moment))

    def with_one(self, report: SentReport) -> "SentReports":
        """Put a report first; what was seen stays seen."""
        seen = report.seen or self.has_seen(report.key)
        others = (each for each in self.reports if each.key != report.key)
        return SentReports((replace(report, seen=seen), *others)[:_MOST])

    def seen(self, key: str) -> "SentReports":
        """Note that the receipt of a key is shown."""
        return SentReports(
            tuple(replace(each, seen=each.seen or each.key == key) for each in self.reports)
        )
