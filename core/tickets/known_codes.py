"""Which texts are tracking codes of ours: the hashes of tickets are asked, once for all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground.database import Database, bare_connection, transaction
from core.tickets.codes_in_texts import candidates, cover
from core.tickets.follow_up import FollowUp
from core.tickets.submission import Submission
from core.tickets.ticket import Ticket
from core.tickets.tracking_code import hash_of

Told = TypeVar("Told", Submission, FollowUp)

_OURS = "SELECT tracking_hash FROM tickets WHERE tracking_hash = ANY($1::bytea[])"


async def known_codes(session: AsyncSession, texts: Iterable[str]) -> dict[str, UUID]:
    """Return the codes in these texts that open a ticket, each with its ticket."""
    hashes = {hash_of(code): code for code in candidates(texts)}
    if not hashes:
        return {}
    query = select(Ticket.tracking_hash, Ticket.id).where(Ticket.tracking_hash.in_(hashes))
    return {hashes[found]: ticket_id for found, ticket_id in await session.execute(query)}


async def covered_texts(session: AsyncSession, texts: Iterable[str]) -> tuple[str, ...]:
    """Return these texts, each with the codes of tickets covered in it."""
    texts = tuple(texts)
    codes = tuple(await known_codes(session, texts))
    return tuple(cover(each, codes) for each in texts)


async def covered_alone(database: Database, texts: Iterable[str]) -> tuple[str, ...]:
    """Do what `covered_texts` does, where no transaction is open. Raises DatabaseAwayError."""
    texts = tuple(texts)
    if not candidates(texts):
        return texts
    async with transaction(database) as session:
        return await covered_texts(session, texts)


async def without_codes(told: Told, connection: "asyncpg.Connection[asyncpg.Record]") -> Told:
    """Return a report, or words for one, in which the codes of tickets are covered."""
    hashes = {hash_of(code): code for code in candidates(texts_of(told))}
    if not hashes:
        return told
    rows = await connection.fetch(_OURS, list(hashes))
    return covered(told, tuple(hashes[row["tracking_hash"]] for row in rows))


async def without_codes_in(session: AsyncSession, told: Told) -> Told:
    """Do what `without_codes` does, within a session."""
    return await without_codes(told, await bare_connection(session))


def texts_of(told: Submission | FollowUp) -> tuple[str, ...]:
    """Return the texts of a report, or of words for one, in which a code may stand."""
    files = (each.name for each in told.files)
    own = (told.words, told.html or "", *told.remarks, *files, *_strings(told.facts))
    if isinstance(told, FollowUp):
        return own
    who = told.submitter
    return (*own, told.title or "", *filter(None, (who.name, who.address)))


def covered(told: Told, codes: tuple[str, ...]) -> Told:
    """Return a report, or words for one, with these codes covered in every text of it."""
    if not codes:
        return told
    told = replace(
        told,
        words=cover(told.words, codes),
        html=cover(told.html, codes) if told.html else told.html,
        remarks=tuple(cover(each, codes) for each in told.remarks),
        facts=_covered_facts(told.facts, codes),
        files=tuple(replace(each, name=cover(each.name, codes)) for each in told.files),
    )
    if isinstance(told, FollowUp):
        return told
    who = told.submitter
    named = replace(
        who,
        name=cover(who.name, codes) if who.name else who.name,
        address=cover(who.address, codes) if who.address else who.address,
    )
    title = cover(told.title, codes) if told.title else told.title
    return replace(told, title=title, submitter=named)


def _covered_facts(facts: Mapping[str, object], codes: tuple[str, ...]) -> dict[str, object]:
    return {name: _covered_value(value, codes) for name, value in facts.items()}


def _covered_value(value: object, codes: tuple[str, ...]) -> object:
    if isinstance(value, str):
        return cover(value, codes)
    if isinstance(value, Mapping):
        return _covered_facts(value, codes)
    if isinstance(value, list | tuple):
        return [_covered_value(each, codes) for each in value]
    return value


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)
