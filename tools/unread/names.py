"""Which functions, classes, constants and methods nothing uses but, perhaps, tests.

What a module defines is used where it is imported, asked of its module (`lookup.count`, or by any
name where modules are handed around), named in a text (`"intake.commands.run:run"`, `getattr`) or
read in its own module, outside of itself and of what is unused. A method is used where its name
stands behind a dot, in code or in a template; whose it is is not told, so that part is generous.
What a decorator registers, and what a class takes over from a library's, is used by whatever calls
it.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes

from tools.unread.code import every, last, tree_of
from tools.unread.pages import parsed

_PLAIN = {
    "property", "cached_property", "staticmethod", "classmethod", "cache", "lru_cache", "setter",
    "dataclass", "contextmanager", "asynccontextmanager", "overload", "override", "wraps",
}  # fmt: skip
"""Decorators that call nothing by themselves."""
_OURS = {"Protocol", "NamedTuple", "Enum", "StrEnum", "IntEnum", "Exception", "ABC", "Generic"}
"""Bases from outside that call no methods of ours."""
_REFERENCE = re.compile(r"([\w.]+):(\w+)")
_SPECIAL = re.compile(r"__\w+__|_")


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement of a module: what it defines, and what of which module it uses."""

    module: str
    defines: frozenset[str]
    uses: frozenset[tuple[str, str]]


def unused(python: Mapping[str, str], templates: Mapping[str, str]) -> set[str]:
    """Name what is defined and nowhere used, as `core.tickets.desk.Desk.withdraw`.

    `python` are modules by their dotted names.
    """
    trees = {name: tree_of(source) for name, source in python.items()}
    return _unused_definitions(trees) | _unused_methods(trees, templates)


def _unused_definitions(trees: Mapping[str, ast.Module]) -> set[str]:
    asked = {text for tree in trees.values() for text in _asked_by_name(tree)}
    statements = [each for name, tree in trees.items() for each in _statements(name, tree)]
    dead: set[tuple[str, str]] = set()
    while True:
        used = {
            use
            for each in statements
            if not each.defines or not all((each.module, name) in dead for name in each.defines)
            for use in each.uses
            if use not in {(each.module, name) for name in each.defines}
        }
        found = {
            (each.module, name)
            for each in statements
            for name in each.defines
            if (each.module, name) not in used
            if name not in asked and not _SPECIAL.fullmatch(name)
        }
        if found == dead:
            return {f"{module}.{name}" for module, name in dead}
        dead = found


def _statements(module: str, tree: ast.Module) -> Iterator[_Statement]:
    modules = dict(_modules(tree))
    for node in tree.body:
        yield _Statement(module, frozenset(_defined(node)), frozenset(_uses(module, node, modules)))
    yield _Statement(module, frozenset(), frozenset(_asked_of_any(tree, modules)))


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        if {last(each) for each in node.decorator_list} <= _PLAIN:
            yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            yield from (each.id for each in every(target) if isinstance(each, ast.Name))


def _modules(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the names that may stand for a module, with what they are imported from."""
    for node in every(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (
                (each.asname or each.name, f"{node.module}.{each.name}") for each in node.names
            )
        elif isinstance(node, ast.Import):
            yield from ((each.asname, each.name) for each in node.names if each.asname)


def _uses(
    module: str, statement: ast.stmt, modules: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for node in every(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield module, node.id
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, each.name) for each in node.names)
        elif isinstance(node, ast.Attribute) and last(node.value) in modules:
            yield modules[last(node.value)], node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if found := _REFERENCE.fullmatch(node.value):
                yield found[1], found[2]
            yield module, node.value  # an annotation before its class, or `__all__`


def _asked_of_any(tree: ast.Module, modules: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what may be asked of modules that are handed around: `for each in (menu, draft)`."""
    bases = {id(node.value) for node in every(tree) if isinstance(node, ast.Attribute)}
    asked = {node.attr for node in every(tree) if isinstance(node, ast.Attribute)}
    for node in every(tree):
        if isinstance(node, ast.Name) and node.id in modules and id(node) not in bases:
            yield from ((modules[node.id], name) for name in asked)


def _asked_by_name(tree: ast.Module) -> Iterator[str]:
    """Yield names asked of modules that are found while the program runs."""
    calls = [node for node in every(tree) if isinstance(node, ast.Call)]
    for call in calls:
        if last(call.func) == "getattr":
            yield from map(last, call.args[1:2])
    if any(last(call.func) == "import_module" for call in calls):
        yield from (node.attr for node in every(tree) if isinstance(node, ast.Attribute))


def _unused_methods(trees: Mapping[str, ast.Module], templates: Mapping[str, str]) -> set[str]:
    used = {name for tree in trees.values() for name in _read(tree)}
    for source in templates.values():
        used |= {node.attr for node in parsed(source).find_all(nodes.Getattr)}
    return {
        f"{module}.{owner.name}.{name}"
        for module, tree in trees.items()
        for owner in every(tree)
        if isinstance(owner, ast.ClassDef) and {last(base) for base in owner.bases} <= _OURS
        for name in _members(owner)
        if name not in used and not _SPECIAL.fullmatch(name)
    }


def _members(owner: ast.ClassDef) -> Iterator[str]:
    for node in owner.body:
        if not isinstance(node, ast.AnnAssign):
            yield from _defined(node)


def _read(tree: ast.AST) -> Iterator[str]:
    for node in every(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node.attr
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
