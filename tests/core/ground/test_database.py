"""What the database's faults are to whoever asks."""

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from core.ground.database import DatabaseAwayError, borrowed, open_database, transaction
from core.ground.settings import Settings
from core.runtime import Runtime
from intake.commands.failures import MISCONFIGURED, explain

OWNER = "postgresql://kiss_owner@db/kiss"


@pytest.mark.parametrize(
    ("there", "wrong"), [("kiss@", "nobody_of_ours@"), ("/worker_", "/no_such_")]
)
async def test_a_refused_login_is_our_fault_and_told_in_a_sentence(
    runtime: Runtime, database_url: str, there: str, wrong: str
) -> None:
    refused = await open_database(
        database_url.replace(there, wrong), runtime.settings, runtime.clock
    )

    with pytest.raises(DatabaseAwayError) as by_session:
        async with transaction(refused) as session:
            await session.execute(text("SELECT 1"))
    with pytest.raises(DatabaseAwayError) as bare:
        async with borrowed(refused):
            pass
    await refused.close()

    for found in (by_session, bare):
        told = explain(found.value)
        assert told is not None
        assert told.exit_code == MISCONFIGURED
        assert "DATABASE_URL" in told.message


@pytest.mark.parametrize(
    ("application", "owner"),
    [
        (None, OWNER),
        ("postgresql://kiss@db/another", OWNER),
        ("postgresql://kiss@elsewhere/kiss", OWNER),
        ("postgresql://kiss@db/kiss", "nonsense"),
        ("mysql://kiss@db/kiss", None),
    ],
)
def test_urls_that_cannot_be_one_database_are_a_wrong_setting(
    application: str | None, owner: str | None
) -> None:
    with pytest.raises(ValidationError):
        Settings(DATABASE_URL=application, DATABASE_OWNER_URL=owner)


def test_two_roles_of_one_database_are_right() -> None:
    found = Settings(
        DATABASE_URL="postgresql+asyncpg://kiss:x@db:5432/kiss", DATABASE_OWNER_URL=OWNER
    )

    assert found.database_owner_url == OWNER
