"""A talk: one event and all that follows from it, inside one transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from core.chats.session import ChatSession
from core.hospital.directory import Directory
from core.tickets.desk import Desk
from intake.chat.hospital_facts import HospitalFacts, phones_of
from intake.chat.limits import dialogue_limits
from intake.chat.tickets import filed_since, tickets_of
from intake.dialogue.effects import Effect
from intake.dialogue.events import Event
from intake.dialogue.facts import Facts
from intake.dialogue.machine import SCREENS, step
from intake.dialogue.replies import Say
from intake.dialogue.state import State, dump, load
from intake.language import Language

_MOST_STEPS = 12
"""Questions that follow from one event, at most; more would be a circle."""


@dataclass(slots=True, kw_only=True)
class Talk:
    """Takes the dialogue's steps in a locked chat, and gathers what is said meanwhile."""

    session: AsyncSession
    chat: ChatSession
    desk: Desk
    directory: Directory
    world: HospitalFacts
    bot: str
    now: datetime
    heard_key: str
    """Names the update (or timer, or notice) that all of this follows from."""
    first_name: str = ""
    state: State = field(default_factory=State)
    says: list[Say] = field(default_factory=list)
    """What is to be said and not yet in the outbox."""
    said: list[Say] = field(default_factory=list)
    """All that was said."""
    rings: set[str] = field(default_factory=set)
    """Topics to ring after the commit."""
    leaves: bool = False
    _steps: int = 0

    def begin(self, language: Language | None) -> None:
        """Read where the chat stands; a new one begins in the language of the client."""
        new = not self.chat.state
        self.state = load(self.chat.state, frozenset(SCREENS))
        if new and language:
            self.state = State(lang=language)

    async def happen(
        self, event: Event, do: Callable[["Talk", Effect], Awaitable[Event | None]]
    ) -> None:
        """Take a step, do its effects in their order, and take the steps that answer them."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise RuntimeError("the dialogue asks in a circle")
        taken = step(self.state, event, await self.facts())
        self.state = taken.state
        self.says += taken.replies
        self.said += taken.replies
        for effect in taken.effects:
            answer = await do(self, effect)
            if answer is not None:
                await self.happen(answer, do)

    def finish(self) -> None:
        """Let the row say where the chat stands now."""
        self.chat.state = dump(self.state)

    async def facts(self) -> Facts:
        """Gather what the next step may know."""
        place = (self.session, self.chat.channel, self.chat.address)
        runtime, hospital = self.desk.runtime, self.directory.hospital
        limits = dialogue_limits(runtime.settings)
        return Facts(
            now=self.now,
            zone=hospital.zone,
            fresh=uuid4().hex,
            hospital=hospital.name,
            bot=self.bot,
            units=await self.world.units(self.session, self.directory, self.now),
            phones=phones_of(self.directory),
            form_url=runtime.settings.public_url.rstrip("/") + "/",
            tickets=await tickets_of(*place),
            filed_today=await filed_since(*place, self.now - limits.reports.within),
            first_name=self.first_name,
            limits=limits,
        )

    def touched(self, ticket_id: UUID) -> None:
        """Remember that a ticket changed, for whoever watches it."""
        self.rings |= {"deliveries", "tickets", str(ticket_id)}

    @property
    def place(self) -> dict[str, object]:
        """Name the chat."""
        return {"channel": self.chat.channel, "address": self.chat.address}
