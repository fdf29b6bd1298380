"""Reads every setting before anything begins: the house's own and those of each channel."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsError

from core.ground.settings import Settings
from intake.channel_folders import all_facts, loaded

_QUOTED = re.compile(r'field "(\w+)"')


class WrongSettingsError(Exception):
    """Settings are wrong; the sentence names each of them."""


def demanded(**given: Any) -> Settings:  # noqa: ANN401 - what the command line has of them
    """Return the settings if all are right, the channels' too. Raises WrongSettingsError."""
    wrong = list(_faults(given))
    if wrong:
        raise WrongSettingsError("\n".join(dict.fromkeys(wrong)))
    return Settings(**given)


def faults_of(error: ValidationError | SettingsError, prefix: str = "KISS_") -> Iterator[str]:
    """Give one sentence for each setting that an error names."""
    if isinstance(error, SettingsError):
        quoted = _QUOTED.search(str(error))
        shown = f"{prefix}{quoted[1].upper()}" if quoted else "A setting"
        yield f"  {shown}: a list is written in JSON, such as '[\"10.0.0.1\"]'"
        return
    for fault in error.errors():
        place, sentence = fault["loc"], fault["msg"].removeprefix("Value error, ")
        if not place:
            yield f"  {sentence}"
            continue
        name = str(place[0])
        yield f"  {name if name.isupper() else prefix + name.upper()}: {sentence}"


def _faults(given: dict[str, Any]) -> Iterator[str]:
    for kind, values in _classes(given):
        try:
            kind(**values)
        except (ValidationError, SettingsError) as error:
            yield from faults_of(error, str(kind.model_config.get("env_prefix", "KISS_")))


def _classes(given: dict[str, Any]) -> Iterator[tuple[type[BaseSettings], dict[str, Any]]]:
    yield Settings, given
    for facts in all_facts().values():
        for target in facts.settings:
            kind = loaded(target)
            assert isinstance(kind, type)  # noqa: S101 - a wrong line in a channel's own folder
            assert issubclass(kind, BaseSettings)  # noqa: S101 - as above
            yield kind, {}
