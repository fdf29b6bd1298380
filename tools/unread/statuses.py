"""Which states of rows are written and never asked for, or asked for and never written.

A state is asked for where SQL or code compares with it, where a table has a row for it (what it
is called, what it leads to) and where a list that is asked for holds it. The list of all there
are, and what a mapped class says about its columns, ask for none.
"""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tools.unread import sql
from tools.unread.code import every, last, strings, tree_of

_QUOTED = re.compile(r"'(\w+)'")
_SET = re.compile(
    r"\bstatus\s*=\s*('\w+'|CASE\b.*?\bEND\b)(?=\s*(?:,|$|WHERE|FROM|RETURNING))", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The states of a table's rows."""

    table: str
    states: frozenset[str]
    classes: frozenset[str]
    """The mapped class, and the enumeration of its states where there is one."""


@dataclass(frozen=True, slots=True)
class States:
    """States that only one side knows, as `inbound.dropped`."""

    unasked: frozenset[str]
    unwritten: frozenset[str]


def states(
    python: Mapping[str, str], texts: Iterable[str], vocabularies: Iterable[Vocabulary]
) -> States:
    """Compare what is written with what is asked for; `texts` are SQL that lies in files."""
    written_out = (text for source in python.values() for text in strings(tree_of(source)))
    statements = [*texts, *filter(sql.is_sql, written_out)]
    unasked, unwritten = set[str](), set[str]()
    for each in vocabularies:
        asked, written = set[str](), set[str]()
        for source in python.values():
            if not any(state in source.lower() for state in each.states):
                continue
            tree = tree_of(source)
            found = _Words(each.states)
            found.visit(tree)
            written |= found.written
            if _has_to_do_with(tree, each):
                asked |= found.asked
        for text in statements:
            if re.search(rf"(?:FROM|JOIN|INTO|UPDATE) {re.escape(each.table)}\b", text):
                asked |= each.states & set(_QUOTED.findall(_SET.sub("", text)))
                written |= each.states & set(_QUOTED.findall(" ".join(_SET.findall(text))))
        unasked |= {f"{each.table}.{state}" for state in each.states - asked}
        unwritten |= {f"{each.table}.{state}" for state in each.states - written}
    return States(frozenset(unasked), frozenset(unwritten))


class _Words(ast.NodeVisitor):
    """Finds the states in a module and tells which are asked for and which are written."""

    def __init__(self, states: frozenset[str]) -> None:
        self.states = states
        self.asked: set[str] = set()
        self.written: set[str] = set()
        self.asking = False

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and node.value in self.states:
            (self.asked if self.asking else self.written).add(node.value)

    def visit_Name(self, node: ast.Name) -> None:
        self._named(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._named(node.attr)
        self.generic_visit(node)

    def _named(self, name: str) -> None:
        if name.isupper() and name.lower() in self.states:
            (self.asked if self.asking else self.written).add(name.lower())

    def visit_Compare(self, node: ast.Compare) -> None:
        self._ask(node)

    def visit_MatchValue(self, node: ast.MatchValue) -> None:
        self._ask(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        self._ask(node.slice)

    def visit_Dict(self, node: ast.Dict) -> None:
        for key in filter(None, node.keys):
            self._ask(key)
        for value in node.values:
            self.visit(value)

    def visit_Assign(self, node: ast.Assign) -> None:
        if self._is_list_of_all(node.value):
            return
        if last(node.targets[0]).isupper() and isinstance(node.value, ast.Tuple | ast.Set):
            self._ask(node.value)
        else:
            self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None and not self._is_list_of_all(node.value):
            self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        if last(node.func) in {"in_", "not_in"}:
            self._ask(node)
        elif last(node.func) == "mapped_column":
            for keyword in node.keywords:
                if keyword.arg == "default":
                    self.visit(keyword.value)
        elif last(node.func) not in {"CheckConstraint", "Index", "one_of"}:
            self.generic_visit(node)

    def _ask(self, node: ast.AST) -> None:
        before, self.asking = self.asking, True
        (self.visit if isinstance(node, ast.Constant) else self.generic_visit)(node)
        self.asking = before

    def _is_list_of_all(self, node: ast.expr) -> bool:
        items = node.elts if isinstance(node, ast.Tuple) else ()
        return {last(item) for item in items} == self.states


def _has_to_do_with(tree: ast.Module, vocabulary: Vocabulary) -> bool:
    """Say whether a module defines or imports the rows or the enumeration of their states."""
    for node in every(tree):
        if isinstance(node, ast.ImportFrom):
            found = {each.name for each in node.names}
        else:
            found = {node.name} if isinstance(node, ast.ClassDef) else set()
        if found & vocabulary.classes:
            return True
    return False
