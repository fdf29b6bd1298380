"""What a file is called: as on the person's device or, of an anonymous report, by kind and place.

Where an original is sealed, its own name and the key it was stored under are kept hidden. They are
still known when the same file comes again.
"""

from typing import Final, Protocol

from core.ground.hidden import hidden_forms, hide, reveal
from core.ground.seals import FILE_NAME
from core.ground.secret import Secret

WORDS: Final = {
    #            Bahasa Indonesia, English
    "image": ("foto", "photo"),
    "video": ("video", "video"),
    "audio": ("suara", "sound"),
    "document": ("dokumen", "document"),
    "file": ("berkas", "file"),
}
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
EXTENSIONS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
    f"{_OFFICE}.wordprocessingml.document": "docx",
    f"{_OFFICE}.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "audio/mp4": "m4a",
    "video/3gpp": "3gp",
    "video/quicktime": "mov",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/amr": "amr",
    "audio/aac": "aac",
    "audio/mpeg": "mp3",
    "text/plain": "txt",
    "text/csv": "csv",
    "message/rfc822": "eml",
}
"""How a neutral name ends, by what the file is."""


class Named(Protocol):
    """A row of a file, as far as its names go."""

    file_name: str
    file_path: str
    sealed_key: str | None
    remote_ref: str | None


def hidden(secret: Secret, text: str) -> str:
    """Return a name or key that only the secret reads; the same one for the same text."""
    return hide(secret, FILE_NAME, text)


def hidden_as(secret: Secret, text: str) -> tuple[str, ...]:
    """Return every form under which a name or key may stand hidden, one of each key."""
    return hidden_forms(secret, FILE_NAME, text)


def revealed(secret: Secret, text: str) -> str:
    """Return what was hidden; "-" for what was hidden under a secret that is gone."""
    try:
        return reveal(secret, FILE_NAME, text)
    except ValueError:
        return "-"


def marks_of(secret: Secret, file: Named) -> frozenset[str]:
    """Return what a file is known by when it comes again (`StoredFile.names`)."""
    path = file.file_path if file.sealed_key is None else revealed(secret, file.sealed_key)
    marks = (path, file.remote_ref, f"lost:{revealed(secret, file.file_name)}")
    return frozenset(mark for mark in marks if mark)


def neutral_name(mime_type: str, position: int, language: str) -> str:
    """Name a file by its kind and its place among those of its message: `foto-1.jpg`."""
    family = mime_type.partition("/")[0]
    is_document = mime_type in EXTENSIONS and family in ("application", "text", "message")
    indonesian, english = WORDS.get(family) or WORDS["document" if is_document else "file"]
    word = indonesian if language == "id" else english
    ending = EXTENSIONS.get(mime_type, "")
    return f"{word}-{position + 1}{'.' if ending else ''}{ending}"
