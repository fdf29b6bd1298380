"""One accent colour in, readable colours for both themes out. Pure; WCAG 2.2 §1.4.3."""

import re
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from typing import Final, Self

_HEX: Final = re.compile(r"#?([0-9a-fA-F]{6})")
_AA_WITH_MARGIN: Final = 6.0
_PAPER: Final = (0xFA, 0xF8, 0xF5)
_NIGHT: Final = (0x1B, 0x24, 0x27)
_STEP: Final = 0.02
_CALM: Final = 0.55  # of the colour's strength remains at night, where full strength glares

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Accent:
    """The accent as it is used on paper (light theme) and at night (dark theme)."""

    paper: Colour
    night: Colour

    @classmethod
    def readable(cls, wanted: str) -> Self:
        """Move the wanted ``#rrggbb`` as little as needed to read on either ground.

        Raises ``ValueError`` for anything that is not six hexadecimal digits.
        """
        match = _HEX.fullmatch(wanted.strip())
        if not match:
            raise ValueError("the accent is written as #rrggbb")
        red, green, blue = bytes.fromhex(match[1])
        colour = (red, green, blue)
        return cls(
            paper=_until_readable(colour, _PAPER, -_STEP),
            night=_until_readable(_muted(colour), _NIGHT, _STEP),
        )

    def style_sheet(self) -> str:
        """Write the two accents as custom properties for ``kiss.css``."""
        return (
            f":root{{--accent:{_hex(self.paper)}}}"
            f"@media (prefers-color-scheme:dark){{:root{{--accent:{_hex(self.night)}}}}}\n"
        )


def contrast(one: Colour, other: Colour) -> float:
    """Give the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _until_readable(colour: Colour, ground: Colour, step: float) -> Colour:
    """Darken (negative step) or lighten the colour, its hue and strength kept, until it reads."""
    hue, light, strength = rgb_to_hls(*(part / 255 for part in colour))
    moved = colour
    while contrast(moved, ground) < _AA_WITH_MARGIN:
        light = min(max(light + step, 0.0), 1.0)
        red, green, blue = (round(part * 255) for part in hls_to_rgb(hue, light, strength))
        moved = (red, green, blue)
    return moved


def _muted(colour: Colour) -> Colour:
    hue, light, strength = rgb_to_hls(*(part / 255 for part in colour))
    red, green, blue = (round(part * 255) for part in hls_to_rgb(hue, light, strength * _CALM))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _hex(colour: Colour) -> str:
    return "#" + bytes(colour).hex()
