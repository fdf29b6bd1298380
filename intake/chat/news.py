"""News of a ticket on its way to a chat: the notice becomes an event of the dialogue."""

from dataclasses import replace
from uuid import UUID

from core.chats.chats import Chats
from core.chats.tickets import ChatTicket, ChatTickets
from core.ground.concealed import address_plain
from core.ground.masking import Place, masked
from core.ground.text import clean
from core.runtime import Runtime
from intake.channel import Outgoing
from intake.chat.conversation import Conversation
from intake.chat.outbox import TEMPLATE, Nowhere, load_say
from intake.chat.tickets import dialogue_ticket
from intake.chat.update import ChatUpdate
from intake.dialogue.events import NewsKind, TicketNews
from intake.dialogue.replies import Say
from intake.language import Language, language_of

KINDS: dict[str, NewsKind] = {
    # the notice's template: what it is to the dialogue; any other is sent as it was rendered
    "received": "received",
    "moved": "passed_on",
    "asked": "question",
    "replied": "answer",
    "resolved": "resolved",
    "reopened": "reopened",
    "closed": "closed",
}


async def says_of(
    conversation: Conversation, outgoing: Outgoing
) -> tuple[list[Say], Language] | None:
    """Return the messages that a delivery means in a chat; None: send its text as it is.

    News takes a step of the dialogue, so that the person's next words find their question.
    Raises DatabaseAwayError.
    """
    if outgoing.template == TEMPLATE:
        return [load_say(outgoing.payload)], language_of(outgoing.language)
    kind = KINDS.get(outgoing.template)
    if kind is None or outgoing.ticket_id is None or outgoing.audience != "submitter":
        return None
    tickets = ChatTickets(conversation.chats.runtime)
    ticket = await tickets.in_the_words_of(outgoing.delivery_id, outgoing.ticket_id)
    key = f"delivery:{outgoing.delivery_id}"
    return await conversation.tell(outgoing.recipient, _news(ticket, kind), key)


async def foretell(
    runtime: Runtime, ticket_id: UUID, template: str, words: str, *, channel: str, address: str
) -> tuple[list[Say], Language] | None:
    """Return what a chat would be told, did staff say these words now; None: its text as it is.

    The step of the dialogue is taken as for the news itself, and nothing of it is kept. Raises
    DatabaseAwayError.
    """
    kind = KINDS.get(template)
    if kind is None:
        return None
    ticket = await ChatTickets(runtime).find(ticket_id)
    ticket = replace(ticket, answer=masked(clean(words).strip(), Place.PERSON) or ticket.answer)
    conversation = Conversation(chats=Chats(runtime, channel), outbox=Nowhere())
    plain = address_plain(runtime.secret, address)
    talk = await conversation.rehearse(
        ChatUpdate(key=f"preview:{ticket_id}", address=plain, events=(_news(ticket, kind),))
    )
    return list(talk.said), talk.state.lang


def _news(ticket: ChatTicket, kind: NewsKind) -> TicketNews:
    return TicketNews(ticket=dialogue_ticket(ticket), kind=kind)
