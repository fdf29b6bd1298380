"""Spells a code so that it is understood on a bad line. Pure."""

from typing import Final

from intake.language import Language

_LETTERS: Final = {
    word[0]: word
    for word in (
        *("Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India"),
        *("Juliett", "Kilo", "Lima", "Mike", "November", "Oscar", "Papa", "Quebec", "Romeo"),
        *("Sierra", "Tango", "Uniform", "Victor", "Whiskey", "X-ray", "Yankee", "Zulu"),
    )
}
"""The alphabet of the ICAO, taught in Indonesia as everywhere."""
_DIGITS: Final[dict[Language, tuple[str, ...]]] = {
    "id": ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}


def spelled(text: str, language: Language) -> list[list[tuple[str, str]]]:
    """Return groups of characters with the word for each; signs only part the groups."""
    groups: list[list[tuple[str, str]]] = [[]]
    for sign in text.upper():
        if sign in _LETTERS:
            groups[-1].append((sign, _LETTERS[sign]))
        elif sign.isascii() and sign.isdigit():
            groups[-1].append((sign, _DIGITS[language][int(sign)]))
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]
