"""Cleans one file. Runs alone, in a process of its own.

`python -I program.py WAY SOURCE TARGET MEMORY SECONDS` writes TARGET and prints `cleaned`, or
`unclean`. The process may use only so much memory and processor time, so that a hostile file harms
nothing but itself.
"""

import resource
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))  # `-I` knows nothing of ours

CLEANED = "cleaned"


def _in_place(clean: Callable[[BinaryIO, int], None], source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    with target.open("r+b") as file:
        clean(file, target.stat().st_size)


def _boxes(source: Path, target: Path) -> None:
    from intake.uploads.cleaning.boxes import clean_boxes

    _in_place(clean_boxes, source, target)


def _matroska(source: Path, target: Path) -> None:
    from intake.uploads.cleaning.matroska import clean_matroska

    _in_place(clean_matroska, source, target)


def _ogg(source: Path, target: Path) -> None:
    from intake.uploads.cleaning.sound import clean_ogg

    _in_place(clean_ogg, source, target)


def _riff(source: Path, target: Path) -> None:
    from intake.uploads.cleaning.sound import clean_wav

    _in_place(clean_wav, source, target)


def _frames(source: Path, target: Path) -> None:
    from intake.uploads.cleaning.sound import without_tags

    with source.open("rb") as file, target.open("wb") as out:
        without_tags(file, out, source.stat().st_size)


def _pdf(source: Path, target: Path) -> None:
    from intake.uploads.cleaning.pdf import clean_pdf

    clean_pdf(source, target)


def _office(source: Path, target: Path) -> None:
    from intake.uploads.cleaning.office import clean_office

    clean_office(source, target)


def _bare(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)


WAYS: dict[str, Callable[[Path, Path], None]] = {
    "pdf": _pdf,
    "office": _office,
    "boxes": _boxes,
    "matroska": _matroska,
    "ogg": _ogg,
    "riff": _riff,
    "frames": _frames,
    "bare": _bare,
}


def main(arguments: list[str]) -> str:
    """Clean within the limits given on the command line; return the answer to print."""
    way, source, target = WAYS[arguments[0]], Path(arguments[1]), Path(arguments[2])
    memory, seconds = map(int, arguments[3:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        way(source, target)
    except Exception:  # noqa: BLE001 - parsers raise anything; this process exists to contain it
        return "unclean"
    return CLEANED


if __name__ == "__main__":
    print(main(sys.argv[1:]))  # noqa: T201 - the answer
