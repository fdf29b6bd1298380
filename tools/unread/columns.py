"""Which columns of the database anything reads.

A column is read where code or SQL asks for its value: `Ticket.title` in a query, `ticket.title` in
Python or in a template, a name in a SELECT or a WHERE. Writing it (a constructor's or `values`'
keyword, an assignment, an INSERT) is not reading; neither is loading the whole row, nor counting
it up. Results that raw SQL brings out must be taken by their name. A key and what must be unique
are read by the database itself: they decide whether a row is written.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from jinja2 import nodes

from tools.unread import sql
from tools.unread.code import every, last, tree_of
from tools.unread.pages import parsed
from tools.unread.rows import NONE, Rows, Scope, Table, Tables

_LOADING = {"load_only", "defer", "undefer", "selectinload", "joinedload", "contains_eager"}
"""Calls that say how rows are loaded, not that anybody looks at them."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What may read: every text by its path."""

    python: Mapping[str, str]
    templates: Mapping[str, str] = field(default_factory=dict)
    sql: Mapping[str, str] = field(default_factory=dict)


def unread(sources: Sources, tables: Iterable[Table]) -> set[str]:
    """Name the columns nothing reads, as `tickets.title`."""
    tables = tuple(tables)
    columns = {f"{table.name}.{name}" for table in tables for name in table.columns - table.keys}
    return columns - set(_read(sources, tables))


def _read(sources: Sources, tables: tuple[Table, ...]) -> Iterator[str]:
    trees = [tree_of(text) for text in sources.python.values()]
    rows = Rows(trees, tables)
    texts, taken, facts = [*sources.sql.values()], set[str](), dict[str, Tables]()
    for tree in trees:
        reading = _Reading(rows, facts)
        yield from reading.module(tree)
        texts += _sql_of(tree)
        taken |= set(_taken(tree))
    for template in map(parsed, sources.templates.values()):
        taken |= {node.attr for node in template.find_all(nodes.Getattr)}
        yield from _in_template(template, rows, facts)
    columns = {table.name: table.columns for table in tables}
    for each in {each for text in texts for each in sql.asked(text, columns)}:
        if not each.result or each.result in taken:
            yield f"{each.table}.{each.column}"


class _Reading:
    """A walk through a module; what it hands to templates is added to `facts`."""

    def __init__(self, rows: Rows, facts: dict[str, Tables]) -> None:
        self.rows = rows
        self.facts = facts

    def module(self, tree: ast.Module) -> Iterator[str]:
        """Yield the columns read, as `tickets.title`; the same may come more than once."""
        scope = self.rows.of_module(tree)
        for node in tree.body:
            yield from self._at(node, scope, frozenset())

    def _at(self, node: ast.AST, scope: Scope, own: frozenset[str]) -> Iterator[str]:
        """Read a node; `own` are columns whose new value is being made, so they do not count."""
        match node:
            case ast.ClassDef():
                yield from self._class(node, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from self._all(node.body, self.rows.of_function(node, scope), own)
            case ast.Call():
                yield from self._call(node, scope, own)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                made = own | set(_written(node))
                yield from self._all(ast.iter_child_nodes(node), scope, made)
            case ast.Attribute(attr=name, value=base, ctx=ast.Load()) if name not in own:
                yield from _columns(self.rows.of(base, scope), name)
                yield from self._at(base, scope, own)
            case _:
                yield from self._all(ast.iter_child_nodes(node), scope, own)

    def _all(self, nodes: Iterable[ast.AST], scope: Scope, own: frozenset[str]) -> Iterator[str]:
        for node in nodes:
            yield from self._at(node, scope, own)

    def _class(self, node: ast.ClassDef, scope: Scope) -> Iterator[str]:
        """Read a class; what a mapped one says about its columns reads none of them."""
        mapped = scope.get(node.name, NONE)
        inside = self.rows.of_class(node, scope)
        for child in node.body:
            if not mapped or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from self._at(child, inside, frozenset())

    def _call(self, node: ast.Call, scope: Scope, own: frozenset[str]) -> Iterator[str]:
        name = last(node.func)
        if name in _LOADING:
            return
        if any(_is_page(each) for each in node.args):
            self._hand_over(node, scope)
        yield from self._at(node.func, scope, own)
        for value in node.args:
            yield from self._given(value, scope, own, writes=name == "values")
        for keyword in node.keywords:
            if name == "filter_by":
                yield from _columns(_named(node.func, scope), keyword.arg or "")
            made = own | {keyword.arg or ""} if name == "values" else own
            yield from self._given(keyword.value, scope, made, writes=keyword.arg == "set_")

    def _given(
        self, node: ast.expr, scope: Scope, own: frozenset[str], *, writes: bool
    ) -> Iterator[str]:
        """Read an argument; of `values({Ticket.title: …})` the values only."""
        if not writes or not isinstance(node, ast.Dict):
            yield from self._at(node, scope, own)
            return
        for key, value in zip(node.keys, node.values, strict=True):
            yield from self._at(value, scope, own | ({last(key)} if key else set()))

    def _hand_over(self, node: ast.Call, scope: Scope) -> None:
        for keyword in node.keywords:
            rows = self.rows.of(keyword.value, scope)
            if keyword.arg and rows:
                self.facts[keyword.arg] = self.facts.get(keyword.arg, NONE) | rows


def _in_template(template: nodes.Template, rows: Rows, facts: Scope) -> Iterator[str]:
    """Yield what a template reads of the rows it is given and of each in a loop over them."""
    scope = dict(facts)
    for loop in template.find_all(nodes.For):
        for name in loop.target.find_all(nodes.Name) if loop.target.fields else ():
            scope[name.name] = scope.get(name.name, NONE) | _shown(loop.iter, rows, scope)
        if isinstance(loop.target, nodes.Name):
            known = scope.get(loop.target.name, NONE)
            scope[loop.target.name] = known | _shown(loop.iter, rows, scope)
    for node in template.find_all(nodes.Getattr):
        yield from _columns(_shown(node.node, rows, scope), node.attr)


def _shown(node: nodes.Node, rows: Rows, scope: Scope) -> Tables:
    name = getattr(node, "attr", getattr(node, "name", ""))
    return scope[name] if name in scope else rows.of(ast.Name(name, ast.Load()), {})


def _columns(tables: Tables, name: str) -> Iterator[str]:
    yield from (f"{table.name}.{name}" for table in tables if name in table.columns)


def _named(node: ast.AST, scope: Scope) -> Tables:
    names = {each.id for each in every(node) if isinstance(each, ast.Name)}
    return NONE.union(*(scope.get(name, NONE) for name in names))


def _written(node: ast.AST) -> Iterator[str]:
    for each in every(node):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store):
            yield each.attr


def _is_page(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and str(node.value).endswith(".html")


def _sql_of(tree: ast.Module) -> list[str]:
    """Return the SQL of a module; pieces are put behind the statements they may belong to."""
    texts = [text for text in _strings(tree) if sql.is_sql(text)]
    pieces = [text for text in texts if sql.is_piece(text)]
    whole = [text for text in texts if not sql.is_piece(text)]
    return whole + [f"{text} {piece}" for text in whole for piece in pieces]


def _strings(tree: ast.AST) -> Iterator[str]:
    for node in every(tree):
        if isinstance(node, ast.JoinedStr):
            yield " 0 ".join(last(part) for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _taken(tree: ast.AST) -> Iterator[str]:
    """Yield the names under which a row's values are looked at."""
    for node in every(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node.attr
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            yield last(node.slice)
