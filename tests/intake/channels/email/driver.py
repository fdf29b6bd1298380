"""Drives mail: a person's mail program in front of our door, and a relay that takes notices."""

import asyncio
import contextlib
import smtplib
from collections.abc import AsyncIterator
from email import message_from_bytes

from core.ground.errors import Reason
from core.runtime import Runtime
from intake.channels.email.channel import EmailChannel
from intake.channels.email.settings import MailSettings, ReceivingSettings
from intake.channels.email.smtp.listener import Door, listening
from tests.intake.channels.contract import Answer, Traits, typed
from tests.intake.channels.email.door import OURS, PERSON, mail
from tests.intake.channels.email.postoffice import PostOffice
from tests.intake.channels.email.relay import DROP, Relay, relay

PASSWORD = "mail-password-for-tests"

SIGN_IN = {"EHLO": "250-relay.invalid\r\n250-8BITMIME\r\n250 AUTH PLAIN"}
ANSWERS: dict[Reason, dict[str, str]] = {
    Reason.THROTTLED: {"RCPT": "450 4.7.1 slow down"},
    Reason.UNREACHABLE: {"connect": DROP},
    Reason.BLOCKED: {"RCPT": "550 5.1.1 no such user"},  # mail knows no other way to say it
    Reason.REFUSED: {"content": "554 5.6.0 not this"},
}


TRAITS = Traits(
    of_nothing=("accepted", ("Keluhan",)),  # its subject says it then
    drops="\0",  # RFC 5322 §4.1
    says_otherwise={Reason.BLOCKED: Reason.UNKNOWN_RECIPIENT},  # mail knows no other way
)


class EmailDriver:
    """Writes reports and answers them as a mail program does."""

    traits = TRAITS
    recipient = PERSON
    secrets = (PASSWORD,)

    def __init__(self, channel: EmailChannel, provider: Relay, port: int) -> None:
        self.channel = channel
        self._provider = provider
        self._port = port
        self._office = PostOffice(channel.runtime)

    async def report(self, key: str, words: str) -> Answer:
        return await self._hand_in(words, Message_ID=f"<{key}@example.org>")

    async def reply(self, key: str, words: str) -> Answer:
        ours = await self._office.notice_id()
        return await self._hand_in(words, Message_ID=f"<{key}@example.org>", In_Reply_To=ours)

    async def settle(self) -> None:
        await self._office.work_off(self.channel)

    def provider_says(self, reason: Reason | None) -> None:
        self._provider.answers = SIGN_IN | (ANSWERS[reason] if reason is not None else {})

    def received(self) -> list[str]:
        parts = [
            part.get_payload(decode=True)
            for content in self._provider.contents
            for part in message_from_bytes(content).walk()
            if part.get_content_type() == "text/plain"
        ]
        return [part.decode() for part in parts if isinstance(part, bytes)]

    async def _hand_in(self, words: str, **headers: str) -> Answer:
        head = mail(Content_Type="text/plain; charset=utf-8", **headers)
        content = head + typed(words).encode() + b"\r\n"
        return await asyncio.to_thread(_spoken, self._port, content)


def _spoken(port: int, content: bytes) -> Answer:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
            client.sendmail(PERSON, [OURS], content, mail_options=["BODY=8BITMIME"])
    except smtplib.SMTPRecipientsRefused as refused:
        return _answer(*refused.recipients[OURS])
    except smtplib.SMTPResponseException as refused:
        return _answer(refused.smtp_code, refused.smtp_error)
    return Answer(verdict="accepted")


def _answer(code: int, text: bytes | str) -> Answer:
    said = text.decode() if isinstance(text, bytes) else text
    return Answer(verdict="later" if code < 500 else "refused", text=said)


@contextlib.asynccontextmanager
async def open_driver(runtime: Runtime) -> AsyncIterator[EmailDriver]:
    """Open our door and a relay; the channel uses both."""
    async with relay() as provider:
        sending = MailSettings(
            url=f"smtp://kiss:{PASSWORD}@127.0.0.1:{provider.port}",
            from_address=OURS,
        )
        channel = EmailChannel(runtime, sending, ReceivingSettings())
        provider.answers = SIGN_IN
        async with listening(Door(port=0), channel.accept, channel.knows) as port:
            yield EmailDriver(channel, provider, port)
