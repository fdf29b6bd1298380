"""Connections: an ORM engine for nearly everything, a bare pool for the one hot statement."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from core.ground.clock import Clock
from core.ground.settings import Settings

CLOSING_WAIT = 5.0
"""Seconds that connections in use get to finish at the end."""
POOL_WAIT = 3.0
"""Seconds a request waits for a free connection before it is told to come back later."""


CLIENT_FAULTS = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg raises when the connection died under it."""

REFUSED = (
    asyncpg.InvalidAuthorizationSpecificationError,  # wrong password, no such role
    asyncpg.InvalidCatalogNameError,  # no such database
    asyncpg.InsufficientPrivilegeError,
)
"""What asyncpg raises when somebody has to mend a setting or a grant first: our fault, too."""

AWAY = (
    *REFUSED,
    OSError,  # refused, reset, no such socket; TimeoutError too: no answer, no free connection
    *CLIENT_FAULTS,
    asyncpg.PostgresConnectionError,
    asyncpg.TransactionRollbackError,  # a deadlock: the same may be done at once again
    asyncpg.OperatorInterventionError,  # shutting down, starting up, terminated
    asyncpg.InsufficientResourcesError,  # disk full, out of memory, too many connections
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.LockNotAvailableError,  # somebody else's transaction holds the table too long
)
"""What asyncpg raises when the fault is ours and passing."""


REFUSALS = (DBAPIError, asyncpg.PostgresError)
"""What else the database may answer: no fault that passes, but a table of another shape, say."""
_HELD = (asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError, asyncpg.DeadlockDetectedError)


class DatabaseAwayError(Exception):
    """The database cannot be asked right now. Temporary: whoever sends must keep it and retry."""

    @property
    def is_full(self) -> bool:
        """Whether its disk has no room left."""
        return isinstance(self._told, asyncpg.DiskFullError)

    @property
    def is_held(self) -> bool:
        """Whether it waited in vain for a lock that another transaction holds, or for an answer."""
        return isinstance(self._told, _HELD)

    @property
    def is_refused(self) -> bool:
        """Whether it does not let us in, or at a table: somebody has to mend a setting first."""
        return isinstance(self._told, REFUSED)

    @property
    def _told(self) -> BaseException | None:
        """What asyncpg said."""
        cause = self.__cause__
        return _cause(cause) if isinstance(cause, DBAPIError) else cause


Greet = Callable[["asyncpg.Connection[asyncpg.Record]"], Awaitable[None]]
"""What is done with each new connection before anybody uses it."""


@dataclass(frozen=True, slots=True)
class Database:
    """The two ways in. Both belong to the event loop they were opened on."""

    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]
    pool: "asyncpg.Pool[asyncpg.Record]"

    def at(self, clock: Clock) -> "Database":
        """Return the same connections, over which rows are stamped by another clock."""
        engine = self.engine.execution_options(clock=clock)
        return replace(self, engine=engine, sessions=_sessions(engine))

    async def close(self) -> None:
        """Close every connection, waiting CLOSING_WAIT at most for those in use."""
        try:
            async with asyncio.timeout(CLOSING_WAIT):
                await self.pool.close()
        except TimeoutError:
            self.pool.terminate()
        await self.engine.dispose()


async def open_database(
    url: str, settings: Settings, clock: Clock, greet: Greet | None = None
) -> Database:
    """Open both pools on the running loop; connections are made when first needed.

    The clock stamps what the ORM writes (`core.ground.base.at_present`). What `greet` raises is
    as if the connection could not be made.
    """
    timeout = settings.database_timeout
    engine = create_async_engine(
        alchemy_url(url),
        pool_size=settings.pool_size,
        max_overflow=settings.pool_size,
        pool_timeout=POOL_WAIT,
        pool_pre_ping=True,
        hide_parameters=True,  # an error or a remark of the library would quote what people wrote
        connect_args={"command_timeout": timeout, "timeout": timeout},
        execution_options={"clock": clock},
    )
    if greet is not None:
        _greet_each(engine, greet)
    pool = await asyncpg.create_pool(
        plain_url(url),
        min_size=0,
        max_size=settings.pool_size,
        command_timeout=timeout,
        timeout=timeout,
        init=greet,
        reset=_keep,
    )
    return Database(engine, _sessions(engine), pool)


def _sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, expire_on_commit=False)


def _greet_each(engine: AsyncEngine, greet: Greet) -> None:
    def connected(adapted: AsyncAdapt_asyncpg_connection, _record: object) -> None:
        adapted.run_async(greet)

    event.listen(engine.sync_engine, "connect", connected)


async def _keep(_connection: object) -> None:
    """Reset nothing: the hot statement leaves no state, and a reset would cost a round trip."""


def alchemy_url(url: str) -> str:
    """Return a DATABASE_URL in the form SQLAlchemy's asyncpg dialect wants."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(scheme="postgresql+asyncpg"))


def plain_url(url: str) -> str:
    """Return a DATABASE_URL in the form asyncpg itself wants."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(scheme="postgresql"))


@contextlib.asynccontextmanager
async def transaction(database: Database) -> AsyncIterator[AsyncSession]:
    """Open one transaction, committed at the end of the block.

    Raises DatabaseAwayError where the database cannot be asked or did not answer in time.
    """
    with passing_faults():
        async with database.sessions.begin() as session:
            yield session


@contextlib.asynccontextmanager
async def borrowed(database: Database) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Borrow a bare connection; every statement outside a transaction commits by itself.

    Raises DatabaseAwayError as `transaction` does.
    """
    with passing_faults():
        async with database.pool.acquire(timeout=POOL_WAIT) as connection:
            yield cast("asyncpg.Connection[asyncpg.Record]", connection)


@contextlib.asynccontextmanager
async def nested(session: AsyncSession) -> AsyncIterator[None]:
    """Undo what was done in the block if it fails, and raise what it raised.

    Where the database broke it off, all of the transaction may be tried again: DatabaseAwayError.
    """
    try:
        with passing_faults():
            async with session.begin_nested():
                yield
    except DatabaseAwayError:
        raise
    except Exception as error:
        if was_broken_off(error):
            raise DatabaseAwayError from error
        raise


@contextlib.contextmanager
def passing_faults() -> Iterator[None]:
    """Turn every fault that is ours and passing into DatabaseAwayError."""
    try:
        yield
    except (*AWAY, PoolTimeoutError) as error:
        raise DatabaseAwayError from error
    except DBAPIError as error:
        if error.connection_invalidated or isinstance(_cause(error), AWAY):
            raise DatabaseAwayError from error
        raise


def was_broken_off(error: BaseException | None) -> bool:
    """Say whether the database ended a transaction that may simply be tried again: a deadlock."""
    while error is not None:
        if isinstance(error, asyncpg.TransactionRollbackError):
            return True
        error = error.__cause__
    return False


def _cause(error: DBAPIError) -> BaseException | None:
    """Return asyncpg's own exception under SQLAlchemy's two wrappers."""
    return error.orig.__cause__ if error.orig is not None else None


async def bare_connection(session: AsyncSession) -> "asyncpg.Connection[asyncpg.Record]":
    """Return asyncpg's connection of a session, inside the session's transaction."""
    connection = await session.connection()
    await connection.exec_driver_sql("SELECT 1")  # SQLAlchemy begins at the first statement
    raw = await connection.get_raw_connection()
    return cast("asyncpg.Connection[asyncpg.Record]", raw.driver_connection)
