"""Reading a body at the pace of a bad line, but not of a held one."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import ClientError, StreamReader
from aiohttp.http_exceptions import HttpProcessingError

from intake.uploads.limits import Limits
from intake.uploads.refusals import Aborted, Stalled, TooMuch


async def paced(content: StreamReader, limits: Limits, at_most: int) -> AsyncIterator[bytes]:
    """Yield the body as it comes. Only time spent waiting for the peer counts.

    Raises Stalled when `pace_seconds` of waiting brought fewer than `pace_bytes`, TooMuch
    after `at_most` bytes, Aborted when the peer breaks off or its framing is wrong.
    """
    now = asyncio.get_running_loop().time
    left, fresh, total = limits.pace_seconds, 0, 0
    while True:
        asked = now()
        try:
            async with asyncio.timeout(left):
                chunk = await content.readany()
        except TimeoutError as error:
            raise Stalled from error
        except (ClientError, HttpProcessingError, ConnectionError, EOFError) as error:
            raise Aborted from error
        if not chunk:
            return
        total += len(chunk)
        if total > at_most:
            raise TooMuch
        left, fresh = left - (now() - asked), fresh + len(chunk)
        if fresh >= limits.pace_bytes:
            left, fresh = limits.pace_seconds, 0
        yield chunk
