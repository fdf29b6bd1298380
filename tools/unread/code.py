"""Python as a parser sees it: each module is parsed once and walked through once."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache


@cache
def tree_of(source: str) -> ast.Module:
    """Return what a module says."""
    return ast.parse(source)


def every(node: ast.AST) -> Iterable[ast.AST]:
    """Return a node and all below it."""
    return _all_of(node) if isinstance(node, ast.Module) else ast.walk(node)


def strings(node: ast.AST) -> Iterator[str]:
    """Yield the texts written out below a node."""
    for each in every(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls below a node."""
    for each in every(node):
        if isinstance(each, ast.Call):
            yield each


def read(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield what is read of what below a node: the last name before the dot, and the one behind."""
    for each in every(node):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Load):
            yield last(each.value), each.attr


def last(node: ast.AST) -> str:
    """Return the last name of `a.b.c`, of `c`, of "c" or of what a call is made of."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Constant):
        return str(node.value)
    return last(node.func) if isinstance(node, ast.Call) else ""


@cache
def _all_of(tree: ast.Module) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree))
