"""Opens the channels that are configured, and tells the database what they say of themselves."""

import logging
from dataclasses import dataclass
from importlib import import_module

from core.hospital.declaration import Declaration, declare
from core.runtime import Runtime
from intake import channels as folder
from intake.channel import Channel, Fetcher, Previewer, Receiver, Sender
from intake.channel_folders import names

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

    def previewer(self, name: str) -> Previewer | None:
        """Return the channel of a name if it shows what was set aside."""
        channel = self.channels.get(name)
        return channel if isinstance(channel, Previewer) else None

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
    await declare(runtime.database, [_declaration(each) for each in registry.channels.values()])


def _declaration(channel: Channel) -> Declaration:
    facts = channel.facts
    return Declaration(
        name=channel.name,
        label=facts.label,
        sign=facts.sign,
        reporting=facts.reporting,
        is_spoken=facts.is_spoken,
        tells_staff=facts.tells_staff,
        takes=facts.takes,
        patience=facts.patience,
        can_send=isinstance(channel, Sender),
    )
