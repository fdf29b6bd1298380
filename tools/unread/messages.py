"""Which messages of the catalogues nothing says.

A message is said where code or a template writes it out, or puts it together of words that are
written out: `f"label.{each}"` says `label.send` where "send" stands in code.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from jinja2 import nodes

from tools.unread.code import every, last, strings, tree_of
from tools.unread.pages import parsed

_PART = r"([\w-]+)"


def unsaid(
    messages: Iterable[str], python: Mapping[str, str], templates: Mapping[str, str]
) -> set[str]:
    """Return the messages that nothing says."""
    trees = [tree_of(source) for source in python.values()]
    texts = {text for tree in trees for text in strings(tree)}
    texts |= {text for source in templates.values() for text in _texts_of_template(source)}
    made = [pattern for tree in trees for pattern in _made(tree)]
    return {message for message in messages if not _is_said(message, texts, made)}


def _is_said(message: str, texts: set[str], made: list[re.Pattern[str]]) -> bool:
    if message in texts:
        return True
    found = [pattern.fullmatch(message) for pattern in made]
    return any(
        all(part.isdigit() or (part != message and _is_said(part, texts, made)) for part in parts)
        for parts in (each.groups() for each in found if each)
    )


def _texts_of_template(source: str) -> Iterator[str]:
    template = parsed(source)
    yield from (each.data for each in template.find_all(nodes.TemplateData))
    yield from (str(each.value) for each in template.find_all(nodes.Const))


def _made(tree: ast.AST) -> Iterator[re.Pattern[str]]:
    """Yield texts with parts that are computed, unless next to nothing of them is written out."""
    for node in every(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [last(each) for each in node.values]
            if len("".join(parts)) > 2:
                yield re.compile(_PART.join(map(re.escape, _between(parts))))


def _between(parts: list[str]) -> Iterator[str]:
    """Yield what stands before, between and after the computed parts, which are empty."""
    text = ""
    for part in parts:
        if part:
            text += part
        else:
            yield text
            text = ""
    yield text
