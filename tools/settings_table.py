"""Writes the table of every setting into docs/operations.md: `python -m tools.settings_table`.

A fact lives once: name, default and meaning are read from the settings' own classes.
"""

import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from core.ground.settings import Settings
from intake import channels

PAGE = Path(__file__).resolve().parent.parent / "docs" / "operations.md"
BEGIN, END = "<!-- settings: made by tools/settings_table.py -->", "<!-- /settings -->"


def classes() -> Iterator[tuple[str, type[BaseSettings]]]:
    """Yield every class of settings with the name of its channel, the house's own first."""
    yield "", Settings
    for name in sorted(module.name for module in pkgutil.iter_modules(channels.__path__)):
        if not name.startswith("_"):
            yield from ((name, found) for found in _classes(name))


def tables() -> str:
    """Write one table for the house and one for each channel that has settings."""
    parts: dict[str, list[type[BaseSettings]]] = {}
    for name, found in classes():
        parts.setdefault(f"Channel {name}" if name else "The house", []).append(found)
    return "\n\n".join(f"### {title}\n\n{_table(found)}" for title, found in parts.items())


def written(page: str) -> str:
    """Return the page with the tables as they are now."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    return pattern.sub(lambda _: f"{BEGIN}\n\n{tables()}\n\n{END}", page)


def _classes(channel: str) -> Iterator[type[BaseSettings]]:
    package = import_module(f"{channels.__name__}.{channel}")
    for module in pkgutil.iter_modules(package.__path__):
        if module.ispkg:
            continue
        loaded = import_module(f"{package.__name__}.{module.name}")
        for _, found in inspect.getmembers(loaded, inspect.isclass):
            if issubclass(found, BaseSettings) and found.__module__ == loaded.__name__:
                yield found


def _table(classes: list[type[BaseSettings]]) -> str:
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for settings in classes:
        prefix = settings.model_config.get("env_prefix", "")
        for name, field in settings.model_fields.items():
            variable = str(field.validation_alias or f"{prefix}{name}".upper())
            rows.append(f"| `{variable}` | {_default(field)} | {_words(field)} |")
    return "\n".join(rows)


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is None or value == ():
        return ""
    if isinstance(value, tuple):
        return f"`{', '.join(map(str, value))}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _words(field: FieldInfo) -> str:
    return (field.description or "").replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0)
