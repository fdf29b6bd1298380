"""The server every other test uses."""

import asyncpg
import pytest

from intake.embedded import Server
from tests.intake.embedded.tools import for_asyncpg


@pytest.mark.parametrize("worker", range(4))
async def test_the_shared_server_takes_many_connections(
    postgres_server: Server, worker: int
) -> None:
    connection = await asyncpg.connect(for_asyncpg(postgres_server, "postgres"))

    most = await connection.fetchval("SHOW max_connections")
    await connection.close()

    assert int(most) == 300, worker
