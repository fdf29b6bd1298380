"""Opens the channels that are configured, and tells the database what they say of themselves."""

import logging
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from core.ground.database import transaction
from core.hospital.channel import Channel as ChannelRow
from core.runtime import Runtime
from intake import channels as folder
from intake.channel import Channel, Fetcher, Receiver, Sender
from intake.channel_folders import names

logger = logging.getLogger(__name__)

_DECLARED: Final = ("label", "sign", "reporting", "is_spoken", "tells_staff", "takes", "patience")
"""The columns of `channels` that are fields of ChannelFacts, too."""


@dataclass(frozen=True, slots=True)
class Registry:
    """The channels of this installation, by name."""

    channels: dict[str, Channel]

    def sender(self, name: str) -> Sender | None:
        """Return the channel of a name if news can go back through it."""
        channel = self.channels.get(name)
        return channel if isinstance(channel, Sender) else None

    def receiver(self, name: str) -> Receiver | None:
        """Return the channel of a name if it keeps raw messages to be understood."""
        channel = self.channels.get(name)
        return channel if isinstance(channel, Receiver) else None

    def fetcher(self, name: str) -> Fetcher | None:
        """Return the channel of a name if it announces files that are fetched later."""
        channel = self.channels.get(name)
        return channel if isinstance(channel, Fetcher) else None


def open_channels(runtime: Runtime) -> Registry:
    """Open every channel whose settings are there, and say once which are off."""
    opened: dict[str, Channel] = {}
    for name in names():
        module = import_module(f"{folder.__name__}.{name}")
        channel: Channel | None = module.open_channel(runtime)
        if channel is None:
            logger.info("channel %s is off: it is not configured", name)
        else:
            opened[channel.name] = channel
    return Registry(opened)


async def write_channels(runtime: Runtime, registry: Registry) -> None:
    """Let the `channels` table say what this installation has; a channel that left stays a row."""
    rows = [_row(channel) for channel in registry.channels.values()]
    async with transaction(runtime.database) as session:
        await session.execute(
            update(ChannelRow)
            .where(ChannelRow.name.not_in(registry.channels))
            .values(can_send=False)
        )
        if rows:
            statement = insert(ChannelRow).values(rows)
            told = (*_DECLARED, "can_send", "is_active")
            changed = {column: statement.excluded[column] for column in told}
            await session.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_=changed)
            )


def _row(channel: Channel) -> dict[str, object]:
    return {
        "name": channel.name,
        **{column: getattr(channel.facts, column) for column in _DECLARED},
        "can_send": isinstance(channel, Sender),
        "is_active": True,
    }
