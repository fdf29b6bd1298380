"""The file `secret` of the data folder: bytes of one key, or since a rotation the lines of a ring.

A line is a key: what it is for, when it was made, when it ends, and the key itself. The file is
replaced as a whole and is the owner's alone; two processes that start at once agree on one secret.
"""

import base64
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from core.ground.secret import MOST, Key, Secret, drawn, written

NAME: Final = "secret"
_HEAD: Final = "kiss keys 1\n"
_NEVER: Final = "-"
_MODE: Final = 0o600

Use = Literal["current", "next", "former"]
"""next: known already, and used by nobody yet."""
_USES: Final[dict[str, Use]] = {"current": "current", "next": "next", "former": "former"}


class KeyFileError(Exception):
    """The file is there and is not what we wrote; nothing of it is used or changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptKey:
    """One line."""

    use: Use
    key: Key


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The keys of a data folder."""

    kept: tuple[KeptKey, ...]

    def of_use(self, use: Use) -> tuple[Key, ...]:
        """Return the keys of one use."""
        return tuple(each.key for each in self.kept if each.use == use)

    @property
    def current(self) -> Key:
        """The key with which things are made."""
        return self.of_use("current")[0]

    @property
    def coming(self) -> Key | None:
        """The key that is known already, and used by nobody yet."""
        return next(iter(self.of_use("next")), None)

    def secret(self, now: datetime) -> Secret:
        """Return the ring as a process uses it: without what is past its end."""
        others = (*self.of_use("next"), *self.of_use("former"))
        return Secret((self.current, *(key for key in others if not _is_over(key, now))))

    def over(self, now: datetime) -> tuple[Key, ...]:
        """Return the former keys that are past their end."""
        return tuple(key for key in self.of_use("former") if _is_over(key, now))

    def with_next(self, now: datetime) -> "KeyFile":
        """Add a fresh key that is only known. Raises ValueError where the ring is full."""
        if len(self.kept) >= MOST:
            raise ValueError("full")
        fresh = Key(content=drawn(), made_at=now.replace(microsecond=0))
        return KeyFile((*self.kept, KeptKey(use="next", key=fresh)))

    def with_next_in_use(self, ends_at: datetime | None) -> "KeyFile":
        """Make the next key the current one, and the current one a former."""
        became: dict[Use, Use] = {"next": "current", "current": "former", "former": "former"}
        moved = (
            KeptKey(
                use=became[each.use],
                key=replace(each.key, ends_at=ends_at) if each.use == "current" else each.key,
            )
            for each in self.kept
        )
        return KeyFile(tuple(moved))

    def without(self, key: Key) -> "KeyFile":
        """Drop a key that is not the current one."""
        return KeyFile(tuple(each for each in self.kept if each.key != key))


def read_or_made(data: Path) -> KeyFile:
    """Read the file; make it with one key where there is none.

    Raises OSError where the folder cannot be used, and KeyFileError.
    """
    path = data / NAME
    data.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = _written_beside(path, drawn())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return read(data)


def read(data: Path) -> KeyFile:
    """Read the file. Raises OSError and KeyFileError."""
    path = data / NAME
    raw = path.read_bytes()
    if not raw.startswith(_HEAD.encode()):
        made_at = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        return KeyFile((KeptKey(use="current", key=Key(content=raw, made_at=made_at)),))
    try:
        kept = tuple(_read_line(line) for line in raw.decode().splitlines()[1:])
    except (KeyError, ValueError) as error:
        raise KeyFileError(f"{path} is damaged: take it from the backup.") from error
    found = KeyFile(kept)
    if len(found.of_use("current")) != 1 or len(found.of_use("next")) > 1 or len(kept) > MOST:
        raise KeyFileError(f"{path} is damaged: take it from the backup.")
    return found


def write(data: Path, keys: KeyFile) -> None:
    """Replace the file, whole or not at all. Raises OSError."""
    path = data / NAME
    text = _HEAD + "".join(f"{_line(each)}\n" for each in keys.kept)
    fresh = _written_beside(path, text.encode())
    try:
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    folder = os.open(data, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def is_private(data: Path) -> bool:
    """Say whether nobody but its owner may read the file."""
    return (data / NAME).stat().st_mode & 0o077 == 0


def _written_beside(path: Path, content: bytes) -> Path:
    fresh = path.with_name(f".{NAME}-{os.getpid()}")
    fresh.unlink(missing_ok=True)
    opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    with os.fdopen(opened, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _line(kept: KeptKey) -> str:
    made_at, ends_at = (
        moment.isoformat() if moment else _NEVER for moment in (kept.key.made_at, kept.key.ends_at)
    )
    return f"{kept.use} {made_at} {ends_at} {written(kept.key.content)}"


def _read_line(line: str) -> KeptKey:
    use, made_at, ends_at, letters = line.split(" ")
    content = base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)
    moments = [
        None if each == _NEVER else datetime.fromisoformat(each) for each in (made_at, ends_at)
    ]
    return KeptKey(use=_USES[use], key=Key(content=content, made_at=moments[0], ends_at=moments[1]))


def _is_over(key: Key, now: datetime) -> bool:
    return key.ends_at is not None and key.ends_at <= now
