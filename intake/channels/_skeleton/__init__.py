"""Skeleton: reports come in as JSON, news goes out as JSON. docs/adding-a-channel.md."""

from typing import TYPE_CHECKING

from intake.channel_facts import ChannelFacts

if TYPE_CHECKING:
    from core.runtime import Runtime
    from intake.channels._skeleton.channel import SkeletonChannel

FACTS = ChannelFacts(label={"id": "Skeleton", "en": "Skeleton"}, sign="bubble")


def open_channel(_runtime: "Runtime") -> "SkeletonChannel | None":
    """Return the channel, or None while its settings are absent."""
    # Imported late: what a channel says of itself is read by every `kiss` command.
    from intake.channels._skeleton.channel import SkeletonChannel
    from intake.channels._skeleton.settings import SkeletonSettings

    settings = SkeletonSettings()
    return SkeletonChannel(settings) if settings.is_complete else None
