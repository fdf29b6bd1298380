"""Why a raw message makes no ticket by itself and waits for somebody to look at it: the codes.

Their words in both languages stand with the pages that show them (`intake/set_aside.py`). What is
set aside is told by a `Summary`: who wrote, what about, the first words, and what the emergency
screen found in them.
"""

from dataclasses import asdict, dataclass
from typing import Final, Self

from core.ground.base import Json
from core.ground.masking import Place, masked
from core.ground.text import clean_line, shorten
from core.triage.emergency import screen

AUTOMATIC_ANSWER: Final = "automatic_answer"
LIST: Final = "list"
BOUNCE: Final = "bounce"
CLAIMS_TO_BE_US: Final = "claims_to_be_us"
COMMAND: Final = "command"
TOO_MANY: Final = "too_many"
LOOP: Final = "loop"
ABUSE_REPORT: Final = "abuse_report"
"""A provider's report of unwanted mail (RFC 5965) that is about no notice of ours."""
RECALL: Final = "recall"
"""A mail program takes a mail back that became no ticket."""
UNREADABLE: Final = "unreadable"
POISON: Final = "poison"
FAULT: Final = "fault"
UNREAD: Final = frozenset({UNREADABLE, POISON, FAULT})
"""Nobody knows what it says; a later reading may."""

VERDICTS: Final = ("report", "join", "no_report")
"""What a person can say of it: a report of its own, words of a ticket there is, neither."""

WHO_CHARACTERS: Final = 120
SUBJECT_CHARACTERS: Final = 200
WORDS_CHARACTERS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a list shows of a message that waits. Bounded, each value one line."""

    who: str = ""
    subject: str = ""
    words: str = ""
    danger: tuple[str, ...] = ()
    """Phrases of danger, in regular spelling; empty where none was found."""
    key: str = ""
    """Equal for every copy of one message: they are one row on the desk, and decided together."""

    @classmethod
    def of(cls, *, who: str, subject: str, words: str, key: str = "") -> Self:
        """Summarise a message, screening subject and words for danger. Never raises."""
        return cls(
            key=key,
            who=shorten(clean_line(who), WHO_CHARACTERS),
            subject=_covered(shorten(clean_line(subject), SUBJECT_CHARACTERS)),
            words=_covered(shorten(clean_line(words), WORDS_CHARACTERS)),
            danger=screen(f"{subject}.\n{words}").words,
        )

    @classmethod
    def read(cls, kept: Json | None) -> Self:
        """Read what `facts` wrote; what is older or odd is empty."""
        told = kept or {}
        danger = told.get("danger")
        return cls(
            **{name: str(told.get(name) or "") for name in ("who", "key")},
            **{name: _covered(str(told.get(name) or "")) for name in ("subject", "words")},
            danger=tuple(map(str, danger)) if isinstance(danger, list) else (),
        )

    def facts(self) -> Json:
        """Return it as `inbound.summary` keeps it."""
        return asdict(self)


_OLDER: Final = {
    # what was noted                             before there were codes
    "an automatic answer": AUTOMATIC_ANSWER,
    "a mailing list or newsletter": LIST,
    "it claims to be from a mailbox of ours": CLAIMS_TO_BE_US,
    "a word for a mailing program": COMMAND,
    "a notice of ours came back": LOOP,
    "no worker that read it came back": POISON,
    "could not be understood": UNREADABLE,
}


def reason_of(code: str | None, noted: str | None) -> str:
    """Return why it was set aside; of what is older than the codes, by what was noted then."""
    return code or _OLDER.get(noted or "", FAULT)


def _covered(text: str) -> str:
    """Cover what names a person: the list is not the message, which stands on its own page."""
    return masked(text, Place.STAFF)
