"""Invented reports for an invented hospital, and for no other."""

from core.runtime import Runtime
from core.tickets.submission import Receipt
from tests.intake.commands.conftest import Kiss
from tests.root import ROOT

DEMO = ROOT / "demo" / "hospital.yaml"


async def test_the_demo_is_filled_once_and_emptied(kiss: Kiss, runtime: Runtime) -> None:
    await kiss("hospital", "load", str(DEMO))

    first = await kiss("demo", "seed")
    second = await kiss("demo", "seed")
    filled = await by_status(runtime)
    reset = await kiss("demo", "reset", "--yes")

    assert "12 reports are new" in first.out, first.err
    assert "0 reports are new" in second.out
    assert sum(filled.values()) == 12
    assert {"open", "in_progress", "escalated", "resolved", "closed"} == set(filled)
    assert reset.code == 0, reset.err
    assert await by_status(runtime) == {}


async def test_a_real_hospital_is_never_emptied(
    kiss: Kiss, runtime: Runtime, receipt: Receipt
) -> None:
    async with runtime.database.pool.acquire() as connection:
        await connection.execute("UPDATE hospital SET name = 'RS Sungguhan'")

    told = await kiss("demo", "reset", "--yes")

    assert (told.code, "nothing was touched" in told.err) == (1, True)
    assert await by_status(runtime) == {"open": 1}
    assert receipt.number


async def by_status(runtime: Runtime) -> dict[str, int]:
    """Count the tickets."""
    async with runtime.database.pool.acquire() as connection:
        return dict(await connection.fetch("SELECT status, count(*) FROM tickets GROUP BY status"))
