"""Finds the channels' folders, opens those that are configured, and tells the database."""

import logging
import pkgutil
from dataclasses import dataclass
from importlib import import_module

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from core.ground.database import transaction
from core.hospital.channel import Channel as ChannelRow
from core.runtime import Runtime
from intake import channels as folder
from intake.channel import Channel, Receiver, Sender

logger = logging.getLogger(__name__)


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


def names() -> list[str]:
    """Name every channel folder; one that begins with an underscore is a sample to copy."""
    found = (module.name for module in pkgutil.iter_modules(folder.__path__))
    return sorted(name for name in found if not name.startswith("_"))


def how_to_open(name: str) -> str | None:
    """Return the words by which a channel that is off says how to open it, if it has any."""
    words: str | None = getattr(import_module(f"{folder.__name__}.{name}"), "HOW_TO_OPEN", None)
    return words


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
    rows = [
        {
            "name": channel.name,
            "reporting": channel.reporting,
            "can_send": isinstance(channel, Sender),
            "is_active": True,
        }
        for channel in registry.channels.values()
    ]
    async with transaction(runtime.database) as session:
        await session.execute(
            update(ChannelRow)
            .where(ChannelRow.name.not_in(registry.channels))
            .values(can_send=False)
        )
        if rows:
            statement = insert(ChannelRow).values(rows)
            changed = {
                column: statement.excluded[column]
                for column in ("reporting", "can_send", "is_active")
            }
            await session.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_=changed)
            )
