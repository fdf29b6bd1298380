"""Brings what waits on this machine to the store, once that can be used again.

One process of those that share a spool does it. A file is in the spool until the store has it,
read back and compared, and every row that says it waits is gone; killed at any point, the next
carrier begins with that file anew.
"""

import asyncio
import hashlib
import logging
from dataclasses import dataclass, field
from pathlib import Path

from core.ground.database import DatabaseAwayError
from core.ground.faults import reach
from core.ground.file_place import Ledger
from core.ground.spool import Away
from core.ground.storage import Storage
from core.ground.storage_faults import STORE_FAULTS, kind_of

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.5
"""How often the store is looked at; a store that went away is known after 3 s at most."""
_PAUSES = (5.0, 15.0, 60.0, 300.0)
"""Seconds after which one file is tried again that the store, being there, did not take."""
_START_SECONDS, _BYTES_A_SECOND = 30.0, 64 * 1024
"""How long one file may take: so long, and as much as a slow line needs."""


class DiffersError(OSError):
    """What the store holds is not what was brought."""


@dataclass(slots=True)
class Carrier:
    """The carrier of one process."""

    storage: Storage
    ledger: Ledger
    _noted: set[str] | None = None
    """What the rows say; not known before they were settled once."""
    _refused: dict[str, tuple[int, float]] = field(default_factory=dict)

    async def run(self) -> None:
        """Look and carry until cancelled, whenever no other process of this machine does."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                with self.storage.spool.carried() as ours:
                    while ours:
                        await self.round()
                        await asyncio.sleep(LOOK_SECONDS)
            except Exception as error:  # noqa: BLE001 - a carrier never ends: what waits must follow
                logger.error("files: the carrier stumbled (%s)", kind_of(error))  # noqa: TRY400 - no paths
                await asyncio.sleep(_PAUSES[1])

    async def round(self) -> None:
        """Look at the store once and bring it everything that waits, if it is there."""
        away = await self.storage.look()
        keys = await asyncio.to_thread(self.storage.spool.keys)
        try:
            if self._noted != set(keys):
                await self.ledger.settle(keys)
                self._noted = set(keys)
            for key in keys:
                if away is not None:
                    return
                if self._refused.get(key, (0, 0.0))[1] <= _seconds():
                    away = await self._brought(key)
        except DatabaseAwayError:
            return  # whoever reads elsewhere needs the rows; the files are safe here

    async def _brought(self, key: str) -> Away | None:
        """Bring one file; return what is wrong with the store if it is the store's fault.

        The store is looked at all the while: who hangs with a file in its hands is away, too.
        """
        task = asyncio.ensure_future(self.carry(key))
        try:
            while not (await asyncio.wait({task}, timeout=LOOK_SECONDS))[0]:
                if away := await self.storage.look():
                    return away
            await task
        except STORE_FAULTS as error:
            if not self.storage.spool.holds(key):
                return None  # nobody named it, and it was swept meanwhile
            self.storage.doubt()
            away = await self.storage.look()
            if away is None:
                self._put_off(key, error)
            return away
        finally:
            task.cancel()
        self._refused.pop(key, None)
        return None

    async def carry(self, key: str) -> None:
        """Bring one file, compare it, strike its rows, and only then let go of it here."""
        storage = self.storage
        size = await storage.spool.waiting.size(key)
        async with asyncio.timeout(_START_SECONDS + 2 * size / _BYTES_A_SECOND):
            if not key.endswith(await asyncio.to_thread(_digest, storage.spool.path(key))):
                raise DiffersError  # what was damaged here must not replace a good copy there
            await storage.store.put(storage.spool.path(key), key)
            reach("file.carried")
            heard = hashlib.sha256()
            async for chunk in storage.store.read(key, 0, None):
                heard.update(chunk)
        if not key.endswith(heard.hexdigest()):
            raise DiffersError
        await self.ledger.followed(key)
        self._noted = None
        reach("file.struck")
        await asyncio.to_thread(storage.spool.let_go, key)

    def _put_off(self, key: str, error: Exception) -> None:
        times = self._refused.get(key, (0, 0.0))[0]
        if times == 0:
            logger.error("files: %s was not taken by the store (%s)", key, kind_of(error))
        pause = _PAUSES[min(times, len(_PAUSES) - 1)]
        self._refused[key] = (times + 1, _seconds() + pause)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seconds() -> float:
    return asyncio.get_running_loop().time()
