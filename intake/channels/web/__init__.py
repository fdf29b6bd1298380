"""The web door: the form, posters' landing pages, thanks, slip and tracking page.

A person who reports here is told at once, on the page; whatever address they leave belongs to
the channel that can reach it, so this channel brings reports in and sends nothing itself.
"""

from typing import TYPE_CHECKING

from intake.channel_facts import ChannelFacts

if TYPE_CHECKING:
    from core.runtime import Runtime
    from intake.channels.web.channel import WebChannel

FACTS = ChannelFacts(label={"id": "Web", "en": "Web"}, sign="globe")


def open_channel(runtime: "Runtime") -> "WebChannel":
    """Open the web door. It needs no settings and is always there."""
    from intake.channels.web.channel import (  # late: every `kiss` command reads FACTS
        WebChannel,
        WebSettings,
    )

    return WebChannel(runtime, WebSettings())
