"""A channel to copy: reports come in as JSON, news goes out as JSON. docs/adding-a-channel.md.

Copy this folder to `intake/channels/NAME`, rename what says skeleton, and the registry finds it.
"""

from core.runtime import Runtime
from intake.channels._skeleton.channel import SkeletonChannel
from intake.channels._skeleton.settings import SkeletonSettings


def open_channel(_runtime: Runtime) -> SkeletonChannel | None:
    """Return the channel, or None while its settings are absent."""
    settings = SkeletonSettings()
    return SkeletonChannel(settings) if settings.url else None
