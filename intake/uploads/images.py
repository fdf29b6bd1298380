"""The copy of an image that a browser is shown: redrawn by us, without place, device or comment."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from weakref import WeakKeyDictionary

from core.ground.storage import Storage, StorageUnavailable
from core.ground.turns import Turns
from intake.uploads.limits import Limits
from intake.uploads.reasons import Reason
from intake.uploads.types import Verdict

_PROGRAM = Path(__file__).with_name("redraw.py")  # never imported: decoders stay outside
_CHUNK_BYTES = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """A stored display copy, or why there is none. All empty: the file is no image."""

    key: str | None = None
    mime: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    reason: Reason | None = None


NO_IMAGE = Display()


async def draw(
    path: Path, verdict: Verdict, storage: Storage, limits: Limits, *, share: str = ""
) -> Display:
    """Draw and store the display copy of an accepted image; anything else has none.

    Never fails: neither on the image nor for lack of a place for its copy. Takes
    `display_seconds` at most once it runs; not more than `display_processes` run at once, and of
    one `share` not all of them, so that nobody waits for another's pictures.
    """
    if not verdict.accepted or not verdict.mime.startswith("image/"):
        return NO_IMAGE
    try:
        return await _draw(path, storage, limits, share)
    except OSError:  # no process, no temporary folder: the picture itself is safe
        return Display(reason=Reason.IMAGE_UNREADABLE)
    except StorageUnavailable:
        return Display(reason=Reason.STORAGE_FAULT)


async def _draw(path: Path, storage: Storage, limits: Limits, share: str) -> Display:
    with TemporaryDirectory(prefix="kiss-display-") as folder:
        target = Path(folder) / "copy"
        async with _places(limits).turn(share):
            answer = await _redraw(path, target, limits)
        if isinstance(answer, Reason):
            return Display(reason=answer)
        mime, width, height = answer.split()
        stored = await storage.put_stream(_read(target))
    return Display(
        key=stored.key, mime=mime, size=stored.size, width=int(width), height=int(height)
    )


async def _redraw(source: Path, target: Path, limits: Limits) -> str | Reason:
    """Run the drawing process; return its answer or the reason why there is none."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", _PROGRAM, source, target),
        *map(str, (limits.pixels, limits.display_edge, limits.display_memory)),
        str(int(limits.display_seconds) + 1),
        env={},  # no secret of ours in it
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(limits.display_seconds):
            answer, _ = await process.communicate()
    except TimeoutError:
        return Reason.IMAGE_TOO_SLOW
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    text = answer.decode().strip()
    if process.returncode != 0:
        return Reason.IMAGE_UNREADABLE  # it crashed, or ran into its limits
    return Reason(text) if text in set(Reason) else text


async def _read(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


_places_of: WeakKeyDictionary[asyncio.AbstractEventLoop, Turns] = WeakKeyDictionary()


def _places(limits: Limits) -> Turns:
    """Return the loop's places for drawing processes; the first caller's limit counts."""
    most = limits.display_processes
    loop = asyncio.get_running_loop()
    return _places_of.setdefault(loop, Turns(most, of_share=max(most - 1, 1)))
