"""One process at a time speaks for a bot; whoever does is told when that ends."""

import asyncio
from contextlib import AbstractAsyncContextManager

from core.ground.lock import alone as alone_with
from core.runtime import Runtime

_SPACE = 0x54474D  # "TGM": tells our locks from others'


def alone(runtime: Runtime, bot_id: str) -> AbstractAsyncContextManager[asyncio.Event | None]:
    """Speak for a bot: an event that is set when that is lost, None if another process does.

    Raises DatabaseAwayError.
    """
    return alone_with(runtime.database, _SPACE, bot_id)
