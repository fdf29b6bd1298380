"""What `kiss doctor` sees of mail: the server that takes our notices, and who checks senders."""

from intake.channels.email.settings import MailSettings, ReceivingSettings
from intake.finding import Finding, fail, off, ok, warn
from intake.greeting import greeting

UNCHECKED = (
    "nothing proves who sends us mail, so every sender is unproven: let your mail server check it"
    " and name it in KISS_MAIL_AUTHSERV_ID, or name a DNS resolver in KISS_MAIL_RESOLVER."
)


async def look() -> Finding:
    """See whether the mail server greets us, and whether senders of what comes in are checked."""
    settings = MailSettings()
    if settings.url is None:
        return off("mail", "KISS_MAIL_URL is not set: nobody is told anything by e-mail.")
    relay = settings.relay
    said = await greeting(relay.host, relay.port, wait=not relay.tls)
    if said is None:
        return fail("mail", f"{relay.host}:{relay.port} does not answer: notices wait.")
    if not relay.tls and not said.startswith(b"220"):
        return fail("mail", f"{relay.host}:{relay.port} is no mail server, or refuses us.")
    takes = f"{relay.host}:{relay.port} takes mail from {settings.from_address}"
    receiving = ReceivingSettings()
    if receiving.takes_mail and not receiving.checks_senders:
        return warn("mail", f"{takes}; but {UNCHECKED}")
    return ok("mail", f"{takes}.")
