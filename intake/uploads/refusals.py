"""Why a whole request is refused: a status and a sentence, never a stack trace."""

from typing import ClassVar


class Refused(Exception):  # noqa: N818 - the request is refused; nothing of ours failed
    """The body cannot be used. `status` and `sentence` (a message id) are the answer."""

    status: ClassVar[int] = 400
    sentence: ClassVar[str] = "What your browser sent could not be read. Please try again."


class Malformed(Refused):
    """The bytes are not what their header promises."""


class Aborted(Malformed):
    """The peer broke off; there is nobody left to read the answer."""


class Stalled(Refused):
    """The peer stopped sending."""

    status = 408
    sentence = "The connection stood still for too long. Please send it again."


class TooMuch(Refused):
    """Beyond what is read even to be polite."""

    status = 413
    sentence = "This is more than can be sent at once. Please send fewer or smaller files."


class Unsupported(Refused):
    """A content type we do not read here."""

    status = 415
    sentence = "This kind of data cannot be sent here."
