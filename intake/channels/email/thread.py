"""Which ticket a mail belongs to. Read the clues from top to bottom; the first that holds decides.

| clue                                                     | what it leads to                      |
|----------------------------------------------------------|---------------------------------------|
| an address or Message-ID of ours with a good signature   | that ticket; of several addresses, to |
|                                                          | each of their tickets                 |
| a tracking code in its subject or its own words         | that ticket: the code is the proof    |
| a number, then every mail it answers, from an address of | the newest ticket of these that the   |
| that ticket whose domain does not disown the mail        | writer is of                          |
| a mail program's recall, from such an address            | the report under that subject         |
| any of these from somebody else                          | a hint for staff                      |

That somebody else answers a mail which is on a ticket joins them to it as a third person; that is
decided where the report would be filed (`core/tickets/conversation.py`), since both may arrive at
once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from core.reading import correspondence
from core.reading.correspondence import Told
from core.runtime import Runtime
from core.tickets.link import ANSWERS_ITS_MAIL, NUMBER_ALONE
from intake.channels.email import recalls
from intake.channels.email.authenticity import Authenticity
from intake.channels.email.belief import Carried, belief
from intake.channels.email.report import bare_subject, number_in
from intake.channels.email.settings import CHANNEL
from intake.channels.email.tokens import Tokens
from intake.channels.email.understanding.mail import Mail

_MOST_SIGNED: Final = 12
"""Notices of ours that one mail may answer, and tickets that it may be written to."""
_UNSIGNED: Final = "a number or its mails"
_RECALLED_WITHIN: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What the clues lead to."""

    ticket_id: UUID | None = None
    """The ticket that the mail belongs to."""
    carries: Carried = "nothing"
    """What of the ticket the mail carries, by which it came here."""
    told: Told | None = None
    """Whom the notice told that this mail answers, where that is known."""
    is_participant: bool = False
    """Whether the sender's address is the submitter's on that ticket."""
    code: str = field(default="", repr=False)
    """The tracking code in the mail that leads there: whoever has it speaks for the author."""
    further: tuple["Thread", ...] = ()
    """The other tickets of ours whose reply addresses it was written to as well."""
    is_recall: bool = False
    """Whether a mail program takes back an earlier mail of that ticket."""
    is_denied: bool = False
    """Whether it names the submitter of its ticket as its sender, whose domain disowns the mail."""
    hint: UUID | None = None
    """A ticket that it may belong to, without any proof."""
    hint_reason: str = ""
    """Why it may, as a code of `core.tickets.link`."""

    @property
    def leads_nowhere(self) -> bool:
        """Whether no clue names a ticket that there is."""
        return self.ticket_id is None and self.hint is None

    @property
    def is_staff(self) -> bool:
        """Whether it answers a notice to staff."""
        return self.told is not None and self.told.audience != "submitter"


