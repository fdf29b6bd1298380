"""What of ours a mail carries: signed Message-IDs and addresses, wherever they stand in it.

A mail program answers with our id in References; a mailbox that forwards keeps it in an attached
or inlined copy alone. Either way the mail speaks of a ticket there is, so it is no new report.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from core.reading import correspondence
from core.runtime import Runtime
from core.tickets.link import ANSWERS_ITS_MAIL
from intake.channels.email.authenticity import Authenticity
from intake.channels.email.belief import Who, belief
from intake.channels.email.settings import CHANNEL
from intake.channels.email.thread import Thread
from intake.channels.email.tokens import Tokens
from intake.channels.email.understanding.mail import Mail

_TRACED: Final = "our id in its text"
_LOOKED_AT = 1 << 20
"""Bytes of a mail in which ids are looked for as they stand: headers and enclosed mails."""
_MOST = 12
"""Ids that are asked for; a mail with more is a digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTraces:
    """Ids of ours with a good signature, each once, as they were found."""

    deliveries: tuple[UUID, ...] = ()
    """Of notices: by Message-ID or bounce address."""
    tickets: tuple[UUID, ...] = ()
    """By reply address."""

    @classmethod
    def of(cls, tokens: Tokens, mail: Mail, raw: bytes) -> "OwnTraces":
        """Look through the raw bytes, and through the text that they encode."""
        text = "\n".join((raw[:_LOOKED_AT].decode("latin-1"), mail.text))
        return cls(deliveries=tokens.deliveries_in(text), tickets=tokens.tickets_in(text))

    def __bool__(self) -> bool:
        return bool(self.deliveries or self.tickets)

    async def lead(self, runtime: Runtime, sender: str, authenticity: Authenticity) -> Thread:
        """Return the thread of a mail that no header leads anywhere.

        A notice to staff makes a note, whoever sends it on. A notice to the person joins if they
        send it, by an address of the ticket that is not disowned; else it is a hint for staff.
        """
        for delivery_id in self.deliveries[:_MOST]:
            told = await correspondence.told_by(runtime.database, delivery_id)
            if told is not None and told.audience != "submitter":
                return Thread(ticket_id=told.ticket_id, told=told)
            if told is not None:
                return await _of_person(runtime, told.ticket_id, sender, authenticity)
        for ticket_id in self.tickets[:_MOST]:
            if await correspondence.still_there(runtime.database, ticket_id):
                return await _of_person(runtime, ticket_id, sender, authenticity)
        return Thread()


async def _of_person(
    runtime: Runtime, ticket_id: UUID, sender: str, authenticity: Authenticity
) -> Thread:
    is_theirs = bool(sender) and await correspondence.belongs_to(
        runtime, ticket_id, CHANNEL, sender
    )
    who: Who = "person" if is_theirs else "somebody else"
    if belief(who, _TRACED, authenticity.sure).stands == "theirs":
        return Thread(ticket_id=ticket_id, carries=_TRACED, is_participant=True)
    return Thread(hint=ticket_id, hint_reason=ANSWERS_ITS_MAIL)
