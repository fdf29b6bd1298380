"""The Runtime: everything a verb of the core works with; `core.opening` makes it."""

from dataclasses import dataclass, field

from core.ground.bell import Bell
from core.ground.clock import Clock
from core.ground.database import Database
from core.ground.readiness import Readiness
from core.ground.refusals import Refusals
from core.ground.secret import Secret
from core.ground.settings import Settings
from core.ground.storage import Storage
from core.hospital.directory_store import DirectoryStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """Handed to whoever needs it; nothing of it is global, nothing of it changes."""

    settings: Settings
    clock: Clock
    secret: Secret = field(repr=False)
    database: Database
    directory: DirectoryStore
    storage: Storage
    bell: Bell
    readiness: Readiness
    refusals: Refusals = field(default_factory=Refusals)
    """What limits refused in this process; written down now and then."""
