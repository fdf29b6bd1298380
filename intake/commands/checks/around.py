"""What stands around us: files, broker, what channels send through. Each is asked once."""

from collections.abc import Awaitable, Callable
from typing import cast
from urllib.parse import urlsplit

from core.ground.settings import Settings
from core.ground.waiting_files import by_machine
from core.runtime import Runtime
from intake.channel_folders import all_facts, loaded
from intake.finding import Finding, fail, off, ok, warn
from intake.greeting import greeting

Look = Callable[[], Awaitable[Finding]]
_BROKER_PORTS = {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671}


async def storage(runtime: Runtime) -> Finding:
    """See whether the store takes files, and whether any still wait for it."""
    where = runtime.settings.storage_url or str(runtime.settings.data / "files")
    shown = where.partition("?")[0]
    away = await runtime.storage.look()
    if away is not None:
        waiting = "Reports are taken all the same; files wait on this machine."
        return fail(
            "files", f"{shown}: away since {away.since:%Y-%m-%d %H:%M}Z ({away.kind}). {waiting}"
        )
    return ok("files", f"{shown} can be written.")


async def waiting(runtime: Runtime) -> list[Finding]:
    """Name each machine on which files wait: with it they would be lost."""
    found = await by_machine(runtime.database)
    return [
        warn(
            "files",
            f"{each.files} wait on {each.machine} for the store, "
            f"the first since {each.since:%Y-%m-%d %H:%M}Z.",
        )
        for each in found
    ]


async def broker(settings: Settings) -> Finding:
    """See whether the broker takes connections."""
    if settings.broker_url is None:
        return off("broker", "None: news goes out from the process that serves pages.")
    parts = urlsplit(settings.broker_url)
    port = parts.port or _BROKER_PORTS.get(parts.scheme)
    if port is None:
        return fail("broker", f"BROKER_URL begins with redis:// or amqp://, not {parts.scheme}://")
    host = parts.hostname or "127.0.0.1"
    if await greeting(host, port, wait=False) is None:
        return fail("broker", f"{host}:{port} does not answer. Reports are taken all the same.")
    return ok("broker", f"{parts.scheme} on {host}:{port} answers.")


async def of_channels() -> list[Finding]:
    """Let each channel that has a doctor of its own look around, by the order of their names."""
    targets = [facts.doctor for facts in all_facts().values() if facts.doctor is not None]
    return [await cast("Look", loaded(target))() for target in targets]
