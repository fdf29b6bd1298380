"""Draws an image anew, without anything but its pixels. Runs alone, in a process of its own.

`python -I redraw.py SOURCE TARGET PIXELS EDGE MEMORY SECONDS` writes TARGET and prints
`MIME WIDTH HEIGHT`, or the key of the reason why not. The process may use only so much memory
and processor time, so that a hostile image harms nothing but itself.
"""

import resource
import struct
import sys
import warnings
from pathlib import Path

from PIL import Image, ImageOps

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF")


def redraw(source: Path, target: Path, *, pixels: int, edge: int) -> str:
    """Write the first frame upright, as JPEG or, if one sees through it, as WebP.

    Its longer side becomes at most `edge` pixels, never more than it was. Raises
    Image.DecompressionBombError above `pixels`, OSError and others if it is unreadable.
    """
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = pixels
    _learn_heif(source)
    with Image.open(source, formats=_FORMATS) as image:
        image.draft("RGB", (edge * 5 // 8, edge * 5 // 8))  # a JPEG decodes straight to about it
        upright = _upright(image)
        upright.thumbnail((edge, edge))
        see_through = "A" in upright.getbands() or "transparency" in upright.info
        plain = upright.convert("RGBA" if see_through else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)  # a new image knows no EXIF, no comment, no profile
    mime, form = ("image/webp", "WEBP") if see_through else ("image/jpeg", "JPEG")
    bare.save(target, form, quality=84)
    return f"{mime} {bare.width} {bare.height}"


def _learn_heif(source: Path) -> None:
    with source.open("rb") as file:
        if file.read(8)[4:] == b"ftyp":
            import pi_heif  # only where it is needed: most pictures are none of an iPhone's

            pi_heif.register_heif_opener(thumbnails=False)


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except (ValueError, KeyError, TypeError, SyntaxError, struct.error):
        return image.copy()  # broken EXIF: better lying on its side than not seen


def main(arguments: list[str]) -> str:
    """Draw within the limits given on the command line; return the answer to print."""
    source, target = map(Path, arguments[:2])
    pixels, edge, memory, seconds = map(int, arguments[2:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        return redraw(source, target, pixels=pixels, edge=edge)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return "image_too_large"
    except Exception:  # noqa: BLE001 - decoders raise anything; this process exists to contain it
        return "image_unreadable"


if __name__ == "__main__":
    print(main(sys.argv[1:]))  # noqa: T201 - the answer
