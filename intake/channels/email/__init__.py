"""E-mail: both directions."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.runtime import Runtime
    from intake.channels.email.channel import EmailChannel


def open_channel(runtime: "Runtime") -> "EmailChannel | None":
    """Return the channel, or None while KISS_MAIL_URL is absent."""
    # Imported late: `kiss parse-mail` lives in this package and must start at once.
    from intake.channels.email.channel import EmailChannel
    from intake.channels.email.settings import MailSettings

    settings = MailSettings()
    return EmailChannel(runtime, settings) if settings.url else None
