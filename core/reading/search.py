"""Full-text search in Indonesian and English over what a ticket says and who says it.

Each word is found as it is typed or as the beginning of a longer one (`bocor` finds *bocornya*),
and by its stem in either language (`dilayani` finds *pelayanan*, `leaking` finds *leaked*).
"""

import re
from dataclasses import dataclass
from functools import reduce
from typing import Final

from sqlalchemy import ColumnElement, Text, cast, func, literal_column, select, text, true
from sqlalchemy.dialects.postgresql import REGCONFIG, TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from core.tickets.ticket import Ticket

MOST_WORDS: Final = 8
RARE: Final = 5000
"""Up to so many finds are looked through one by one; of more, the newest are read in order."""

SAMPLE: Final = 500
"""So many of the newest tickets tell whether words are common."""

_FOR_WORDS: Final = text(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('work_mem', '64MB', true)"
)
"""For one transaction: never read the whole table for words that are common but never together,
and keep the bitmap of a hundred thousand finds exact."""

_WORD: Final = re.compile(r"\w+")
_LANGUAGES: Final = ("indonesian", "english")
_NUMBER: Final = re.compile(r"(?:TKT-?)?(\d{8})-?(\d{4,})", re.IGNORECASE | re.ASCII)


def number_of(typed: str) -> str | None:
    """Return the ticket number that was typed, if it was one; dashes may be missing."""
    found = _NUMBER.fullmatch(typed.strip())
    return f"TKT-{found[1]}-{found[2]}" if found else None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """How tickets that hold the words are found."""

    holds: ColumnElement[bool]
    are_rare: bool


async def found(session: AsyncSession, typed: str) -> SearchHit | None:
    """Say how to find the tickets that hold every word; None where no word was typed.

    Rare ones are found by the index of words and sorted. Common ones are met soon enough on the
    way along the newest tickets: sorting a hundred thousand to show fifty would take a second.
    """
    words = _WORD.findall(typed)[:MOST_WORDS]
    if not words:
        return None
    query = await _written(session, reduce(_both, map(_any_form, words)))
    holds = Ticket.search.bool_op("@@")(query)
    if await _is_common(session, query):
        return SearchHit(
            holds.is_(true()), are_rare=False
        )  # "is true" keeps the index of words out
    await session.execute(_FOR_WORDS)
    some = select(Ticket.id).where(holds).limit(RARE + 1)
    counted = await session.scalar(select(func.count()).select_from(some.subquery())) or 0
    if counted > RARE:
        return SearchHit(holds.is_(true()), are_rare=False)
    ids = select(some.cte("found").prefix_with("MATERIALIZED").c.id)
    return SearchHit(Ticket.id.in_(ids), are_rare=True)


async def _is_common(session: AsyncSession, query: ColumnElement[str]) -> bool:
    """Whether one in twenty of the newest tickets has the words: then a page is soon full."""
    newest = select(Ticket.search).order_by(Ticket.received_at.desc(), Ticket.id.desc())
    sample = newest.limit(SAMPLE).subquery()
    counted = select(func.count()).where(sample.c.search.bool_op("@@")(query))
    return (await session.scalar(counted) or 0) * 20 >= SAMPLE


async def _written(session: AsyncSession, asked: ColumnElement[str]) -> ColumnElement[str]:
    """Write the query out, so that PostgreSQL plans with its words and parses them once.

    What comes back holds words and the signs of a tsquery, quoted by PostgreSQL itself.
    """
    written = await session.scalar(select(cast(asked, Text))) or ""
    quoted = written.replace("'", "''")
    return literal_column(f"'{quoted}'::tsquery")


def _both(one: ColumnElement[str], other: ColumnElement[str]) -> ColumnElement[str]:
    return one.op("&&", return_type=TSQUERY())(other)


def _any_form(word: str) -> ColumnElement[str]:
    folded = func.words_folded(word)
    forms: ColumnElement[str] = func.to_tsquery(_config("simple"), func.concat(folded, ":*"))
    for language in _LANGUAGES:
        stem = func.plainto_tsquery(_config(language), folded)
        forms = forms.op("||", return_type=TSQUERY())(stem)
    return forms


def _config(name: str) -> ColumnElement[str]:
    return cast(f"pg_catalog.{name}", REGCONFIG)
