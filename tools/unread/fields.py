"""Which fields of values nothing looks at.

A value is a dataclass, a named tuple or a pydantic model. A field is looked at where its name
stands behind a dot that reads, in code or in a template, in a pattern, or as a text that may name
it (`getattr`, a key of what was dumped). Whose field it is is not told, so this is generous.
"""

import ast
from collections.abc import Iterator, Mapping

from jinja2 import nodes

from tools.unread.code import every, last, read, tree_of
from tools.unread.pages import parsed

_BY_NAME = {"getattr", "attrgetter", "get"}
_VALUES = {"NamedTuple", "BaseModel", "BaseSettings"}


def unread(python: Mapping[str, str], templates: Mapping[str, str]) -> set[str]:
    """Name the fields that nothing looks at, as `Ticket.title`."""
    trees = [tree_of(source) for source in python.values()]
    looked_at = {name for tree in trees for name in _looked_at(tree)}
    for source in templates.values():
        looked_at |= {node.attr for node in parsed(source).find_all(nodes.Getattr)}
    return {
        f"{owner}.{name}"
        for tree in trees
        for owner, name in _fields(tree)
        if name not in looked_at
    }


def _fields(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in every(tree):
        if isinstance(node, ast.ClassDef) and _is_value(node):
            for each in node.body:
                if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
                    yield node.name, each.target.id


def _is_value(node: ast.ClassDef) -> bool:
    marks = {last(each) for each in node.decorator_list}
    return "dataclass" in marks or bool(_VALUES & {last(base) for base in node.bases})


def _looked_at(tree: ast.AST) -> Iterator[str]:
    yield from (name for _, name in read(tree))
    for node in every(tree):
        if isinstance(node, ast.MatchClass):
            yield from node.kwd_attrs
        elif isinstance(node, ast.Subscript):
            yield last(node.slice)
        elif isinstance(node, ast.Call) and last(node.func) in _BY_NAME:
            yield from map(last, node.args)
        elif isinstance(node, ast.Tuple | ast.Set | ast.List):
            yield from map(last, node.elts)
