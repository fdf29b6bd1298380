"""Takes one delivery to Telegram: paced, split, with its buttons, in plain text."""

import contextlib
from dataclasses import dataclass

from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from core.ground.database import DatabaseAwayError
from core.ground.errors import DeliveryError, Reason
from intake.channel import Outgoing
from intake.channels.telegram.faults import failure
from intake.channels.telegram.keyboards import Markup, markup
from intake.channels.telegram.pacing import Pacing
from intake.channels.telegram.split import split
from intake.chat.conversation import Conversation
from intake.chat.news import says_of
from intake.chat.outbox import LEAVE
from intake.dialogue import wording

_UNCHANGED = "not modified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One message as it is shown, before it is split."""

    text: str
    markup: Markup | None = None
    asks: bool = False
    replaces: bool = False
    """It takes the place of the last question, where that still can be changed."""
    ticket: str | None = None


@dataclass(slots=True)
class Sender:
    """Sends what the relay hands over."""

    bot: Bot
    conversation: Conversation
    pacing: Pacing

    async def send(self, outgoing: Outgoing) -> str:
        """Return Telegram's id of the last message sent. Raises DeliveryError, nothing else."""
        try:
            chat = int(outgoing.recipient)
        except ValueError:
            raise DeliveryError(Reason.UNKNOWN_RECIPIENT, "no chat id") from None
        try:
            if outgoing.template == LEAVE:
                return await self._leave(chat)
            return await self._send(chat, await self._bubbles(outgoing))
        except TelegramError as error:
            raise await self._failed(outgoing.recipient, error) from None
        except DatabaseAwayError:
            raise DeliveryError(Reason.UNREACHABLE, "our database is away") from None

    async def _bubbles(self, outgoing: Outgoing) -> list[Bubble]:
        try:
            meant = await says_of(self.conversation, outgoing)
        except ValueError:
            raise DeliveryError(Reason.REFUSED, "the message cannot be read") from None
        if meant is None:
            return [Bubble(text=outgoing.text, ticket=outgoing.ticket_number)]
        says, lang = meant
        return [
            Bubble(
                text=wording.text(say, lang),
                markup=markup(say, lang),
                asks=say.style == "inline" and bool(say.choices),
                replaces=say.edit,
                ticket=say.ticket,
            )
            for say in says
        ]

    async def _send(self, chat: int, bubbles: list[Bubble]) -> str:
        sent = ""
        for bubble in bubbles:
            sent = await self._replace(chat, bubble) if bubble.replaces else ""
            sent = sent or await self._say(chat, bubble)
        return sent

    async def _say(self, chat: int, bubble: Bubble) -> str:
        """Send a message in as many parts as it needs; the buttons stand under the last."""
        *first, last = split(bubble.text)
        for part in first:
            await self.pacing.wait(str(chat))
            message = await self.bot.send_message(chat, part)
            await self._remember(chat, str(message.message_id), bubble, asks=False)
        await self.pacing.wait(str(chat))
        message = await self.bot.send_message(chat, last, reply_markup=bubble.markup)
        await self._remember(chat, str(message.message_id), bubble, asks=bubble.asks)
        return str(message.message_id)

    async def _replace(self, chat: int, bubble: Bubble) -> str:
        """Change the last question in place; empty where that is not possible (any more)."""
        last = await self.conversation.chats.last_question(str(chat))
        if last is None:
            return ""
        await self.pacing.wait(str(chat))
        try:
            await self.bot.edit_message_text(
                bubble.text,
                chat,
                int(last),
                reply_markup=bubble.markup,  # type: ignore[arg-type]  # a question has inline buttons
            )
        except BadRequest as error:
            return last if _UNCHANGED in error.message.lower() else ""
        return last

    async def _leave(self, chat: int) -> str:
        try:
            await self.bot.leave_chat(chat)
        except (BadRequest, Forbidden):
            return "left already"
        return "left"

    async def _failed(self, recipient: str, error: TelegramError) -> DeliveryError:
        failed = failure(error)
        try:
            if isinstance(error, RetryAfter) and failed.retry_after:
                await self.pacing.refused(recipient, failed.retry_after)
            if isinstance(error, ChatMigrated):
                await self.conversation.chats.move(recipient, str(error.new_chat_id))
        except DatabaseAwayError:
            return failed  # the row of the delivery still knows how long to wait
        return failed

    async def _remember(self, chat: int, message: str, bubble: Bubble, *, asks: bool) -> None:
        """Keep what a message is about.

        It is sent by now: a database that is away loses only that a reply finds its ticket.
        """
        if not (bubble.ticket or asks):
            return
        with contextlib.suppress(DatabaseAwayError):
            await self.conversation.chats.sent(str(chat), message, number=bubble.ticket, asks=asks)
