"""Full-text search in Indonesian and English over what a ticket says and who says it.

Each word is found as it is typed or as the beginning of a longer one (`bocor` finds *bocornya*),
and by its stem in either language (`menunggu` finds *ditunggu*, `leaking` finds *leaked*).
"""

import re
from functools import reduce
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, cast, func, select
from sqlalchemy.dialects.postgresql import REGCONFIG, TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from core.ticket import Ticket

MOST_WORDS: Final = 8
RARE: Final = 2000
"""Up to so many finds are looked through one by one; of more, the newest are read in order."""

_WORD: Final = re.compile(r"\w+")
_LANGUAGES: Final = ("indonesian", "english")
_NUMBER: Final = re.compile(r"(?:TKT-?)?(\d{8})-?(\d{4,})", re.IGNORECASE | re.ASCII)


def number_of(typed: str) -> str | None:
    """Return the ticket number that was typed, if it was one; dashes may be missing."""
    found = _NUMBER.fullmatch(typed.strip())
    return f"TKT-{found[1]}-{found[2]}" if found else None


def matching(typed: str) -> ColumnElement[bool] | None:
    """Return the condition that a ticket holds every word; None where no word was typed."""
    words = _WORD.findall(typed)[:MOST_WORDS]
    if not words:
        return None
    return Ticket.search.bool_op("@@")(reduce(_both, map(_any_form, words)))


async def found_ids(
    session: AsyncSession, condition: ColumnElement[bool]
) -> Select[UUID] | ColumnElement[bool]:
    """Choose how to look: by the index of words for rare ones, by arrival for common ones.

    Sorting a hundred thousand finds to show fifty would take a second; walking the newest
    tickets until fifty hold a common word takes milliseconds.
    """
    some = select(Ticket.id).where(condition).limit(RARE + 1)
    counted = await session.scalar(select(func.count()).select_from(some.subquery()))
    if (counted or 0) > RARE:
        return condition
    return select(some.cte("found").prefix_with("MATERIALIZED").c.id)


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
