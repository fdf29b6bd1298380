"""Which topics of the bell are rung and never waited for, or waited for and never rung.

A topic is a text, a text with a part that varies (`chat-*`), or something that is known only when
the program runs, such as a ticket's id (`*`).
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tools.unread.code import calls, every, last, tree_of

ANY = "*"


@dataclass(frozen=True, slots=True)
class Topics:
    """Topics on both sides of the bell."""

    unheard: frozenset[str]
    """Rung, and nobody waits for it."""
    unrung: frozenset[str]
    """Waited for, and nobody rings it."""


def topics(python: Mapping[str, str]) -> Topics:
    """Compare what is rung with what is waited for."""
    trees = [tree_of(text) for text in python.values()]
    constants = {name: value for tree in trees for name, value in _constants(tree)}
    listening = {"waiting": 0} | {name: at for tree in trees for name, at in _listening(tree)}
    names = _Names(trees, constants)
    rung = {topic for tree in trees for topic in _rung(tree, names)}
    heard = {topic for tree in trees for topic in _heard(tree, names, listening)}
    return Topics(
        unheard=frozenset(topic for topic in rung if not _meets(topic, heard)),
        unrung=frozenset(topic for topic in heard if not _meets(topic, rung)),
    )


class _Names:
    """What names stand for: module constants, and sets that topics are gathered in."""

    def __init__(self, trees: Iterable[ast.Module], constants: Mapping[str, set[str]]) -> None:
        self.constants = constants
        self.gathered: dict[str, set[str]] = {}
        for tree in trees:
            for name, value in _gathered(tree):
                self.gathered.setdefault(name, set()).update(self.of(value))

    def of(self, node: ast.expr) -> set[str]:
        """Return the topics an argument may be."""
        if isinstance(node, ast.Starred):
            names = {last(each) for each in every(node) if isinstance(each, ast.expr)}
            return {topic for name in names - {""} for topic in self.gathered.get(name, ())}
        if isinstance(node, ast.Set | ast.Tuple | ast.List):
            return {topic for each in node.elts for topic in self.of(each)}
        if isinstance(node, ast.Constant):
            return {str(node.value)}
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else ANY for part in node.values)
            return {"".join(map(str, parts))}
        return self.constants.get(last(node), {ANY}) if not isinstance(node, ast.Call) else {ANY}


def _constants(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """Yield a module's own texts under their names, and under `module.NAME` alike."""
    found: dict[str, set[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if last(target).isupper() and isinstance(node.value.value, str):
                    found.setdefault(last(target), set()).add(node.value.value)
    yield from found.items()


def _listening(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield functions that take a topic to wait for, with the place of the argument."""
    for node in every(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = _parameters(node)
            if "topic" in names:
                yield node.name, names.index("topic")


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[str]:
    if isinstance(node, ast.ClassDef):
        return [last(each.target) for each in node.body if isinstance(each, ast.AnnAssign)]
    return [each.arg for each in node.args.args if each.arg not in {"self", "cls"}]


def _rung(tree: ast.Module, names: _Names) -> Iterator[str]:
    for call in calls(tree):
        match call.func:
            case ast.Attribute(attr="ring", value=bell) if last(bell) == "bell":
                for value in call.args:
                    yield from names.of(value)


def _heard(tree: ast.Module, names: _Names, listening: Mapping[str, int]) -> Iterator[str]:
    for call in calls(tree):
        if last(call.func) in listening:
            at = listening[last(call.func)]
            given = [each.value for each in call.keywords if each.arg == "topic"]
            for value in given or call.args[at : at + 1]:
                if last(value) != "topic":  # handed on: whoever hands it in is asked
                    yield from names.of(value)


def _gathered(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield what sets are made of and what is added to them."""
    for node in every(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            yield last(node.targets[0]), node.value
        elif isinstance(node, ast.AugAssign):
            yield last(node.target), node.value
    for call in calls(tree):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "add" and call.args:
            yield last(call.func.value), call.args[0]


def _meets(topic: str, others: Iterable[str]) -> bool:
    """Say whether a topic is among others; what varies in one may be written out in another."""
    if topic == ANY:
        return ANY in others
    return any(
        other != ANY and (fnmatchcase(topic, other) or fnmatchcase(other, topic))
        for other in others
    )
