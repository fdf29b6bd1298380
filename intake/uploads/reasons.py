"""Why a file or field was not taken as it came, as sentences for the person and the staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from babel.numbers import format_decimal

from intake.language import marked as _
from intake.language import translate


class Reason(StrEnum):
    """The stored key of a sentence."""

    # problems: the rest of the request stands, this part is not kept
    FILE_TOO_LARGE = "file_too_large"
    REQUEST_TOO_LARGE = "request_too_large"
    TOO_MANY_FILES = "too_many_files"
    TEXT_TOO_LONG = "text_too_long"
    STORAGE_FAULT = "storage_fault"
    NO_ROOM_IN_SHARE = "no_room_in_share"
    KEPT_NO_LONGER = "kept_no_longer"
    NOT_FETCHED = "not_fetched"

    # quarantine: the file is kept, but locked away from a browser
    EMPTY = "empty"
    UNKNOWN_TYPE = "unknown_type"
    FORBIDDEN_TYPE = "forbidden_type"
    NAME_DISAGREES = "name_disagrees"
    DECLARATION_DISAGREES = "declaration_disagrees"
    DISGUISED = "disguised"
    MACROS = "macros"
    ENCRYPTED = "encrypted"
    EXTERNAL_CONTENT = "external_content"
    BROKEN_PACKAGE = "broken_package"
    PACKAGE_TOO_LARGE = "package_too_large"

    # no display copy: the original can still be downloaded
    IMAGE_UNREADABLE = "image_unreadable"
    IMAGE_TOO_LARGE = "image_too_large"
    IMAGE_TOO_SLOW = "image_too_slow"

    # of an anonymous person's file: what others do not get, or not yet
    BEING_CLEANED = "being_cleaned"
    NOT_CLEANABLE = "not_cleanable"
    NOT_CLEANED = "not_cleaned"

    @property
    def sentence(self) -> str:
        """The English sentence, which is the message id of its translation."""
        return SENTENCES[self]


SENTENCES: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.FILE_TOO_LARGE: "%(name)s is %(size)s; the limit is %(limit)s.",
        Reason.REQUEST_TOO_LARGE: "%(name)s was left out: all files together may be %(limit)s.",
        Reason.TOO_MANY_FILES: "%(name)s was left out: at most %(limit)s files at once.",
        Reason.TEXT_TOO_LONG: "This text is longer than %(limit)s and was cut at its end.",
        Reason.STORAGE_FAULT: "%(name)s could not be stored just now. Please send it again.",
        Reason.NO_ROOM_IN_SHARE: (
            "%(name)s was left out: too many files come from your network. Send it again later."
        ),
        Reason.KEPT_NO_LONGER: (
            "A file of this form was kept for two hours only. Please choose it again."
        ),
        Reason.NOT_FETCHED: "The channel it was sent by did not hand the file over.",
        Reason.EMPTY: "The file is empty.",
        Reason.UNKNOWN_TYPE: "The content is of no type that we can show.",
        Reason.FORBIDDEN_TYPE: "Files of this type may do harm when they are opened.",
        Reason.NAME_DISAGREES: "The file's name ends like one type, its content is another.",
        Reason.DECLARATION_DISAGREES: "The file was sent as one type, its content is another.",
        Reason.DISGUISED: "The file hides a web page, a program or an archive.",
        Reason.MACROS: "The document holds macros or other programs.",
        Reason.ENCRYPTED: "The document is locked with a password.",
        Reason.EXTERNAL_CONTENT: "The document would load something from elsewhere when opened.",
        Reason.BROKEN_PACKAGE: "The document is damaged or not built as its type demands.",
        Reason.PACKAGE_TOO_LARGE: "The document would unpack to an unreasonable size.",
        Reason.IMAGE_UNREADABLE: "The picture could not be read.",
        Reason.IMAGE_TOO_LARGE: "The picture has too many pixels to be shown.",
        Reason.IMAGE_TOO_SLOW: "The picture took too long to prepare.",
        Reason.BEING_CLEANED: "It is being freed of what points to the person. Look again soon.",
        Reason.NOT_CLEANABLE: "Locked: what points to the person"
        " cannot be taken out of this kind of file."
        " Public relations and quality can open the original.",
        Reason.NOT_CLEANED: "Locked: what points to the person"
        " could not be taken out of this file."
        " Public relations and quality can open the original.",
    }
)


_OF_ANOTHER_DAY: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.FILE_TOO_LARGE: _("The file is larger than we take."),
        Reason.NO_ROOM_IN_SHARE: _(
            "Too many files came from the same network. The person can send it again."
        ),
        Reason.STORAGE_FAULT: _(
            "There was no room to keep it when it came. The person can send it again."
        ),
    }
)
"""What is said of a file on a ticket, where the limit of its day is not known any more."""


def why_locked(stored: str | None, language: str) -> str:
    """Say to staff why a file of a ticket cannot be opened; empty where nothing is known of it."""
    try:
        reason = Reason(stored or "")
    except ValueError:
        return ""
    return translate(language, _OF_ANOTHER_DAY.get(reason, reason.sentence))


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A part of a request that was not taken, to be said beside its field."""

    field: str
    reason: Reason
    name: str = ""  # of the file, fit for display
    size: int = 0  # bytes that came
    limit: int = 0  # bytes, or files where the reason counts files

    @property
    def temporary(self) -> bool:
        """Whether sending the same again may help; the report is taken without it meanwhile."""
        return self.reason in {Reason.STORAGE_FAULT, Reason.NO_ROOM_IN_SHARE}

    def say(self, language: str) -> str:
        """Say it in the person's language, sizes as `100,1 MB`."""
        counted = self.reason is Reason.TOO_MANY_FILES
        limit = str(self.limit) if counted else bytes_in_words(self.limit, language)
        size = bytes_in_words(self.size, language)
        return translate(language, self.reason.sentence, name=self.name, size=size, limit=limit)


def bytes_in_words(size: int, language: str) -> str:
    """Write a size in kB or MB (of 1024), rounded up, so that over a limit looks like it."""
    unit, factor = ("MB", 1 << 20) if size >= 1 << 20 else ("kB", 1 << 10)
    tenths = -(-size * 10 // factor)
    return f"{format_decimal(tenths / 10, locale=language)} {unit}"
