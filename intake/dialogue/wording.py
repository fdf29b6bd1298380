"""Wording: from what to say to the sentence, in Indonesian or English.

The sentences are keyed and live in `locales/<language>/chat.po`; both catalogues are read and
checked against each other once. `label.*` are buttons, `alias.*` other words for them.
"""

import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from intake.dialogue.replies import Choice, Moment, Param, Say, Size, Term
from intake.dialogue.spelling import plain
from intake.language import LANGUAGES, LOCALES, Language, local_moment

Catalogues = Mapping[Language, Mapping[str, str]]


class CatalogueError(Exception):
    """The catalogues contradict each other, or a sentence lacks one of its facts."""


def text(say: Say, lang: Language) -> str:
    """Write a message in a language; CatalogueError if a fact is missing."""
    return spoken(say.key, lang, **say.params)


def spoken(key: str, lang: Language, **params: Param) -> str:
    """Write one sentence of the catalogue; what people typed is inserted as it is."""
    sentence = _sentence(key, lang)
    try:
        return sentence.format_map({name: _param(value, lang) for name, value in params.items()})
    except KeyError as missing:
        raise CatalogueError(f"{key} needs {missing}") from None


def label(choice: Choice, lang: Language) -> str:
    """Write a button's label."""
    return choice.text or _sentence(choice.label, lang)


def numbered(say: Say, lang: Language) -> str:
    """Write a message with its choices as a numbered list, for a channel without buttons."""
    rows = [f"{number}. {label(each, lang)}" for number, each in enumerate(say.choices, 1)]
    return "\n".join([text(say, lang), *rows])


def names_of(choice: Choice) -> frozenset[str]:
    """Return everything that means this choice, in plain spelling and every language."""
    if choice.text:
        return frozenset({plain(choice.text)})
    return labels(choice.label) | aliases(choice.id)


@cache
def labels(key: str) -> frozenset[str]:
    """Return a label in plain spelling, in every language."""
    return frozenset(plain(_sentence(key, lang)) for lang in LANGUAGES)


@cache
def aliases(name: str) -> frozenset[str]:
    """Return the other words for something (`alias.<name>`), of all languages together."""
    listed = (words.get(f"alias.{name}", "") for words in catalogues().values())
    return frozenset(filter(None, (plain(word) for line in listed for word in line.split("|"))))


@cache
def catalogues() -> Catalogues:
    """Read the catalogues of all languages and check that they say the same things."""
    return checked({lang: read(LOCALES / lang / "chat.po") for lang in LANGUAGES})


def read(path: Path) -> dict[str, str]:
    """Read one catalogue: key → sentence."""
    with path.open("rb") as file:
        entries = read_po(file, locale=path.parent.name, abort_invalid=True)
    return {str(entry.id): str(entry.string) for entry in entries if entry.id}


def checked(catalogues: Catalogues) -> Catalogues:
    """Return the catalogues; raise CatalogueError unless keys and {placeholders} agree."""
    first, *others = catalogues.items()
    for lang, words in others:
        if unequal := set(words) ^ set(first[1]):
            raise CatalogueError(f"only in {first[0]} or only in {lang}: {sorted(unequal)}")
        for key, sentence in words.items():
            if placeholders(sentence) != placeholders(first[1][key]):
                raise CatalogueError(f"{key} has other placeholders in {lang}")
    return catalogues


def placeholders(sentence: str) -> frozenset[str]:
    """Return the names in braces."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def _sentence(key: str, lang: Language) -> str:
    try:
        return catalogues()[lang][key]
    except KeyError:
        raise CatalogueError(f"no sentence {key} in {lang}") from None


def _param(value: Param, lang: Language) -> str:
    if isinstance(value, Term):
        return _sentence(value.key, lang)
    if isinstance(value, Moment):
        return local_moment(value.at, value.zone, lang)
    if isinstance(value, Size):
        return f"{format_decimal(value.size_bytes / 1_000_000, locale=lang)} MB"
    return str(value)
