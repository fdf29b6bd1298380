"""The changes that `tools/mutants.py` makes: Cosmic Ray's own, and what a table can lose.

Most of what decides here is a table of words, and Cosmic Ray changes operators and numbers. So
there are three more: another word, a row less, nothing where a value was.
"""

import re
from collections.abc import Iterator, Sequence

from cosmic_ray.operators.operator import Example, Operator
from parso.python.tree import Keyword
from parso.tree import BaseNode, Leaf, NodeOrLeaf

Span = tuple[tuple[int, int], tuple[int, int]]

SENSELESS = re.compile(
    r"""
    core/ReplaceBinaryOperator_         # of the other signs, one: a sum becomes a difference
        (?!Add_Sub|Sub_Add|Mul_Div|Div_Mul|BitOr_BitAnd|BitAnd_BitOr|LShift_RShift)
    | core/ReplaceComparisonOperator_   # `is` for `==` and back: equal words are one
        (\w+_Is(Not)?$ | Is(Not)?_(Eq|NotEq|Lt|Gt))
    | core/ReplaceComparisonOperator_   # what is compared by `==` has no order
        (Not)?Eq_(Lt|Gt)
    | core/RemoveDecorator              # a class that is no dataclass cannot be made
    """,
    re.VERBOSE,
)
"""Changes of which there would be many, and nothing to learn."""

LEFT_ALONE = frozenset({"decorator", "import_from"})
"""Beside the types of parameters, variables and results."""


class Word(Operator):
    """Puts other letters into a string; a docstring stays."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Span]:
        """Point at the string."""
        if node.type == "fstring_string" or (
            node.type == "string" and node.parent.type != "simple_stmt"
        ):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Leaf, _index: int) -> Leaf:
        """Change it."""
        opening = re.match(r"\w*[\"']*" if node.type == "string" else "", node.value)
        at = opening.end() if opening and node.value.strip("\"'") else 1
        node.value = f"{node.value[:at]}XX{node.value[at:]}"
        return node

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Show it."""
        return (Example('x = "a"', 'x = "XXa"'), Example('x = ""', 'x = "XX"'))


class Row(Operator):
    """Takes one element out of a tuple, list, set, dictionary or list of arguments."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Span]:
        """Point at each element."""
        for element in _elements(node):
            yield element[0].start_pos, element[-1].end_pos

    def mutate(self, node: BaseNode, index: int) -> BaseNode | None:
        """Take it out, with the comma behind it."""
        gone = {id(part) for part in _elements(node)[index]}
        node.children = [child for child in node.children if id(child) not in gone]
        return node if node.children else None

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Show it."""
        return (Example("x = (1, 2)", "x = ( 2)"), Example("x = {1: 2, 3: 4}", "x = { 3: 4}"))


class Nothing(Operator):
    """Puts None where a dictionary or a named argument has a value."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Span]:
        """Point at each value."""
        for place in _values(node):
            yield node.children[place].start_pos, node.children[place].end_pos

    def mutate(self, node: BaseNode, index: int) -> BaseNode:
        """Put None there."""
        place = _values(node)[index]
        node.children[place] = Keyword("None", node.children[place].start_pos, prefix=" ")
        return node

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Show it."""
        return (Example("x = {1: 2}", "x = {1: None}"), Example("f(a=1)", "f(a= None)"))


class Tables:
    """The three of them, as Cosmic Ray asks for operators."""

    def __iter__(self) -> Iterator[str]:
        return iter(_TABLES)

    def __getitem__(self, name: str) -> type[Operator]:
        return _TABLES[name]


_TABLES = {operator.__name__: operator for operator in (Word, Row, Nothing)}


def is_left_alone(leaf: NodeOrLeaf, statements: frozenset[str]) -> bool:
    """Say whether a place decides nothing, or is in a statement that begins with such a name."""
    if leaf.parent.type == "parameters":  # the star before those that go by name
        return True
    inner = leaf
    while inner.parent is not None:
        outer = inner.parent
        if outer.type in LEFT_ALONE or _is_type(inner, outer):
            return True
        if outer.type == "file_input":
            return _name(inner) in statements
        inner = outer
    return False


def _is_type(inner: NodeOrLeaf, outer: BaseNode) -> bool:
    if outer.type == "annassign":  # of `: type = value`
        return inner is outer.children[1]
    if outer.type == "tfpdef":  # of `name: type`
        return inner is outer.children[2]
    if outer.type == "funcdef":
        return inner is outer.annotation
    first = outer.get_first_leaf().value
    return outer.type == "atom_expr" and first in {"Literal", "Callable"}


def _name(statement: NodeOrLeaf) -> str:
    while statement.type in {"decorated", "async_stmt"}:
        statement = statement.children[-1]
    return statement.name.value if hasattr(statement, "name") else statement.get_first_leaf().value


def _elements(node: NodeOrLeaf) -> list[list[NodeOrLeaf]]:
    if node.type not in {"testlist_comp", "dictorsetmaker", "arglist"}:
        return []
    if any(child.type in {"comp_for", "sync_comp_for"} for child in node.children):
        return []
    elements: list[list[NodeOrLeaf]] = [[]]
    for child in node.children:
        elements[-1].append(child)
        if child.type == "operator" and child.value == ",":
            elements.append([])
    return [element for element in elements if element]


def _values(node: NodeOrLeaf) -> list[int]:
    if node.type not in {"dictorsetmaker", "argument"}:
        return []
    signs = {":", "="}
    places = [
        place
        for place, child in enumerate(node.children, start=1)
        if child.type == "operator" and child.value in signs
    ]
    return [place for place in places if node.children[place].get_first_leaf().value != "None"]