@dataclass(frozen=True, slots=True)
class Clues:
    """Finds the thread of one mail."""

    runtime: Runtime
    tokens: Tokens
    mail: Mail
    recipients: tuple[str, ...]
    authenticity: Authenticity
    received_at: datetime
    sender: str = field(default="")
    """The address of the person, lower case."""

    async def follow(self) -> Thread:
        """Return the thread; nothing in it where no clue leads anywhere."""
        signed = await self._signed()
        if not signed:
            return await self._by_code() or await self._unsigned()
        first, *others = [await self._thread(told) for told in signed]
        return Thread(
            ticket_id=first.ticket_id,
            carries=first.carries,
            told=first.told,
            is_participant=first.is_participant,
            is_recall=first.is_recall,
            further=tuple(others),
        )

    async def _by_code(self) -> Thread | None:
        """Return the thread of a mail that shows a tracking code, whoever sends it.

        Not of a code that it quotes: every notice of ours to the person holds one.
        """
        texts = (self.mail.subject, self.mail.reply)
        found = await correspondence.opened_by(self.runtime.database, texts)
        if found is None:
            return None
        code, ticket_id = found
        return Thread(
            ticket_id=ticket_id, carries="its tracking code", is_participant=True, code=code
        )

    async def _thread(self, told: Told) -> Thread:
        return Thread(
            ticket_id=told.ticket_id,
            carries="our signature",
            told=told,
            is_participant=told.by_code or await self._is_of(told.ticket_id),
            is_recall=recalls.recalled_subject(self.mail) is not None,
        )

    async def _signed(self) -> list[Told]:
        """Return the tickets that our signatures name, the one that is answered first.

        What the person wrote to wins over what their mail program cites.
        """
        addressed = await self._reply_addresses()
        answered = await self._answered()
        if answered is None or (addressed and answered.ticket_id not in addressed):
            return [*addressed.values()]
        addressed.pop(answered.ticket_id, None)
        return [answered, *addressed.values()]

    async def _answered(self) -> Told | None:
        """Find the notice that the mail answers: by bounce address or signed Message-ID."""
        ids = (*self.mail.in_reply_to, *reversed(self.mail.references))
        named = (
            *map(self.tokens.bounced_delivery, self.recipients),
            *map(self.tokens.delivery_of, ids),
        )
        for delivery_id in list(dict.fromkeys(filter(None, named)))[:_MOST_SIGNED]:
            told = await correspondence.told_by(self.runtime.database, delivery_id)
            if told is not None:
                return told
        return None

    async def _reply_addresses(self) -> dict[UUID, Told]:
        named = dict.fromkeys(filter(None, map(self.tokens.ticket_of, self._addressed())))
        return {
            ticket_id: Told(ticket_id=ticket_id, audience="submitter", recipient="")
            for ticket_id in list(named)[:_MOST_SIGNED]
            if await correspondence.still_there(self.runtime.database, ticket_id)
        }

    def _addressed(self) -> Iterable[str]:
        """Name the recipients by SMTP, then those by header: some servers rewrite the former."""
        people = (*self.mail.to, *self.mail.cc)
        return (*self.recipients, *(one.address for one in people if one.address))

    async def _unsigned(self) -> Thread:
        number = number_in(self.mail.subject)
        numbered = await correspondence.numbered(self.runtime.database, number) if number else None
        ids = tuple(dict.fromkeys((*self.mail.in_reply_to, *self.mail.references)))
        heard = await correspondence.heard_in(self.runtime, CHANNEL, ids)
        is_denied = belief("person", _UNSIGNED, self.authenticity.sure).stands == "report"
        for ticket_id in (*((numbered,) if numbered else ()), *heard):
            if await self._is_of(ticket_id):
                if is_denied:
                    return Thread(hint=ticket_id, hint_reason=NUMBER_ALONE, is_denied=True)
                recalled = recalls.recalled_subject(self.mail) is not None
                return Thread(
                    ticket_id=ticket_id,
                    carries=_UNSIGNED,
                    is_participant=True,
                    is_recall=recalled,
                )
        recalled_from = None if is_denied else await self._recalled()
        if recalled_from is not None:
            return Thread(
                ticket_id=recalled_from, carries=_UNSIGNED, is_participant=True, is_recall=True
            )
        if numbered is not None:
            return Thread(hint=numbered, hint_reason=NUMBER_ALONE)
        return Thread(hint=heard[0], hint_reason=ANSWERS_ITS_MAIL) if heard else Thread()

    async def _recalled(self) -> UUID | None:
        """Find the report of the same sender that a mail program takes back, by its subject."""
        subject = recalls.recalled_subject(self.mail)
        if subject is None or not self.sender:
            return None
        since = self.received_at - _RECALLED_WITHIN
        lately = await correspondence.titled_since(self.runtime, CHANNEL, self.sender, since)
        fits = (one for one, title in lately if bare_subject(title).lower() == subject.lower())
        return next(fits, None)

    async def _is_of(self, ticket_id: UUID) -> bool:
        return bool(self.sender) and await correspondence.belongs_to(
            self.runtime, ticket_id, CHANNEL, self.sender
        )
