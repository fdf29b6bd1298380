"""What stands on a poster: facts about one unit, and the sentences around them."""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from urllib.parse import urlsplit

from PIL import Image

from intake.language import LANGUAGES, Language, translate

ACCENT: Final = "#0b5563"
"""Deep teal, unless the hospital has a colour of its own."""

ADDRESS_LIMIT: Final = 60
"""Longest address, in characters, that a person types and a sticker holds."""

LOGO_LIMIT: Final = 8_000_000
"""Largest logo, in pixels."""

_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """One poster of one unit.

    ``url`` is what the QR carries; ``address`` is what people read and type, by default the
    host of ``url``. ``language`` stands first and large, the other one second. ``logo`` is a
    picture file of any kind Pillow reads. Raises ValueError with a sentence for bad facts.
    """

    hospital: str
    unit: str
    code: str
    url: str
    phone: str | None = None
    address: str = ""
    language: Language = "id"
    accent: str = ACCENT
    logo: bytes | None = None

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError(f"posters are printed in {' or '.join(LANGUAGES)}")
        if not _COLOUR.fullmatch(self.accent):
            raise ValueError("a colour is written #rrggbb")
        if not urlsplit(self.url).netloc:
            raise ValueError("a poster needs a whole web address")
        if len(self.shown_address) > ADDRESS_LIMIT:
            raise ValueError(f"an address to type has at most {ADDRESS_LIMIT} characters")
        if self.logo is not None:
            _check_logo(self.logo)

    @property
    def shown_address(self) -> str:
        """Give the web address in clear, without the scheme."""
        return self.address or urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def languages(self) -> tuple[Language, ...]:
        """Give both languages, the poster's own first."""
        return (self.language, *(other for other in LANGUAGES if other != self.language))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The sentences of a poster in one language."""

    question: str
    scan_or_type: str
    address: str
    code: str
    call: str
    no_name: str
    what_it_tells: str


def wording(language: Language) -> Wording:
    """Give the sentences of a poster in ``language``."""
    return Wording(
        question=translate(language, "Complaint, suggestion or question?"),
        scan_or_type=translate(language, "Scan or type:"),
        address=translate(language, "Web address"),
        code=translate(language, "Poster code"),
        call=translate(language, "Or call"),
        no_name=translate(language, "You need not give your name."),
        what_it_tells=translate(
            language, "The code tells us where this poster hangs, not who you are."
        ),
    )


def _check_logo(logo: bytes) -> None:
    try:
        with Image.open(BytesIO(logo)) as picture:
            if picture.width * picture.height > LOGO_LIMIT:
                raise ValueError(f"a logo has at most {LOGO_LIMIT:,} pixels")
            picture.load()
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("this logo is no picture we can read") from error
