"""Which names in code stand for rows of which table.

Told by what is written: a class by its import, `self` by its class, a parameter or field by its
annotation, a variable by what it is assigned (`session.get(Ticket, …)`, a query of `Ticket`, a
function that says it returns tickets), and else by its own name (`ticket`, `case.ticket`).
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tools.unread.code import every, last

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Table:
    """A mapped class and its table."""

    name: str
    """As SQL says it; outside `public` with its schema, as in `auth.sessions`."""
    mapped: str
    """The class that stands for a row."""
    columns: frozenset[str]
    keys: frozenset[str] = frozenset()
    """Columns of its key and its unique constraints."""
    relations: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Attributes that hold rows of other tables, and those rows' class."""

    @property
    def one(self) -> str:
        """What a variable with one row is called."""
        return _CAMEL.sub("_", self.mapped).lower()


Tables = frozenset[Table]
Scope = Mapping[str, Tables]
NONE: Tables = frozenset()


class Rows:
    """What is known about the names of all modules together."""

    def __init__(self, trees: Iterable[ast.Module], tables: Iterable[Table]) -> None:
        self.by_class = {table.mapped: table for table in tables}
        self.by_one = {table.one: table for table in self.by_class.values()}
        self.relations = {
            name: self.by_class[mapped]
            for table in self.by_class.values()
            for name, mapped in table.relations.items()
        }
        told: dict[str, set[Tables]] = {}
        for tree in trees:
            for name, annotation in _declared(tree, set(self.by_class)):
                told.setdefault(name, set()).add(self.annotated(annotation))
        self.declared = {name: NONE.union(*said) for name, said in told.items() if NONE not in said}
        """Functions and fields that hold rows wherever they are declared."""

    def of_module(self, tree: ast.Module) -> dict[str, Tables]:
        """Return the names that stand for a mapped class, or rows of it, in a module."""
        found = {
            local: frozenset({self.by_class[name]})
            for local, name in _imported(tree)
            if name in self.by_class
        }
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name in self.by_class:
                found[node.name] = frozenset({self.by_class[node.name]})
            elif isinstance(node, ast.Assign):
                rows = self.of(node.value, found)
                found |= {name: rows for target in node.targets for name in _names(target) if rows}
        return found

    def of_function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope
    ) -> dict[str, Tables]:
        """Return the scope inside a function: its parameters, then what is assigned in order."""
        inside = dict(scope)
        for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            if each.annotation:
                inside[each.arg] = self.annotated(each.annotation)
        for target, value in _assigned(node):
            rows = self.of(value, inside)
            for name in _names(target):
                inside[name] = inside.get(name, NONE) | rows if rows else inside.get(name, NONE)
        return inside

    def of_class(self, node: ast.ClassDef, scope: Scope) -> dict[str, Tables]:
        """Return the scope inside a class: `self`, and `self.ticket` where it has such a field."""
        fields = {
            f"self.{last(each.target)}": self.annotated(each.annotation)
            for each in node.body
            if isinstance(each, ast.AnnAssign)
        }
        return {**scope, **fields, "self": scope.get(node.name, NONE)}

    def annotated(self, annotation: ast.expr) -> Tables:
        """Return the tables an annotation names."""
        names = {last(each) for each in every(annotation) if isinstance(each, ast.expr)}
        return frozenset(table for name, table in self.by_class.items() if name in names)

    def of(self, node: ast.AST, scope: Scope) -> Tables:
        """Return the tables whose rows an expression may hold."""
        if isinstance(node, ast.Name):
            return scope[node.id] if node.id in scope else self._called(node.id)
        if isinstance(node, ast.Attribute):
            if (field := f"self.{node.attr}") in scope and last(node.value) == "self":
                return scope[field]
            named = self._called(node.attr)
            return named or (
                self.of(node.value, scope) if not self._is_column(node, scope) else NONE
            )
        found = NONE
        for child in ast.iter_child_nodes(node):
            found |= self.of(child, scope)
        return found

    def _called(self, name: str) -> Tables:
        if name in self.relations:
            return frozenset({self.relations[name]})
        if self.declared.get(name):
            return self.declared[name]
        return frozenset({self.by_one[name]}) if name in self.by_one else NONE

    def _is_column(self, node: ast.Attribute, scope: Scope) -> bool:
        return any(node.attr in table.columns for table in self.of(node.value, scope))


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield what a module imports: its name here, its name there."""
    for node in every(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((each.asname or each.name, each.name) for each in node.names)


def _declared(tree: ast.Module, mapped: set[str]) -> Iterator[tuple[str, ast.expr]]:
    """Yield functions with what they return, and fields with what they hold."""
    for node in every(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
            yield node.name, node.returns
        elif isinstance(node, ast.ClassDef) and node.name not in mapped:
            for each in node.body:
                if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
                    yield each.target.id, each.annotation


def _assigned(function: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield every target in a function with what it is assigned or looped over."""
    for node in every(function):
        if isinstance(node, ast.Assign):
            yield from ((target, node.value) for target in node.targets)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield node.target, node.iter
        elif isinstance(node, ast.NamedExpr):
            yield node.target, node.value
        elif isinstance(node, ast.withitem) and node.optional_vars:
            yield node.optional_vars, node.context_expr


def _names(target: ast.expr) -> Iterator[str]:
    for node in every(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
