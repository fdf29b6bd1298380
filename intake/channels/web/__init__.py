"""The web door: the form, posters' landing pages, thanks, slip and tracking page.

A person who reports here is told at once, on the page; whatever address they leave belongs to
the channel that can reach it, so this channel brings reports in and sends nothing itself.
"""

from core.runtime import Runtime
from intake.channel import Channel
from intake.channels.web.channel import WebChannel, WebSettings


def open_channel(runtime: Runtime) -> Channel:
    """Open the web door. It needs no settings and is always there."""
    return WebChannel(runtime, WebSettings())
