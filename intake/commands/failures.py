"""What an operator reads when a command could not do it: a sentence, and an exit code."""

import errno
from collections.abc import Callable

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError

from core.ground.database import REFUSALS, DatabaseAwayError
from core.ground.errors import NotFoundError
from core.ground.key_file import KeyFileError
from core.ground.secret import WeakKeyError
from core.ground.storage import StorageUnavailable
from core.tickets.lifecycle import IllegalMoveError
from intake.commands.demanded_settings import WrongSettingsError, faults_of
from intake.embedded import EmbeddedError
from intake.listening_fault import CannotListenError
from migrations.roles import RoleIsMissingError
from migrations.upgrade import DatabaseIsFormerError, DatabaseIsNewerError, NotTheOwnerError

TRY_LATER = 75
"""EX_TEMPFAIL of sysexits.h: the same command may succeed later."""

MISCONFIGURED = 78
"""EX_CONFIG: a setting is wrong, and trying again will not help."""

_WRONG = "A setting is wrong.\n"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""What the system says of a disk without room, or of a share of one that is used up."""
_FOLDER = " KISS_DATA names the data folder; whoever runs this must be able to write there."
_HINTS = {
    errno.EACCES: _FOLDER,
    errno.EPERM: _FOLDER,
    errno.EROFS: _FOLDER,
    errno.ENOTDIR: _FOLDER,
    errno.EEXIST: _FOLDER,
    errno.ENOSPC: " Make room, and try again.",
    errno.EDQUOT: " Make room, and try again.",
}
_COMPARE = "`kiss doctor` compares its tables with this release."


class Failed(click.ClickException):
    """The command ends with a sentence on standard error and this exit code."""

    def __init__(self, sentence: str, exit_code: int = 1) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code  # type: ignore[misc]  # click reads it from the instance


def explain(error: Exception) -> Failed | None:
    """Return the sentence for an error that an operator can do something about."""
    if isinstance(error, BrokenPipeError):
        return None  # whoever read our answer has enough of it: click ends quietly
    for kind, exit_code, sentence in _EXPLAINED:
        if isinstance(error, kind):
            refused = isinstance(error, DatabaseAwayError) and error.is_refused
            full = isinstance(error, OSError) and error.errno in FULL
            return Failed(
                sentence(error), MISCONFIGURED if refused else TRY_LATER if full else exit_code
            )
    return None


def _settings(error: Exception) -> str:
    assert isinstance(error, ValidationError | SettingsError)  # noqa: S101 - the table below says so
    return _WRONG + "\n".join(faults_of(error))


def _machine(error: Exception) -> str:
    """Name the file and what the system said of it."""
    assert isinstance(error, OSError)  # noqa: S101 - the table below says so
    said = error.strerror or type(error).__name__
    if error.filename is None:
        return f"This machine refused: {said}."
    return f"{error.filename}: {said}.{_HINTS.get(error.errno or 0, '')}"


def _away(error: Exception) -> str:
    """Say where to look, and tell a wrong setting from a server that is not there."""
    if isinstance(error, DatabaseAwayError) and error.is_refused:
        return (
            "The database does not let us in, or not at its tables: role, password and database "
            "stand in DATABASE_URL, those of the tables' owner in DATABASE_OWNER_URL."
        )
    if isinstance(error, DatabaseAwayError) and error.is_full:
        return "The database's disk is full. Nothing was changed; make room, and try again."
    if isinstance(error, DatabaseAwayError) and error.is_held:
        return (
            "The database did not get to it in time: another transaction holds what it needs, or "
            "it is slow. Nothing was changed; try again in a minute. `pg_stat_activity` shows who "
            "holds it."
        )
    return "The database cannot be reached right now. `kiss doctor` says more."


def _kind(error: Exception) -> str:
    return type(getattr(error, "orig", None) or error).__name__


_EXPLAINED: tuple[tuple[type[Exception], int, Callable[[Exception], str]], ...] = (
    (ValidationError, MISCONFIGURED, _settings),
    (SettingsError, MISCONFIGURED, _settings),
    (WrongSettingsError, MISCONFIGURED, lambda error: f"{_WRONG}{error}"),
    (WeakKeyError, MISCONFIGURED, str),
    (KeyFileError, MISCONFIGURED, str),
    (CannotListenError, 1, str),
    (EmbeddedError, TRY_LATER, str),
    (DatabaseIsNewerError, MISCONFIGURED, str),
    (DatabaseIsFormerError, MISCONFIGURED, str),
    (RoleIsMissingError, MISCONFIGURED, str),
    (NotTheOwnerError, MISCONFIGURED, str),
    (
        DatabaseAwayError,
        TRY_LATER,
        _away,
    ),
    (StorageUnavailable, TRY_LATER, str),
    (NotFoundError, 1, lambda _: "There is nothing of that name."),
    (IllegalMoveError, 1, lambda error: f"{str(error).capitalize()}."),
    (OSError, 1, _machine),
    *(
        (kind, 1, lambda error: f"The database refused what was asked ({_kind(error)}). {_COMPARE}")
        for kind in REFUSALS
    ),
)
