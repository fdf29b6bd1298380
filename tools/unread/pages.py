"""Which templates nothing renders, which are named and do not exist, and so for static files."""

import ast
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache

from jinja2 import Environment, nodes
from jinja2.meta import find_referenced_templates

from tools.unread.code import every, last, tree_of


@cache
def parsed(text: str) -> nodes.Template:
    """Return what a template says."""
    return Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(text)


def unrendered(
    templates: Mapping[str, str], python: Mapping[str, str], roots: AbstractSet[str] = frozenset()
) -> set[str]:
    """Name the templates that no code renders and no rendered template takes in.

    `roots` are rendered by names that no code writes out.
    """
    rendered = (roots | _asked(python)) & set(templates)
    waiting = list(rendered)
    while waiting:
        taken_in = set(_taken_in(templates[waiting.pop()])) & set(templates)
        waiting += taken_in - rendered
        rendered |= taken_in
    return set(templates) - rendered


def missing(
    templates: Mapping[str, str], python: Mapping[str, str], roots: AbstractSet[str] = frozenset()
) -> set[str]:
    """Name the templates that code or another template asks for and that are not there."""
    asked = {name for text in templates.values() for name in _taken_in(text)}
    return (asked | _asked(python) | roots) - set(templates)


def unserved(assets: AbstractSet[str], templates: Mapping[str, str]) -> set[str]:
    """Name the static files that no template asks for."""
    return set(assets) - set(_assets(templates))


def missing_assets(assets: AbstractSet[str], templates: Mapping[str, str]) -> set[str]:
    """Name the static files that a template asks for and that are not there."""
    return set(_assets(templates)) - set(assets)


def _assets(templates: Mapping[str, str]) -> Iterator[str]:
    for text in templates.values():
        for call in parsed(text).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "asset":
                yield from (each.value for each in call.args if isinstance(each, nodes.Const))


def _taken_in(text: str) -> Iterator[str]:
    yield from (name for name in find_referenced_templates(parsed(text)) if name)


def _asked(python: Mapping[str, str]) -> set[str]:
    """Return the templates that calls name: `page(request, "pages/form.html")`.

    A function that puts a folder before the name (`f"console/admin/{template}"`) says which.
    """
    trees = [tree_of(text) for text in python.values()]
    folders = {name: folder for tree in trees for name, folder in _folders(tree)}
    return {
        folders.get(last(call.func), "") + each.value
        for tree in trees
        for call in every(tree)
        if isinstance(call, ast.Call)
        for each in call.args
        if isinstance(each, ast.Constant)
        if isinstance(each.value, str) and each.value.endswith(".html")
    }


def _folders(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in every(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for text in every(node):
                if isinstance(text, ast.JoinedStr) and len(text.values) == 2:
                    folder, name = text.values
                    if isinstance(name, ast.FormattedValue) and last(name.value) == "template":
                        yield node.name, last(folder)
