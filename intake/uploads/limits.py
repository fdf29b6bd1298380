"""Every limit on what a request, a mail or a chat may bring, in one table."""

from dataclasses import dataclass, replace
from typing import Self

from core.ground.settings import Settings

KIBIBYTE = 1 << 10
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bytes, counts and seconds. The defaults suit a phone on a slow network and a small disk."""

    # what a person may send: an operator's to say, so that no door may have an opinion of its own
    file_bytes: int  # KISS_FILE_LIMIT
    files: int  # KISS_FILES_LIMIT, of one request; further ones are reported, not stored
    request_bytes: int  # KISS_REQUEST_LIMIT, of all files of one request together
    mail_files: int = 30  # of one mail, which nobody can be asked to send again
    text_bytes: int = MEBIBYTE  # of one text field; more than anybody types is cut and reported
    name_characters: int = 500  # of a file's name as sent

    # what only a machine sends
    read_bytes: int = 600 * MEBIBYTE  # read at most, to say "too large" instead of hanging up
    parts: int = 100  # fields and files together
    part_header_bytes: int = 8 * KIBIBYTE
    body_bytes: int = 512 * KIBIBYTE  # of a urlencoded or JSON body
    json_depth: int = 32

    # a slow line survives, a stalled one is cut: so many bytes in so many seconds of waiting
    pace_seconds: float = 15.0  # aiohttp lingers 10 more; together under 30
    pace_bytes: int = KIBIBYTE

    # the copy of an image that browsers are shown
    pixels: int = 40_000_000
    display_edge: int = 2048  # pixels of the longer side
    display_seconds: float = 20.0
    display_memory: int = 1024 * MEBIBYTE  # address space of the process that draws it
    display_processes: int = 2

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the limits that this installation is set to."""
        return cls(
            file_bytes=settings.file_limit,
            files=settings.files_limit,
            request_bytes=settings.request_limit,
        )

    def without_files(self) -> Self:
        """Return the limits of a form that has no place for files."""
        return replace(self, files=0)


DEFAULT_LIMITS = Limits.of(Settings.model_construct())
"""The limits of an installation where nothing is set."""

CALL_LIMITS = replace(DEFAULT_LIMITS, body_bytes=4 * KIBIBYTE)
"""What a telephone exchange sends: a line of JSON."""
