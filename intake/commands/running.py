"""What runs of this installation: which command opens which doors, and who is there now."""

from contextlib import AbstractAsyncContextManager
from typing import Final

from core.ground.presence import RunningProcess, present, present_now
from core.ground.secret import Secret
from core.runtime import Runtime
from intake.channel_facts import OwnProcess
from intake.channel_folders import all_facts
from intake.registry import Registry

_PARTS: Final = ("run", "web", "worker")


def doors_of(part: str, registry: Registry) -> Registry:
    """Return the channels whose doors a command opens: for whoever opens them and whoever asks.

    `run` opens all; `web` all but those that have a process of their own; each of these its own.
    """
    if part == "run":
        return registry
    return Registry(
        {name: one for name, one in registry.channels.items() if _opens(part, one.facts.process)}
    )


def seen_running(runtime: Runtime, part: str, doors: Registry) -> AbstractAsyncContextManager[None]:
    """Be seen by `kiss doctor` and the commands of keys while the block lasts."""
    keys = frozenset(runtime.secret.ids)
    return present(
        runtime.database,
        RunningProcess(parts=frozenset({part}), doors=frozenset(doors.channels), keys=keys),
    )


async def running_now(runtime: Runtime, secret: Secret) -> tuple[RunningProcess, ...]:
    """Return the processes that run. Raises DatabaseAwayError."""
    facts = all_facts()
    own = (each.process.command for each in facts.values() if each.process is not None)
    asked = RunningProcess(
        parts=frozenset({*_PARTS, *own}), doors=frozenset(facts), keys=frozenset(secret.ids)
    )
    return tuple(each for each in await present_now(runtime.database, asked) if each.parts)


def _opens(part: str, own: OwnProcess | None) -> bool:
    return own is None if part == "web" else own is not None and own.command == part
