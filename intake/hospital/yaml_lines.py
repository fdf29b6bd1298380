"""Reads YAML so that every value knows the line it stands in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

import yaml

Place = tuple[str | int, ...]
"""Where a value stands: keys and positions from the top."""

Value = dict[str, "Value"] | list["Value"] | str | None


@dataclass(frozen=True, slots=True, order=True)
class FileProblem:
    """What is wrong in which line."""

    line: int
    sentence: str


class HospitalFileError(Exception):
    """The file cannot be used; nothing of it was. Each problem is one line of the message."""

    def __init__(self, name: str, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(
            "\n".join(f"{name}:{problem.line}: {problem.sentence}" for problem in self.problems)
        )


@dataclass(slots=True)
class YamlSource:
    """A file's values, all of them text, lists and mappings, and the line of each."""

    name: str
    value: Value = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """Return the line of a value, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def complain(self, place: Place, sentence: str) -> None:
        """Note what is wrong with a value."""
        self.problems.append(FileProblem(self.line(place), sentence))

    def raise_if_wrong(self) -> None:
        """Raise HospitalFileError if anything was noted."""
        if self.problems:
            raise HospitalFileError(self.name, self.problems)


def read(text: str, name: str) -> YamlSource:
    """Read YAML. Raises HospitalFileError where it is none, or uses what nobody needs here.

    Scalars stay the text they are written as: `no` is a language and 0119 a telephone number.
    """
    source = YamlSource(name)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise HospitalFileError(
                    name, [FileProblem(_line(event), "write it out, no *alias")]
                )
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise HospitalFileError(name, [FileProblem(line, f"no YAML: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise HospitalFileError(
            name, [FileProblem(1, "no YAML: a character is not allowed")]
        ) from error
    source.value = _value(node, (), source) if node is not None else None
    source.raise_if_wrong()
    return source


def _value(node: yaml.Node, place: Place, source: YamlSource) -> Value:
    source.lines.setdefault(place, _line(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, source)
    if isinstance(node, yaml.SequenceNode):
        children = enumerate(cast("list[yaml.Node]", node.value))
        return [_value(child, (*place, index), source) for index, child in children]
    return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)


def _line(found: yaml.Event | yaml.Node) -> int:
    return found.start_mark.line + 1 if found.start_mark else 1


def _mapping(node: yaml.MappingNode, place: Place, source: YamlSource) -> Value:
    found: dict[str, Value] = {}
    for key, child in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
        name = str(key.value)
        line = _line(key)
        if name in found:
            source.problems.append(FileProblem(line, f"{name} is written twice here"))
        source.lines[(*place, name)] = line
        found[name] = _value(child, (*place, name), source)
    return found
