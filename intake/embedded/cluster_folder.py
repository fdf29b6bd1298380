"""Where the cluster lies: in the data folder, or in the state folder when root's data is private.

Started by root, PostgreSQL runs as another account, which cannot pass a 0700 folder such as /root.
We open nobody's folders: the cluster then lies in the state folder, and `postgres.path` in the data
folder names it. The name is drawn once, so a moved data folder keeps its database and a new one
never finds an old one.
"""

import fcntl
import hashlib
import logging
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from intake.embedded.account import OsAccount, account_for
from intake.embedded.binaries import make_public_folder
from intake.embedded.errors import EmbeddedError

log = logging.getLogger(__name__)

STATE = Path("/var/lib/kiss-intake")
"""Root's folder for what another account must reach: copied programs, clusters of private data."""

POINTER = "postgres.path"
PORT = 5432
"""Names the socket file; no TCP port is opened."""

SOCKET = f".s.PGSQL.{PORT}"
SOCKET_BYTES = 103
"""The shortest `sun_path` of the systems we run on (macOS 104, Linux 108), less the final NUL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterFolder:
    """The paths of one cluster and the account that owns it."""

    home: Path
    account: OsAccount

    @property
    def pgdata(self) -> Path:
        """PostgreSQL's own folder, mode 0700."""
        return pgdata_in(self.home)

    @property
    def lock(self) -> Path:
        """Locked by whoever starts the server, then by the server while a process of it lives."""
        return self.home / "postgres.lock"

    @property
    def log(self) -> Path:
        """What the server says, without statements or values."""
        return self.home / "server.log"

    @property
    def sockets(self) -> Path:
        """The socket's folder: the cluster, or a short one when that path would be too long."""
        if len(os.fsencode(self.pgdata / SOCKET)) <= SOCKET_BYTES:
            return self.pgdata
        return Path("/tmp") / f"kiss-{hashlib.sha256(os.fsencode(self.pgdata)).hexdigest()[:16]}"  # noqa: S108 - verified to be private in `open_sockets`

    @property
    def socket(self) -> Path:
        """The socket itself."""
        return self.sockets / SOCKET

    @property
    def version(self) -> str | None:
        """The major version that wrote the cluster, or None before there is one."""
        try:
            return (self.pgdata / "PG_VERSION").read_text("ascii").strip()
        except FileNotFoundError:
            return None

    def open_sockets(self) -> None:
        """Make sure the socket's folder exists and is private.

        Raises EmbeddedError when somebody else has put something in its place.
        """
        folder = self.sockets
        if folder == self.pgdata:
            return
        try:
            folder.mkdir(mode=0o700)
            self.account.own(folder)
        except FileExistsError:
            pass
        found = folder.lstat()
        if (
            not stat.S_ISDIR(found.st_mode)
            or found.st_uid != self.account.uid
            or found.st_mode & 0o077
        ):
            raise EmbeddedError(
                f"{folder} is not a private folder of the account {self.account.name}: remove it, "
                "or use a data folder with a shorter path."
            )


def pgdata_in(home: Path) -> Path:
    """Return the cluster's folder below its home."""
    return home / "postgres"


def locate(data: Path, state: Path = STATE) -> ClusterFolder | None:
    """Return where the cluster of a data folder lies, or None if it has none; create nothing."""
    data = data.resolve()
    home = _pointed(data, state) or data
    if not pgdata_in(home).exists():
        return None
    return ClusterFolder(home=home, account=account_for(pgdata_in(home), data))


def settle(data: Path, state: Path = STATE) -> ClusterFolder:
    """Return where the cluster of a data folder lies, choosing it at the first call.

    Raises EmbeddedError when the place exists but cannot be reached.
    """
    data = data.resolve()
    _make_data_folder(data)
    with _alone(data):
        home = _pointed(data, state) or data
        place = ClusterFolder(home=home, account=account_for(pgdata_in(home), data))
        if place.account.can_enter(home):
            return place
        if home != data or place.pgdata.exists():
            raise EmbeddedError(
                f"The account {place.account.name}, which owns the database in {place.pgdata}, may "
                f"not enter {home}: allow it to pass the folders above (chmod o+x)."
            )
        return ClusterFolder(home=_found_home(data, state), account=place.account)


def _make_data_folder(data: Path) -> None:
    if not data.exists():
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o711 if os.geteuid() == 0 else 0o700)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Let one process at a time decide about a data folder."""
    folder = os.open(data, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _pointed(data: Path, state: Path) -> Path | None:
    """Return the home the pointer names: always below `state`, whatever the file says."""
    try:
        name = (data / POINTER).read_text("ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    home = state / "clusters" / name
    if re.fullmatch(r"[0-9a-f]{16}", name) is None or not home.is_dir():
        raise EmbeddedError(
            f"{data / POINTER} names a database that is not in {state / 'clusters'}: bring "
            f"that folder back from a backup, or remove the file to begin with an empty database."
        )
    return home


def _found_home(data: Path, state: Path) -> Path:
    name = secrets.token_hex(8)
    home = state / "clusters" / name
    make_public_folder(home)
    (home / "data-folder").write_text(f"{data}\n", "utf-8", "surrogateescape")
    pointer = data / POINTER
    fresh = pointer.with_suffix(".new")
    fresh.write_text(f"{name}\n", "ascii")
    fresh.rename(pointer)
    log.warning("%s is private, so its database lies in %s: back up both", data, home)
    return home
