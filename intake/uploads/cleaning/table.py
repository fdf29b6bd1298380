"""What is taken out of which kind of file, as a table. Pure.

Read a row as: a file of this kind is cleaned this way, which takes this out of it; this stays, and
nobody can take it out. A kind without a row, and a file whose cleaning fails, is handed to nobody
but a supervisor.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """One row."""

    way: str
    """How: a function in `program.py`; `redrawn` is what `redraw.py` drew when the file came."""
    kinds: tuple[str, ...]
    """Names in `intake/uploads/kinds.py`."""
    takes_out: str
    stays: str


REDRAWN: Final = "redrawn"

# fmt: off - a table
CLEANINGS: Final = (
    Cleaning(
        way=REDRAWN,
        kinds=("jpeg", "png", "gif", "webp", "heic"),
        takes_out="place, time, device, author, comments, previews, text chunks: all but the pixels"
        " of the first picture, at most 2048 on the longer side",
        stays="what can be seen in the picture",
    ),
    Cleaning(
        way="pdf",
        kinds=("pdf",),
        takes_out="document information, XMP, previews, authors of remarks, signatures, earlier"
        " versions, and the same of the pictures in it",
        stays="what is written and drawn on the pages, and in its forms",
    ),
    Cleaning(
        way="office",
        kinds=("docx", "xlsx", "odt"),
        takes_out="author, company, template, times, authors of remarks and changes, names of"
        " pictures and printers, previews, hidden XML, and the same of the pictures in it",
        stays="what is written in the document, its remarks and changes",
    ),
    Cleaning(
        way="boxes",
        kinds=("mp4", "mov", "3gp", "m4a"),
        takes_out="place, time, device, author, cover, names of handlers and encoders, and every"
        " track that is neither picture nor sound, such as one of places",
        stays="what can be seen and heard",
    ),
    Cleaning(
        way="matroska",
        kinds=("webm",),
        takes_out="tags, title, time, program, chapters, attached files",
        stays="what can be seen and heard",
    ),
    Cleaning(
        way="ogg",
        kinds=("opus", "ogg"),
        takes_out="comments, program",
        stays="what can be heard, the voice too",
    ),
    Cleaning(
        way="riff",
        kinds=("wav",),
        takes_out="every part but format and sound",
        stays="what can be heard, the voice too",
    ),
    Cleaning(
        way="frames",
        kinds=("mp3", "aac"),
        takes_out="ID3, APE and Lyrics3 tags, the cover too",
        stays="what can be heard, the voice too",
    ),
    Cleaning(
        way="bare",
        kinds=("amr", "txt", "csv"),
        takes_out="nothing but its name: such a file has no place for more",
        stays="all that is in it",
    ),
)
# fmt: on

WAYS: Final = {kind: row.way for row in CLEANINGS for kind in row.kinds}
"""How each kind is cleaned."""

NEVER: Final = {
    "doc": "old Office documents keep names in places that only Office knows",
    "xls": "old Office documents keep names in places that only Office knows",
}
"""Kinds that are taken and cannot be cleaned, and why."""
