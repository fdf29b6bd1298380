"""A running PostgreSQL: where to connect, and the end of it."""

import os
import subprocess
from dataclasses import dataclass
from urllib.parse import quote

from intake.embedded.account import ourselves
from intake.embedded.binaries import Binaries
from intake.embedded.cluster_folder import PORT, ClusterFolder
from intake.embedded.errors import EmbeddedError
from intake.embedded.postmaster import stop

ALREADY_THERE = ("42P04", "23505")
"""SQLSTATEs of CREATE DATABASE when the name exists, or another session is just making it."""

OWNER, APPLICATION = "postgres", "kiss"
"""The roles: the one initdb makes, and the one that owns nothing and writes rows."""

_ROLE = f"""
DO $$ BEGIN
    CREATE ROLE {APPLICATION} LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
"""

NAME_BYTES = 63
"""PostgreSQL cuts longer names silently (NAMEDATALEN - 1)."""


@dataclass(slots=True, kw_only=True)
class Server:
    """The server of one data folder, started or found by this process."""

    place: ClusterFolder
    binaries: Binaries
    process: "subprocess.Popen[bytes] | None" = None
    starter: int | None = None
    options: tuple[str, ...] = ()

    @property
    def owned(self) -> bool:
        """Whether this process started the server and therefore stops it."""
        return self.process is not None and self.starter == os.getpid()

    def dsn(self, database: str = "kiss") -> str:
        """Return the application's URL for SQLAlchemy's asyncpg dialect."""
        return self._dsn(APPLICATION, database)

    def owner_dsn(self, database: str = "kiss") -> str:
        """Return the URL of whoever owns the tables, and everything else."""
        return self._dsn(OWNER, database)

    def _dsn(self, role: str, database: str) -> str:
        folder = quote(os.fsencode(self.place.sockets), safe="/")
        name = quote(database, safe="")
        return f"postgresql+asyncpg://{role}@/{name}?host={folder}&port={PORT}"

    def create_database(self, name: str = "kiss") -> bool:
        """Create a database and the application's role unless they exist; return if it is new."""
        if not 0 < len(name.encode()) <= NAME_BYTES or "\0" in name:
            raise EmbeddedError(f"A database's name has 1 to {NAME_BYTES} bytes.")
        sql = f'{_ROLE}CREATE DATABASE :"name"'
        told = psql(self.place, self.binaries, sql, seconds=60, name=name)
        if told.returncode != 0 and not any(state in told.stderr for state in ALREADY_THERE):
            raise EmbeddedError(f"The database {name} could not be created: {told.stderr.strip()}")
        return told.returncode == 0

    def stop(self) -> None:
        """Shut the server down cleanly if this process started it; clients are disconnected."""
        if not self.owned or self.process is None:
            return
        stop(self.process)
        self.process = None


def psql(
    place: ClusterFolder, programs: Binaries, sql: str, *, seconds: float = 5, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run SQL as the superuser over the socket; `:"name"` in it is quoted by psql itself.

    It needs no other account's rights: who may pass the socket's folder is let in.
    """
    given = [word for name, value in variables.items() for word in ("-v", f"{name}={value}")]
    words = [
        str(programs / "psql"), "-X", "-A", "-t", "-q", "-w",
        "-h", str(place.sockets), "-p", str(PORT), "-U", OWNER, "-d", "postgres",
        "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=sqlstate", *given, "-f", "-",
    ]  # fmt: skip
    try:
        return ourselves().run(*words, stdin=sql, seconds=seconds)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(words, 124, "", f"no answer within {seconds:g} s")
