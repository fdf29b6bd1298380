"""Writes what a release is made of: `python -m tools.catalogue`.

`migrations/catalogue.txt` describes a freshly migrated database; `migrations/released.sha256`
freezes the revisions: one that is listed never changes again, one that is new gets its line.
"""

import asyncio
import hashlib
import tempfile
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine

from intake import embedded
from migrations import catalogue
from migrations.upgrade import upgrade

RELEASED = Path(catalogue.__file__).with_name("released.sha256")
VERSIONS = RELEASED.with_name("versions")


def checksums(versions: Path = VERSIONS) -> dict[str, str]:
    """Return the SHA-256 of every file that a revision consists of."""
    files = (file for file in sorted(versions.iterdir()) if file.suffix in (".py", ".sql"))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def frozen(released: Path = RELEASED) -> dict[str, str]:
    """Return the checksums that stand written down; none before the first release."""
    if not released.exists():
        return {}
    pairs = (line.split() for line in released.read_text(encoding="utf-8").splitlines())
    return {name: checksum for checksum, name in pairs}


def unlike(versions: Path = VERSIONS, released: Path = RELEASED) -> list[str]:
    """Name what is wrong: a revision that was changed or is gone, or one without its line."""
    found, listed = checksums(versions), frozen(released)
    return [
        *(f"{name} was changed" for name in listed if found.get(name) not in (None, listed[name])),
        *(f"{name} is gone" for name in listed if name not in found),
        *(f"{name} has no line" for name in found if name not in listed),
    ]


def main() -> None:
    """Write both files; a listed revision that was changed is refused."""
    broken = [fault for fault in unlike() if not fault.endswith("has no line")]
    if broken:
        raise SystemExit("An applied migration is frozen: " + ", ".join(broken))
    listed = "".join(f"{checksum}  {name}\n" for name, checksum in checksums().items())
    RELEASED.write_text(listed, encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with embedded.running(Path(folder) / "data", state=Path(folder) / "state") as server:
            server.create_database()
            asyncio.run(_write(server.owner_dsn()))


async def _write(url: str) -> None:
    engine = create_async_engine(url)
    await upgrade(engine)
    async with engine.connect() as connection:
        lines = await catalogue.catalogue(connection)
    await engine.dispose()
    catalogue.FILE.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
