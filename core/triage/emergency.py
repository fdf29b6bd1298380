"""The emergency screen: whether a message says that somebody may be in danger right now.

Rules only, the same in every channel, before any menu. The words are data (`emergency.yaml`),
in Indonesian, English, Javanese and Sundanese. The screen informs; people decide.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import yaml

RULES: Final = Path(__file__).with_name("emergency.yaml")
_READ_AT_MOST: Final = 8_000
"""Characters of a message that are screened: danger is said early, and time stays bounded."""

_WORDS_REMEMBERED: Final = 4_096
"""Most words of most messages are the same few thousand."""

_SENTENCE_END = re.compile(r"[.!?;\n]+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_LENGTHENED = re.compile(r"([a-z])\1{2,}")
_DOUBLED = re.compile(r"^([a-z]{3,})2$")
_TOKEN = re.compile(r"\.{2,3}|[()|]|[^\s()|]+|\s+")
_GAPS = {"..": r"(?: \S+){0,3}", "...": r"(?: \S+){0,7}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What the screen found: whether to sound the alarm, by which words, under which rules."""

    alarm: bool
    words: tuple[str, ...] = ()
    version: int
    self_harm: bool = False
    """Whether the person may want to harm themselves: a crisis line helps more than a nurse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The compiled words of `emergency.yaml`."""

    version: int
    spelling: dict[str, str]
    hard: re.Pattern[str]
    self_harm: re.Pattern[str]
    symptom: re.Pattern[str]
    now: re.Pattern[str]
    past: re.Pattern[str]
    aside: re.Pattern[str]
    still: re.Pattern[str]
    long_story: int


def screen(text: str) -> Screening:
    """Screen one message; pure, linear in the (bounded) length, never raises.

    `words` are the matched phrases in regular spelling, for staff to see why it alarmed.
    """
    rules = load()
    sentences = list(_sentences(text[:_READ_AT_MOST]))
    long = sum(len(sentence.split()) for sentence in sentences) > rules.long_story
    found = tuple(_alarms(sentences, rules, long=long))
    return Screening(
        alarm=bool(found),
        words=found,
        version=rules.version,
        self_harm=any(rules.self_harm.search(f" {words} ") for words in found),
    )


@cache
def load() -> Rules:
    """Read and compile the rules, once."""
    written = RULES.read_text(encoding="utf-8")
    data = yaml.safe_load(written.replace("{person}", yaml.safe_load(written)["people"]))
    excuse = data["excuse"]
    return Rules(
        version=data["version"],
        spelling={chat: word for word, chats in data["spelling"].items() for chat in chats},
        hard=_pattern(phrase for group in data["hard"].values() for phrase in group),
        self_harm=_pattern(data["hard"]["self-harm"]),
        symptom=_pattern(phrase for group in data["symptom"].values() for phrase in group),
        now=_pattern(data["now"]),
        past=_pattern(excuse["past"]),
        aside=_pattern([*excuse["figure"], *excuse["topic"]]),
        still=_pattern(data["nearness"]["overrules_past"]),
        long_story=data["nearness"]["long_story_words"],
    )


def _alarms(sentences: list[str], rules: Rules, *, long: bool) -> Iterator[str]:
    """Yield the phrases that alarm: hard ones, and symptoms that are said to be present."""
    for place, sentence in enumerate(sentences):
        near = " ".join(sentences[max(0, place - 1) : place + 2])
        sign = _sign(sentence, sentence if long else near, rules, long=long)
        if sign and not _excused(sentence, rules):
            yield sign.group().strip()


def _sign(sentence: str, near: str, rules: Rules, *, long: bool) -> re.Match[str] | None:
    """Find a hard phrase, which a long story must place in the present, or a present symptom."""
    sign = rules.hard.search(sentence) or (None if long else rules.symptom.search(sentence))
    if sign is None:
        return None
    alone = sign.re is rules.hard and not long
    return sign if alone or rules.now.search(near) else None


def _excused(sentence: str, rules: Rules) -> bool:
    """Tell whether a sentence speaks of the past, of something else, or in figures."""
    if rules.aside.search(sentence):
        return True
    return bool(rules.past.search(sentence)) and not rules.still.search(sentence)


def _sentences(text: str) -> Iterator[str]:
    """Yield each sentence as ` word word `, in lower case and regular spelling."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    for sentence in _SENTENCE_END.split(plain):
        words = [_regular(word) for word in _WORD.findall(sentence)]
        if words:
            yield f" {' '.join(words)} "


@lru_cache(maxsize=_WORDS_REMEMBERED)
def _regular(word: str) -> str:
    """Undo chat spelling: `toloong`, `kejang2`, `skrg`."""
    spelling = load().spelling
    word = _LENGTHENED.sub(r"\1", word)
    doubled = _DOUBLED.match(word)
    word = spelling.get(word, word)
    return f"{doubled[1]} {doubled[1]}" if doubled and doubled[0] == word else word


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Compile phrases (see the head of the YAML file) into one pattern over ` word word `."""
    return re.compile("|".join(f"(?:{_phrase(phrase)}(?= ))" for phrase in phrases))


def _phrase(phrase: str) -> str:
    parts = []
    for piece in _TOKEN.findall(f" {phrase.strip()}"):
        if piece in _GAPS:
            parts.append(_GAPS[piece])
        elif piece in "()|":
            parts.append({"(": "(?:", ")": ")", "|": "|"}[piece])
        else:
            parts.append(piece.replace("*", r"\S*") if piece.strip() else " ")
    return re.sub(r" ?(\(\?: \\S\+\)\{0,[37]\}) ?", r"\1 ", "".join(parts))
