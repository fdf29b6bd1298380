"""What an operator reads when a command could not do it: a sentence, and an exit code."""

import re
from collections.abc import Callable

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError

from core.ground.database import DatabaseAwayError
from core.ground.errors import NotFoundError
from core.ground.storage import StorageUnavailable
from core.tickets.lifecycle import IllegalMoveError
from intake.embedded import EmbeddedError
from migrations.roles import RoleIsMissingError
from migrations.upgrade import DatabaseIsFormerError, DatabaseIsNewerError, NotTheOwnerError

TRY_LATER = 75
"""EX_TEMPFAIL of sysexits.h: the same command may succeed later."""

MISCONFIGURED = 78
"""EX_CONFIG: a setting is wrong, and trying again will not help."""

_QUOTED = re.compile(r'field "(\w+)"')


class Failed(click.ClickException):
    """The command ends with a sentence on standard error and this exit code."""

    def __init__(self, sentence: str, exit_code: int = 1) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code  # type: ignore[misc]  # click reads it from the instance


def explain(error: Exception) -> Failed | None:
    """Return the sentence for an error that an operator can do something about."""
    for kind, exit_code, sentence in _EXPLAINED:
        if isinstance(error, kind):
            refused = isinstance(error, DatabaseAwayError) and error.is_refused
            return Failed(sentence(error), MISCONFIGURED if refused else exit_code)
    return None


def _settings(error: Exception) -> str:
    assert isinstance(error, ValidationError)  # noqa: S101 - the table below says so
    lines = [_setting(fault["loc"], fault["msg"]) for fault in error.errors()]
    return "A setting is wrong.\n" + "\n".join(lines)


def _unreadable(error: Exception) -> str:
    name = _QUOTED.search(str(error))
    shown = f"KISS_{name[1].upper()}" if name else "A setting"
    return f"A setting is wrong.\n  {shown}: a list is written in JSON, such as '[\"10.0.0.1\"]'"


def _setting(place: tuple[int | str, ...], message: str) -> str:
    name = str(place[0]) if place else ""
    shown = name if name.isupper() else f"KISS_{name.upper()}"
    sentence = message.removeprefix("Value error, ")
    return f"  {shown}: {sentence}" if name else f"  {sentence}"


def _away(error: Exception) -> str:
    """Say where to look, and tell a wrong setting from a server that is not there."""
    if isinstance(error, DatabaseAwayError) and error.is_refused:
        return (
            "The database does not let us in, or not at its tables: role, password and database "
            "stand in DATABASE_URL, those of the tables' owner in DATABASE_OWNER_URL."
        )
    return "The database cannot be reached right now. `kiss doctor` says more."


_EXPLAINED: tuple[tuple[type[Exception], int, Callable[[Exception], str]], ...] = (
    (ValidationError, MISCONFIGURED, _settings),
    (SettingsError, MISCONFIGURED, _unreadable),
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
)
