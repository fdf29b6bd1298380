"""The web chat: the same conversation in the browser, for people without a chat program."""

from core.runtime import Runtime
from intake.channel import Channel
from intake.channels.webchat.channel import WebChat
from intake.channels.webchat.settings import WebChatSettings


def open_channel(runtime: Runtime) -> Channel | None:
    """Open the web chat. It needs nothing from outside, so it is there unless switched off."""
    settings = WebChatSettings()
    return WebChat(runtime, settings) if settings.enabled else None
