"""What `kiss doctor` sees of the mail server that takes our notices."""

from intake.channels.email.settings import MailSettings
from intake.finding import Finding, fail, off, ok
from intake.greeting import greeting


async def look() -> Finding:
    """See whether the mail server greets us."""
    settings = MailSettings()
    if settings.url is None:
        return off("mail", "KISS_MAIL_URL is not set: nobody is told anything by e-mail.")
    relay = settings.relay
    said = await greeting(relay.host, relay.port, wait=not relay.tls)
    if said is None:
        return fail("mail", f"{relay.host}:{relay.port} does not answer: notices wait.")
    if not relay.tls and not said.startswith(b"220"):
        return fail("mail", f"{relay.host}:{relay.port} is no mail server, or refuses us.")
    return ok("mail", f"{relay.host}:{relay.port} takes mail from {settings.from_address}.")
