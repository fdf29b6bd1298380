"""The web chat: the same conversation in the browser, for people without a chat program."""

from typing import TYPE_CHECKING

from intake.channel_facts import ChannelFacts

if TYPE_CHECKING:
    from core.runtime import Runtime
    from intake.channels.webchat.channel import WebChat

FACTS = ChannelFacts(
    label={"id": "Chat web", "en": "Web chat"},
    sign="bubble",
    settings=("intake.channels.webchat.settings:WebChatSettings",),
)


def open_channel(runtime: "Runtime") -> "WebChat | None":
    """Open the web chat. It needs nothing from outside, so it is there unless switched off."""
    from intake.channels.webchat.channel import WebChat  # late: every `kiss` command reads FACTS
    from intake.channels.webchat.settings import WebChatSettings

    settings = WebChatSettings()
    return WebChat(runtime, settings) if settings.enabled else None
