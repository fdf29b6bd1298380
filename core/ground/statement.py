"""SQL that lies in a file beside the code, with named parameters, for asyncpg."""

import re
from dataclasses import dataclass
from importlib.resources import files

_NAMED = re.compile(r"(?<!:):([a-z_]+)")
_COMMENT = re.compile(r"^\s*--.*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with `$1 …` and the names its parameters are given by, in order."""

    sql: str
    names: tuple[str, ...]

    def arguments(self, **values: object) -> list[object]:
        """Put named values in the statement's order; KeyError names a missing one."""
        return [values[name] for name in self.names]


def load(name: str) -> Statement:
    """Read `core/NAME.sql`."""
    text = _COMMENT.sub("", files("core").joinpath(f"{name}.sql").read_text(encoding="utf-8"))
    names = tuple(dict.fromkeys(_NAMED.findall(text)))
    numbers = {name: f"${number}" for number, name in enumerate(names, start=1)}
    return Statement(_NAMED.sub(lambda found: numbers[found[1]], text), names)
