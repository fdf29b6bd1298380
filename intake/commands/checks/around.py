"""What stands around us: files, broker, mail server. Each is asked once, for a few seconds."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from core.ground.settings import Settings
from core.ground.storage import StorageUnavailable
from core.runtime import Runtime
from intake.channels.email.settings import MailSettings
from intake.commands.checks.finding import Finding, fail, off, ok

PATIENCE = 3.0
_BROKER_PORTS = {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671}


async def storage(runtime: Runtime) -> Finding:
    """Write a small file, and remove it."""
    where = runtime.settings.storage_url or str(runtime.settings.data / "files")
    shown = where.partition("?")[0]
    try:
        kept = await runtime.storage.put_stream(_probe())
        await runtime.storage.delete(kept.key)
    except StorageUnavailable as error:
        return fail("files", f"{shown}: {error}")
    return ok("files", f"{shown} can be written.")


async def broker(settings: Settings) -> Finding:
    """See whether the broker takes connections."""
    if settings.broker_url is None:
        return off("broker", "None: news goes out from the process that serves pages.")
    parts = urlsplit(settings.broker_url)
    port = parts.port or _BROKER_PORTS.get(parts.scheme)
    if port is None:
        return fail("broker", f"BROKER_URL begins with redis:// or amqp://, not {parts.scheme}://")
    host = parts.hostname or "127.0.0.1"
    if await _greeting(host, port, wait=False) is None:
        return fail("broker", f"{host}:{port} does not answer. Reports are taken all the same.")
    return ok("broker", f"{parts.scheme} on {host}:{port} answers.")


async def mail() -> Finding:
    """See whether the mail server greets us."""
    settings = MailSettings()
    if settings.url is None:
        return off("mail", "KISS_MAIL_URL is not set: nobody is told anything by e-mail.")
    relay = settings.relay
    greeting = await _greeting(relay.host, relay.port, wait=not relay.tls)
    if greeting is None:
        return fail("mail", f"{relay.host}:{relay.port} does not answer: notices wait.")
    if not relay.tls and not greeting.startswith(b"220"):
        return fail("mail", f"{relay.host}:{relay.port} is no mail server, or refuses us.")
    return ok("mail", f"{relay.host}:{relay.port} takes mail from {settings.from_address}.")


async def _greeting(host: str, port: int, *, wait: bool) -> bytes | None:
    """Return the first line a server says (b"" without `wait`), or None if it does not answer."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(host, port)
            said = await reader.readline() if wait else b""
            writer.close()
    except (OSError, TimeoutError, ValueError):
        return None
    return said


async def _probe() -> AsyncIterator[bytes]:
    yield b"kiss doctor was here\n"
