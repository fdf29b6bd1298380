"""The database stops under load and comes back: nobody sees an error, nothing is lost."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from core.ground.database import alchemy_url, plain_url
from intake import embedded
from intake.channels.web.report_form import fresh_key
from migrations.roles import application_of
from migrations.upgrade import upgrade
from tests import builders
from tests.faults.ledger import Ledger, form_fields, mailbox
from tests.faults.test_kills import System, check, load, settled

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(200)]

WORDS = "Lampu lorong mati dan lantainya licin."


@pytest.fixture
def place() -> Iterator[Path]:
    """Give a folder that PostgreSQL's own account may enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="kiss-away-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def started(place: Path) -> embedded.Server:
    return embedded.start(place / "postgres", state=place / "state")


async def prepared(server: embedded.Server) -> str:
    server.create_database("kiss")
    engine = create_async_engine(alchemy_url(server.owner_dsn()))
    await upgrade(engine, application_of(server.dsn()))
    await engine.dispose()
    await builders.seed(plain_url(server.dsn()))
    return server.dsn()


async def told_to_come_back(url: str) -> tuple[int, str, str]:
    """File one report and return status, text and Retry-After of the answer."""
    fields = form_fields(fresh_key(), "pelapor@example.org", WORDS)
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/q/{builders.TOKEN}/report", data=fields) as answer,
    ):
        return answer.status, await answer.text(), answer.headers.get("Retry-After", "")


async def test_the_database_stops_under_load_and_comes_back(place: Path) -> None:
    server = started(place)
    try:
        url = await prepared(server)
        async with mailbox() as box:
            system, ledger = System(url, box, place, None), Ledger()
            await system.start()
            try:
                async with load(ledger, system):
                    await asyncio.sleep(1)
                    server.stop()
                    status, page, retry_after = await told_to_come_back(system.nodes[0].url)
                    await asyncio.sleep(1)
                    server = started(place)
                    await asyncio.sleep(1)
                rows = await settled(url, ledger, box, system)
            finally:
                await system.stop()
    finally:
        server.stop()

    assert status == 503
    assert WORDS in page
    assert int(retry_after) > 0
    check(ledger, box, rows, kills=1)
