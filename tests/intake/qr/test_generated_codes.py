"""Typed codes as the database makes them: plain, free, and never one key press apart."""

import asyncio
from itertools import product

import asyncpg
import pytest
from sqlalchemy import text

from core.administration.qr_codes import QrCodes
from core.ground.database import transaction
from core.hospital.unit import Unit
from core.runtime import Runtime
from intake.qr.token import CODE_LIMIT, fresh_token, normalise_code

NAMES = (
    "MELATI", "MAWAR", "MELATJ", "IGD-01", "IGD-02", "R-1", "R-2", "ICU", "1CU", "Ruang Mélati",
    "Rawat Inap Anak dan Kebidanan", "بيت", "", "---", "ı", "0", "Poli (Gigi) & Mulut", "ＩＧＤ",
    "x" * 99,
)  # fmt: skip


async def typed(runtime: Runtime, *wanted: tuple[str, int]) -> list[str]:
    query = "SELECT typed_code(name, number) FROM unnest($1::text[], $2::int[]) w (name, number)"
    names, numbers = zip(*wanted, strict=True)
    async with runtime.database.pool.acquire() as connection:
        rows = await connection.fetch(query, names, numbers)
    return [str(row[0]) for row in rows]


async def generated(runtime: Runtime, name: str) -> str:
    async with runtime.database.pool.acquire() as connection:
        return str(await connection.fetchval("SELECT generate_qr_code($1)", name))


async def test_a_code_is_the_unit_its_number_and_a_check(runtime: Runtime) -> None:
    codes = await typed(
        runtime, ("MELATI", 7), ("igd-01", 1), ("Ruang Mélati", 1), ("بيت", 1), ("", 12)
    )

    assert codes[:2] == ["MELATI-7T", "IGD-01-1F"]
    assert [code[:-1] for code in codes[2:]] == ["RUANG-MELATI-1", "UNIT-1", "UNIT-12"]


async def test_posters_are_counted_from_one(runtime: Runtime) -> None:
    with pytest.raises(asyncpg.RaiseError, match="from 1"):
        await typed(runtime, ("MELATI", 0))


async def test_c36_one_wrong_character_never_lands_in_another_unit(runtime: Runtime) -> None:
    wanted = [*product(NAMES, range(1, 100)), *((name, 9999) for name in NAMES)]
    made = await typed(runtime, *wanted)
    codes = {normalise_code(code) for code in made}

    assert all(code and len(code) <= CODE_LIMIT for code in codes), "each is one that can be typed"
    assert all(normalise_code(c.lower().replace("0", "o")) == normalise_code(c) for c in made)
    masked: dict[str, str] = {}
    for code in filter(None, codes):
        for place in range(len(code)):
            pattern = f"{code[:place]}?{code[place + 1 :]}"
            assert masked.setdefault(pattern, code) == code


async def test_a_taken_code_is_passed_over_however_it_is_written(runtime: Runtime) -> None:
    first, second = await typed(runtime, ("MELATI", 1), ("MELATI", 2))
    async with transaction(runtime.database) as session:
        change = text("UPDATE qr_codes SET code = :code")
        await session.execute(change, {"code": first.lower().replace("-", " ").replace("i", "1")})

    assert await generated(runtime, "MELATI") == second


async def test_units_that_resemble_each_other_share_a_row_of_codes(runtime: Runtime) -> None:
    async with transaction(runtime.database) as session:
        session.add_all(Unit(name=code, code=code) for code in ("R-1", "R-11", "R 1"))

    made = [
        (await QrCodes(runtime).create(code, "", fresh_token)).code
        for code in ["R-1", "R-11", "R 1"] * 8
    ]

    assert len({normalise_code(code) for code in made}) == len(made)


async def test_two_at_the_same_moment_get_two_codes(runtime: Runtime) -> None:
    made = await asyncio.gather(
        *(QrCodes(runtime).create("MELATI", "", fresh_token) for _ in range(4))
    )

    assert len({row.code for row in made}) == len({row.token for row in made}) == 4
