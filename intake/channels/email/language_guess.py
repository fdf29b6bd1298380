"""Which of our two languages a mail is written in. Pure; Indonesian unless English is plain."""

import re

_WORD = re.compile(r"[a-z]+")
_LOOK_CHARACTERS = 4000
_ENGLISH = frozenset(
    _WORD.findall(
        "the and is was were are have has had my your our this that with for you not to of in on"
        " it they there when please would but from been what which who how because"
    )
)
_INDONESIAN = frozenset(
    _WORD.findall(
        "yang dan di ke dari untuk dengan tidak saya kami ini itu ada sudah belum karena mohon"
        " akan bisa pada juga atau oleh bapak ibu anak sakit rumah kamar tolong terima kasih"
    )
)


def language_of_words(text: str) -> str:
    """Return `id` or `en` by the small words in a text."""
    words = _WORD.findall(text[:_LOOK_CHARACTERS].lower())
    english = sum(word in _ENGLISH for word in words)
    indonesian = sum(word in _INDONESIAN for word in words)
    return "en" if english > 2 and english > 2 * indonesian else "id"
