"""A talk: one event and all that follows from it, inside one step of a chat."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import uuid4

from core.chats.step import ChatStep
from core.ground.settings import Settings
from core.hospital.directory import Directory
from intake.chat.hospital_facts import HospitalFacts, phones_of
from intake.chat.limits import dialogue_limits
from intake.chat.tickets import dialogue_ticket
from intake.dialogue import bursts
from intake.dialogue.effects import Effect
from intake.dialogue.events import Event
from intake.dialogue.facts import Facts, Ticket
from intake.dialogue.machine import SCREENS, step
from intake.dialogue.replies import Say
from intake.dialogue.state import State, dump, load
from intake.language import Language

_MOST_STEPS = 12
"""Questions that follow from one event, at most; more would be a circle."""

Doing = Callable[["Talk", Effect], Awaitable[Event | None]]
"""Does what an effect asks; returns the event that answers it, if it is a question."""


@dataclass(slots=True, kw_only=True)
class Talk:
    """Takes the dialogue's steps in a locked chat, and gathers what is said meanwhile."""

    chat: ChatStep
    settings: Settings
    directory: Directory
    world: HospitalFacts
    bot: str
    pause: timedelta
    """How long an answer waits for further words."""
    heard_key: str
    """Names the update (or timer, or notice) that all of this follows from."""
    first_name: str = ""
    state: State = field(default_factory=State)
    says: list[Say] = field(default_factory=list)
    """What is to be said and not yet in the outbox."""
    said: list[Say] = field(default_factory=list)
    """All that was said."""
    leaves: bool = False
    _steps: int = 0

    def begin(self, language: Language | None) -> None:
        """Read where the chat stands; a new one begins in the language of the client."""
        new = not self.chat.state
        self.state = load(self.chat.state, frozenset(SCREENS))
        if new and language:
            self.state = State(lang=language)

    async def happen(self, event: Event, do: Doing) -> None:
        """Take a step, do its effects in their order, and take the steps that answer them."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise RuntimeError("the dialogue asks in a circle")
        taken = step(self.state, event, await self.facts())
        self.state = taken.state
        self._say(taken.replies)
        for effect in taken.effects:
            answer = await do(self, effect)
            if answer is not None:
                await self.happen(answer, do)

    async def hear(self, event: Event, do: Doing) -> None:
        """Let words wait for the rest of their breath; whatever else comes is answered at once."""
        facts = await self.facts()
        if bursts.waits(self.state, event, facts):
            self.state, says, effects = bursts.gather(self.state, event, facts)
            self._say(says)
            for effect in effects:
                await do(self, effect)
        elif bursts.ends(self.state, event):
            self.state = bursts.with_words(self.state, event, facts)
            await self.answer(do)
        else:
            await self.answer(do)
            await self.happen(event, do)

    async def answer(self, do: Doing) -> None:
        """Take what was gathered, and answer it once."""
        if not self.state.gathered:
            return
        *wishes, words = bursts.breath(self.state, await self.facts())
        self.state = replace(self.state, gathered=(), gathered_since=None)
        for wish in wishes:
            told, all_told = len(self.says), len(self.said)
            await self.happen(wish, do)
            del self.says[told:], self.said[all_told:]  # the words behind it are answered
        await self.happen(words, do)

    def _say(self, says: Sequence[Say]) -> None:
        self.says += says
        self.said += says

    def finish(self) -> None:
        """Let the chat stand where the dialogue stands now."""
        self.chat.stand(dump(self.state))

    async def facts(self) -> Facts:
        """Gather what the next step may know."""
        hospital, limits = self.directory.hospital, dialogue_limits(self.settings)
        limits = replace(limits, burst_pause=self.pause)
        now = self.chat.now
        return Facts(
            now=now,
            zone=hospital.zone,
            fresh=uuid4().hex,
            hospital=hospital.name,
            bot=self.bot,
            units=await self.world.units(self.chat, self.directory),
            phones=phones_of(self.directory),
            form_url=self.settings.public_url.rstrip("/") + "/",
            tickets=await self._tickets(limits.opened_life),
            filed_today=await self.chat.filed_since(now - limits.reports.within),
            first_name=self.first_name,
            limits=limits,
        )

    async def _tickets(self, opened_life: timedelta) -> tuple[Ticket, ...]:
        """Return what is at hand: reports that a code opened here lately, then this chat's own."""
        linked = tuple(map(dialogue_ticket, await self.chat.tickets()))
        own = {each.number for each in linked}
        lately = (each for each in self.state.opened if self.chat.now < each.at + opened_life)
        numbers = [each.ticket for each in lately if each.ticket not in own]
        opened = map(dialogue_ticket, await self.chat.numbered(numbers))
        return (*(replace(each, is_linked=False) for each in opened), *linked)
