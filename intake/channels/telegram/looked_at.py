"""What can be seen of an update that nobody understands: its chat and its words. Pure.

The person's Telegram name is not looked at: staff do not see it (docs/telegram.md).
"""

import json
from dataclasses import dataclass

from core.ground.text import clean
from intake.channels.telegram.understand import chat_of

_KINDS = ("message", "edited_message", "channel_post", "business_message", "callback_query")
_WORDS = ("text", "caption", "data")


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What an update shows; empty where it shows nothing."""

    address: str | None = None
    words: str = ""


def looked_at(content: bytes) -> LookedAt:
    """Look at an update's bytes. Never raises."""
    try:
        raw = json.loads(content)
    except (ValueError, RecursionError):
        return LookedAt()
    if not isinstance(raw, dict):
        return LookedAt()
    found = (raw[kind] for kind in _KINDS if isinstance(raw.get(kind), dict))
    body: dict[str, object] = next(found, {})
    words = next((said for name in _WORDS if isinstance(said := body.get(name), str)), "")
    return LookedAt(
        address=chat_of(raw),
        words=clean(words),
    )
