"""What really runs: who holds which door open, and who sends news. Asked of the database."""

from collections.abc import Iterator
from typing import Final

from core.ground.presence import RunningProcess
from core.ground.settings import Settings
from intake.channel_folders import all_facts
from intake.finding import Finding, down, off, ok, warn
from intake.registry import Registry

_TICK: Final = chr(96)


def look(
    settings: Settings, registry: Registry, there: tuple[RunningProcess, ...]
) -> Iterator[Finding]:
    """Name each door, whether it is open; and whether news is sent."""
    for name, facts in all_facts().items():
        holders = [each for each in there if name in each.doors]
        channel = registry.channels.get(name)
        if channel is None and holders:
            yield warn(
                f"channel {name}",
                f"It is open in {_named(holders)}, and not configured here: that process was "
                "started with other settings.",
            )
        elif channel is None:
            yield off(f"channel {name}", "It is not configured.")
        elif holders:
            back = _gives(registry, name)
            yield ok(f"channel {name}", f"It {back}; open in {_named(holders)}.")
        else:
            own = facts.process.command if facts.process else "web"
            yield down(
                f"channel {name}",
                f"It is configured, and not running: `kiss run`, or {_printed([own])}, opens it.",
            )
    yield _senders(settings, there)


def _senders(settings: Settings, there: tuple[RunningProcess, ...]) -> Finding:
    working = {"run", "web"} if settings.broker_url is None else {"worker"}
    parts = sorted({part for each in there for part in each.parts & working})
    if parts:
        return ok("sending", f"News is sent, and mail read, by {_printed(parts)}.")
    if settings.broker_url is None:
        return down("sending", "Not running: news goes out from `kiss run` or `kiss web`.")
    return down("sending", "Not running: with BROKER_URL news goes out from `kiss worker` alone.")


def _gives(registry: Registry, name: str) -> str:
    if getattr(registry.channels[name], "only_sends", False):
        return "answers; no setting opens a listener, so that nothing comes in by it"
    return "takes reports and answers" if registry.sender(name) else "takes reports"


def _named(holders: list[RunningProcess]) -> str:
    parts = [part for each in holders for part in sorted(each.parts)]
    return ", ".join(
        _printed([part]) + (f" × {parts.count(part)}" if parts.count(part) > 1 else "")
        for part in dict.fromkeys(parts)
    )


def _printed(parts: list[str]) -> str:
    """Write commands as a page does."""
    return ", ".join(f"{_TICK}kiss {part}{_TICK}" for part in parts)
