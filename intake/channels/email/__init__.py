"""E-mail: both directions."""

from typing import TYPE_CHECKING

from core.hospital.contact import EMAIL
from intake.channel_facts import ChannelFacts, Listening, OwnProcess

if TYPE_CHECKING:
    from core.runtime import Runtime
    from intake.channels.email.channel import EmailChannel

FACTS = ChannelFacts(
    label={"id": "E-mail", "en": "Mail"},
    sign="mail",
    tells_staff=True,
    takes=EMAIL,
    patience="days",
    listening=Listening(what="Incoming mail", where="SMTP on {}", setting="KISS_MAIL_SMTP_LISTEN"),
    process=OwnProcess(
        command="smtp",
        short_help="Take mail in, and nothing else.",
        help="""Take mail in, and nothing else. What is accepted is in the database before the 250.

    \b
    KISS_MAIL_URL=smtp://relay:587 DATABASE_URL=postgresql://… kiss smtp
    """,
        off="The e-mail channel is off: set KISS_MAIL_URL.",
    ),
    commands={"parse-mail": "intake.channels.email.commands:parse_mail"},
    doctor="intake.channels.email.doctor:look",
    quiet_loggers=("aiosmtpd", "mail"),
    settings=(
        "intake.channels.email.settings:MailSettings",
        "intake.channels.email.settings:ReceivingSettings",
    ),
)


def open_channel(runtime: "Runtime") -> "EmailChannel | None":
    """Return the channel, or None while KISS_MAIL_URL is absent."""
    # Imported late: `kiss parse-mail` lives in this package and must start at once.
    from intake.channels.email.channel import EmailChannel
    from intake.channels.email.settings import MailSettings

    settings = MailSettings()
    return EmailChannel(runtime, settings) if settings.url else None
