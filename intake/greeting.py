"""Asks a server whether it is there, for a few seconds."""

import asyncio

PATIENCE = 3.0
"""Seconds."""


async def greeting(host: str, port: int, *, wait: bool) -> bytes | None:
    """Return the first line a server says (b"" without `wait`), or None if it does not answer."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(host, port)
            said = await reader.readline() if wait else b""
            writer.close()
    except (OSError, TimeoutError, ValueError):
        return None
    return said
