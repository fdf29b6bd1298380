"""Which columns a piece of SQL asks for, as far as its words tell.

Asked for is what stands in a list of results, a condition, an order or a value that is computed.
Not asked for is what is only written: the columns an INSERT or a SET names, a counter that is
only counted up (`n = n + 1`), the row an upsert proposed (`excluded`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Tables = Mapping[str, frozenset[str]]
"""Table → its columns; one outside `public` with its schema, as in `auth.sessions`."""

_IS_SQL = re.compile(r"\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|UNION|JOIN|WHERE)\b")
_NOISE = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\$\d+|(?<!:):[a-z_]+|::[a-z_\[\]]+")
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*|[0-9]+|\S")
_BEFORE_TABLE = {"FROM", "JOIN", "INTO", "UPDATE", "USING"}
_ENDS_SET = {"WHERE", "FROM", "RETURNING", "ON", "UNION"}
_ENDS_RESULTS = {"FROM", "WHERE", "UNION", "ON", "ORDER", "GROUP", "LIMIT", "FOR"}


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """A column that SQL asks for."""

    table: str
    column: str
    result: str = ""
    """The name under which it is one of several results and nothing else; else empty."""


@dataclass(slots=True)
class _Scope:
    """A statement or a query in brackets: the tables it names, by alias and by name."""

    above: "_Scope | None" = None
    tables: dict[str, str] = field(default_factory=dict)

    def owners(self, qualifier: str, column: str, tables: Tables) -> list[str]:
        """Return the tables of the nearest query that a column may belong to."""
        named = [self.tables[qualifier]] if qualifier in self.tables else []
        here = list(self.tables.values()) if not qualifier else named
        found = [name for name in dict.fromkeys(here) if column in tables[name]]
        if found or self.above is None:
            return found
        return self.above.owners(qualifier, column, tables)


def is_sql(text: str) -> bool:
    """Tell whether a text is SQL or a piece of it: the language's words stand in capitals."""
    return bool(_IS_SQL.match(text))


def is_piece(text: str) -> bool:
    """Tell whether SQL is the middle or the end of a statement."""
    return bool(re.match(r"\s*(?:WHERE|JOIN|UNION)\b", text))


def asked(text: str, tables: Tables) -> set[Asked]:
    """Return the columns that a text of SQL asks for, of the tables it names."""
    tokens = _TOKEN.findall(_NOISE.sub(" 0 ", text))
    return set(_Reading(tokens, tables).all())


class _Reading:
    """One walk through a statement's words, with what brackets open and close."""

    def __init__(self, tokens: list[str], tables: Tables) -> None:
        self.tokens = ["", *tokens, "", ""]
        self.tables = tables

    def all(self) -> Iterator[Asked]:
        scopes = self._scopes()
        written = self._written()
        results = self._results()
        for index, word, qualifier in self._names():
            if index not in written and qualifier != "excluded":
                for table in scopes[index].owners(qualifier, word, self.tables):
                    yield Asked(table, word, results.get(index, ""))

    def _names(self) -> Iterator[tuple[int, str, str]]:
        """Yield what may be a column: its place, its name and what qualifies it."""
        for index, word in enumerate(self.tokens):
            before, after = self.tokens[index - 1], self.tokens[index + 1 : index + 2]
            if not word.isidentifier() or word.isupper() or after in (["."], ["("]):
                continue
            if before not in _BEFORE_TABLE and before != "AS":
                yield index, word, self.tokens[index - 2] if before == "." else ""

    def _scopes(self) -> list[_Scope]:
        """Give every word its query, each with its tables."""
        scope = _Scope()
        stack: list[_Scope] = []
        found: list[_Scope] = []
        for index, word in enumerate(self.tokens):
            if word == "(":
                stack.append(scope)
                if self.tokens[index + 1] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
                    scope = _Scope(scope)
            elif word == ")" and stack:
                scope = stack.pop()
            found.append(scope)
            if word in _BEFORE_TABLE:
                self._name_tables(index + 1, scope)
        return found

    def _name_tables(self, index: int, scope: _Scope) -> None:
        """Read `units`, `units u`, `auth.sessions AS s` and what follows after a comma."""
        name, index = self._table(index)
        if name not in self.tables:
            return
        scope.tables[name.rpartition(".")[2]] = name
        if self.tokens[index] == "AS":
            index += 1
        if self.tokens[index].isidentifier() and not self.tokens[index].isupper():
            scope.tables[self.tokens[index]] = name
            index += 1
        if self.tokens[index] == ",":
            self._name_tables(index + 1, scope)

    def _table(self, index: int) -> tuple[str, int]:
        name = self.tokens[index]
        if self.tokens[index + 1] == ".":
            return f"{name}.{self.tokens[index + 2]}", index + 3
        return name, index + 1

    def _written(self) -> set[int]:
        """Return the places of columns that are only written."""
        places: set[int] = set()
        for index, word in enumerate(self.tokens):
            if word == "INTO":
                places |= self._inserted(index)
            elif word == "SET":
                places |= self._set(index)
        return places

    def _inserted(self, index: int) -> set[int]:
        opening = index
        while self.tokens[opening] not in {"(", ""}:
            if self.tokens[opening] in {"SELECT", "VALUES", "DEFAULT"}:
                return set()
            opening += 1
        return set(range(opening, self._closing(opening)))

    def _set(self, index: int) -> set[int]:
        """Return the columns a SET names, and each where its own new value is made of it."""
        places: set[int] = set()
        depth, target = 0, ""
        for place in range(index + 1, len(self.tokens)):
            word, before = self.tokens[place], self.tokens[place - 1]
            depth += (word == "(") - (word == ")")
            if depth < 0 or (depth == 0 and word in _ENDS_SET):
                break
            if depth == 0 and before in {"SET", ","}:
                target = word
            if word == target:
                places.add(place)
        return places

    def _results(self) -> dict[int, str]:
        """Return the places of columns that are nothing but one of several results."""
        found: dict[int, str] = {}
        for index, word in enumerate(self.tokens):
            if (word == "SELECT" and index <= 1) or word == "RETURNING":
                items = list(self._items(index))
                if len(items) > 1:
                    found |= {item[0]: item[1] for item in items if item}
        return found

    def _items(self, index: int) -> Iterator[tuple[int, str] | None]:
        """Yield the items of a list of results: place and name where it is a plain column."""
        start = index + 1
        for place in range(start, len(self.tokens)):
            word = self.tokens[place]
            inside = self.tokens[start:place].count("(") > self.tokens[start:place].count(")")
            if inside:
                continue
            if word in {",", "", ")"} or word in _ENDS_RESULTS:
                yield self._plain(start, place)
                start = place + 1
            if word in {"", ")"} or word in _ENDS_RESULTS:
                return

    def _plain(self, start: int, end: int) -> tuple[int, str] | None:
        words = self.tokens[start:end]
        name = words[-1] if words else ""
        if len(words) > 2 and words[-2] == "AS":
            words = words[:-2]
        if len(words) == 3 and words[1] == ".":
            return start + 2, name
        return (start, name) if len(words) == 1 else None

    def _closing(self, opening: int) -> int:
        depth = 0
        for place in range(opening, len(self.tokens)):
            depth += (self.tokens[place] == "(") - (self.tokens[place] == ")")
            if depth == 0:
                return place
        return len(self.tokens)
