"""Whose rights PostgreSQL runs with: it refuses root, so root lends it another account."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from intake.embedded.errors import EmbeddedError

SUBSTITUTES = ("postgres", "nobody")
"""The accounts root runs PostgreSQL as, first found first. Both exist without our adding any."""


class Identity(TypedDict):
    """Arguments of `subprocess.Popen`; None leaves the identity as it is."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OsAccount:
    """A user and group that own the database's files and run its programs."""

    uid: int
    gid: int

    @property
    def borrowed(self) -> bool:
        """Whether a program must change to this account first."""
        return os.geteuid() == 0 and self.uid != 0

    @property
    def name(self) -> str:
        """The login name, or the number of a user without one."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)

    @property
    def identity(self) -> Identity:
        """What `subprocess` must be told so that a program runs as this account."""
        if not self.borrowed:
            return Identity(user=None, group=None, extra_groups=None)
        return Identity(user=self.uid, group=self.gid, extra_groups=[])

    def run(
        self,
        *argv: str | Path,
        stdin: str = "",
        seconds: float = 60,
        pass_fds: tuple[int, ...] = (),
    ) -> subprocess.CompletedProcess[str]:
        """Run one program as this account in a clean environment, for at most `seconds`.

        Raises OSError when the account may not execute it.
        """
        return subprocess.run(
            [str(word) for word in argv],
            input=stdin,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
            cwd="/",
            env=clean_environment(),
            pass_fds=pass_fds,
            **self.identity,
        )

    def can_enter(self, folder: Path) -> bool:
        """Return whether this account passes every folder on the way; ACLs count."""
        return self.run("/bin/sh", "-c", 'cd -- "$1"', "sh", folder).returncode == 0

    def own(self, path: Path) -> None:
        """Give one file or folder to this account; a symbolic link is never followed."""
        if self.borrowed:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def clean_environment() -> dict[str, str]:
    """Only what PostgreSQL needs: no PG* variable or locale of the caller reaches it."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def ourselves() -> OsAccount:
    """Return the account of this process."""
    return OsAccount(uid=os.geteuid(), gid=os.getegid())


def account_for(pgdata: Path, data: Path) -> OsAccount:
    """Choose the account for a cluster: ourselves, or under root the owner of what is there."""
    if os.geteuid() != 0:
        return _ourselves_if_owner(pgdata)
    for folder in (pgdata, data):
        if folder.exists() and (owner := folder.stat()).st_uid != 0:
            return OsAccount(uid=owner.st_uid, gid=owner.st_gid)
    for name in SUBSTITUTES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return OsAccount(uid=entry.pw_uid, gid=entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL refuses to run as root and this machine has neither an account 'postgres' nor "
        "'nobody': start kiss as an ordinary user, or set DATABASE_URL."
    )


def _ourselves_if_owner(pgdata: Path) -> OsAccount:
    me = ourselves()
    if pgdata.exists() and (owner := pgdata.stat()).st_uid != me.uid:
        other = OsAccount(uid=owner.st_uid, gid=owner.st_gid)
        raise EmbeddedError(
            f"The database in {pgdata} belongs to the account {other.name}, but this is {me.name}: "
            f"run kiss as {other.name} or as root."
        )
    return me
