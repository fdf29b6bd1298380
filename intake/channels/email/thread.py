"""Which ticket a mail belongs to. Read the clues from top to bottom; the first that holds decides.

Signed clues (an address or Message-ID of ours with a good signature) decide alone. A bare number
or a reference to the person's own earlier mail counts only from an address of that ticket whose
domain does not disown the mail; otherwise it is a hint for staff.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from core.ground.database import Database
from core.reading import correspondence
from core.reading.correspondence import Told
from intake.channels.email.authenticity import Authenticity
from intake.channels.email.report import number_in
from intake.channels.email.settings import CHANNEL
from intake.channels.email.tokens import Tokens
from intake.channels.email.understanding.mail import Mail

_MOST_IDS = 12
"""Message-IDs looked at: the newest say most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What the clues lead to."""

    ticket_id: UUID | None = None
    """The ticket that the mail belongs to."""
    told: Told | None = None
    """Whom the notice told that this mail answers, where that is known."""
    is_participant: bool = False
    """Whether the sender's address is the submitter's on that ticket."""
    hint: UUID | None = None
    """A ticket that it may belong to, without any proof."""

    @property
    def is_staff(self) -> bool:
        """Whether it answers a notice to staff."""
        return self.told is not None and self.told.audience != "submitter"


@dataclass(frozen=True, slots=True)
class Clues:
    """Finds the thread of one mail."""

    database: Database
    tokens: Tokens
    mail: Mail
    recipients: tuple[str, ...]
    authenticity: Authenticity
    sender: str = field(default="")
    """The address of the person, lower case."""

    async def follow(self) -> Thread:
        """Return the thread; nothing in it where no clue leads anywhere."""
        for told in (await self._told(), await self._reply_address()):
            if told is not None:
                return await self._signed(told)
        return await self._unsigned()

    async def _signed(self, told: Told) -> Thread:
        return Thread(
            ticket_id=told.ticket_id,
            told=told,
            is_participant=await self._is_of(told.ticket_id),
        )

    async def _told(self) -> Told | None:
        """Find the notice that the mail answers: by bounce address or signed Message-ID."""
        ids = (*self.mail.in_reply_to, *reversed(self.mail.references[-_MOST_IDS:]))
        found: Told | None = None
        for delivery_id in (*self._bounced(), *map(self.tokens.delivery_of, ids[:_MOST_IDS])):
            told = await correspondence.told_by(self.database, delivery_id) if delivery_id else None
            if told is not None:
                found = told
                break
        ticket_id = self._ticket_of_address()
        if found is not None and ticket_id not in (None, found.ticket_id):
            return None  # the address is what the person wrote to; it wins
        return found

    async def _reply_address(self) -> Told | None:
        ticket_id = self._ticket_of_address()
        if ticket_id is None or not await correspondence.still_there(self.database, ticket_id):
            return None
        return Told(ticket_id=ticket_id, audience="submitter", recipient="")

    def _ticket_of_address(self) -> UUID | None:
        return next(filter(None, map(self.tokens.ticket_of, self._addressed())), None)

    def _bounced(self) -> Iterable[UUID | None]:
        return map(self.tokens.bounced_delivery, self.recipients)

    def _addressed(self) -> tuple[str, ...]:
        """Name the recipients by SMTP, then those by header: some servers rewrite the former."""
        people = (*self.mail.to, *self.mail.cc)
        return (*self.recipients, *(one.address for one in people if one.address))

    async def _unsigned(self) -> Thread:
        number = number_in(self.mail.subject)
        ticket_id = await correspondence.numbered(self.database, number) if number else None
        if ticket_id is None:
            ids = (*self.mail.in_reply_to, *self.mail.references)[-_MOST_IDS:]
            ticket_id = await correspondence.heard_in(self.database, CHANNEL, ids)
        if ticket_id is None:
            return Thread()
        if not self.authenticity.failed and await self._is_of(ticket_id):
            return Thread(ticket_id=ticket_id, is_participant=True)
        return Thread(hint=ticket_id)

    async def _is_of(self, ticket_id: UUID) -> bool:
        return bool(self.sender) and await correspondence.belongs_to(
            self.database, ticket_id, CHANNEL, self.sender
        )
