"""E-mail: both directions."""

from core.runtime import Runtime
from intake.channels.email.channel import EmailChannel
from intake.channels.email.settings import MailSettings


def open_channel(runtime: Runtime) -> EmailChannel | None:
    """Return the channel, or None while KISS_MAIL_URL is absent."""
    settings = MailSettings()
    return EmailChannel(runtime, settings) if settings.url else None
