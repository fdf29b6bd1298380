"""The emergency screen: whether a message says that somebody may be in danger right now.

Rules only, the same in every channel, before any menu. The words are data (`emergency.yaml`),
in Indonesian, English, Javanese and Sundanese. The screen informs; people decide.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import yaml

from core.triage.phrases import Found, Phrases
from core.triage.words import sentences, speller

RULES: Final = Path(__file__).with_name("emergency.yaml")
_READ_AT_MOST: Final = 8_000
"""Characters of a message that are screened: danger is said early, and time stays bounded."""

_HARD, _SELF_HARM, _SYMPTOM, _NOW, _PAST, _ASIDE, _STILL = range(7)
"""What a phrase says of its sentence, in the order the phrases are compiled in."""


Level = Literal["certain", "possible"]
"""How sure the screen is: *certain* wakes people, *possible* leads the queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What the screen found: how sure it is of a danger, by which words, under which rules."""

    level: Level | None = None
    """None: nothing was found, which never means that nobody is in danger."""
    words: tuple[str, ...] = ()
    version: int
    self_harm: bool = False
    """Whether the person may want to harm themselves: a crisis line helps more than a nurse."""

    @property
    def alarm(self) -> bool:
        """Whether somebody has to look, at either level."""
        return self.level is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The compiled words of `emergency.yaml`."""

    version: int
    regular: Callable[[str], str]
    phrases: Phrases
    long_story: int


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: Sequence[str]
    found: Sequence[Found]

    def says(self, what: int) -> bool:
        return any(found.group == what for found in self.found)

    def sign(self, *what: int) -> Found | None:
        """Return the first phrase of these, the longest where several begin there."""
        signs = (found for found in self.found if found.group in what)
        return min(signs, key=lambda found: (found.start, -found.end), default=None)

    def is_excused(self) -> bool:
        """Tell whether it speaks of the past, of something else, or in figures."""
        return self.says(_ASIDE) or (self.says(_PAST) and not self.says(_STILL))


def screen(text: str) -> Screening:
    """Screen one message; pure, linear in the (bounded) length, never raises.

    `words` are the matched phrases in regular spelling, for staff to see why it alarmed.
    """
    rules = load()
    said = [
        _Sentence(words, tuple(rules.phrases.find(words)))
        for words in sentences(text[:_READ_AT_MOST], rules.regular)
        if words
    ]
    long = sum(len(sentence.words) for sentence in said) > rules.long_story
    signs = tuple(_signs(said, long=long))
    return Screening(
        level=_level(signs),
        words=tuple(" ".join(sentence.words[sign.start : sign.end]) for sentence, sign in signs),
        version=rules.version,
        self_harm=any(sentence.says(_SELF_HARM) for sentence, _ in signs),
    )


def _level(signs: Sequence[tuple[_Sentence, Found]]) -> Level | None:
    if not signs:
        return None
    return (
        "certain" if any(found.group in (_HARD, _SELF_HARM) for _, found in signs) else "possible"
    )


@cache
def load() -> Rules:
    """Read and compile the rules, once."""
    written = RULES.read_text(encoding="utf-8")
    data = yaml.safe_load(written.replace("{person}", yaml.safe_load(written)["people"]))
    excuse, hard = data["excuse"], dict(data["hard"])
    self_harm = hard.pop("self-harm")
    phrases = Phrases(
        (
            [phrase for group in hard.values() for phrase in group],
            self_harm,
            [phrase for group in data["symptom"].values() for phrase in group],
            data["now"],
            excuse["past"],
            [*excuse["figure"], *excuse["topic"]],
            data["nearness"]["overrules_past"],
        )
    )
    spelling = {chat: word for word, chats in data["spelling"].items() for chat in chats}
    return Rules(
        version=data["version"],
        regular=speller(spelling),
        phrases=phrases,
        long_story=data["nearness"]["long_story_words"],
    )


def _signs(said: Sequence[_Sentence], *, long: bool) -> Iterator[tuple[_Sentence, Found]]:
    """Yield what alarms: hard phrases, and symptoms that are said to be present.

    A long story is of the past more often: there a hard phrase needs a word for now beside it.
    """
    for place, sentence in enumerate(said):
        sign = sentence.sign(_HARD, _SELF_HARM)
        is_hard = sign is not None
        if sign is None and not long:
            sign = sentence.sign(_SYMPTOM)
        if sign is None or sentence.is_excused():
            continue
        near = [sentence] if long else said[max(0, place - 1) : place + 2]
        if (is_hard and not long) or any(each.says(_NOW) for each in near):
            yield sentence, sign
