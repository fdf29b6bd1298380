"""A watched conversation: after every event it checks what must always hold."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import count

from core.ground.rate_limits import CHAT_MESSAGES
from intake.dialogue import events as happens
from intake.dialogue import machine, wording
from intake.dialogue.effects import AddComment, SaveStarsComment, SaveSurvey, Submit
from intake.dialogue.facts import Limits
from intake.dialogue.screen import BACK, SAME
from intake.dialogue.state import IDLE, Draft, Said, State, Survey, dump, load
from intake.dialogue.turn import Turn
from tests.intake.dialogue.world import UNITS, World

ROOMY = Limits(
    messages=replace(CHAT_MESSAGES, most=10_000), draft_messages=10_000, draft_characters=10_000_000
)
DISCARDS = ("delete", "restart")
"""Choices by which a person throws a draft away, knowingly."""


class Watch:
    """A conversation in memory. Tracked words carry a marker, by which they are found again."""

    def __init__(self) -> None:
        self.world = World(limits=ROOMY)
        self.numbers = count(1)
        self.typed: dict[str, str] = {}
        self.looked_at = 0

    def begin(self, at: str, *, begun: bool) -> None:
        """Begin on a screen, with an open and a resolved ticket, perhaps with a draft."""
        for status in ("open", "resolved"):
            case = self.world.new_case(UNITS.all[1])
            self.world.link(case.ticket.number)
            self.world.change(case.ticket.number, status=status)
        said = (Said(text="pintu rusak dan tidak bisa ditutup", message="m0"),) if begun else ()
        state = State(
            at=at,
            draft=Draft(draft_id="first", unit="gigi" if begun else None, said=said),
            survey=Survey(survey_id="survey") if at.startswith("SKM") else None,
            ticket=self.world.linked[-1],
        )
        self.world.stored = json.dumps(dump(state))

    def check(self) -> None:
        """Check all that must hold between two events."""
        self.there_is_a_way_out()
        self.no_typed_word_is_lost()
        self.no_draft_is_sent_twice()
        self.the_state_survives_storage()

    def there_is_a_way_out(self) -> None:
        out = machine.step(self.world.state, happens.Command(name="batal"), self.world.facts())

        assert out.state.at == IDLE
        assert out.replies

    def no_typed_word_is_lost(self) -> None:
        kept = " ".join([*self.kept(), *self.sent()])

        assert [marker for marker in self.typed if marker not in kept] == []

    def no_draft_is_sent_twice(self) -> None:
        sent = Counter(
            effect.draft_id
            for _, step in self.world.steps
            for effect in step.effects
            if isinstance(effect, Submit)
        )

        assert [draft for draft, times in sent.items() if times > 1] == []

    def the_state_survives_storage(self) -> None:
        state = self.world.state

        assert load(json.loads(json.dumps(dump(state))), frozenset(machine.SCREENS)) == state

    def wait(self, span: timedelta) -> None:
        """Let time pass; a draft that expires is no loss."""
        if span > ROOMY.cancelled_draft_life:
            self.forget(*self.in_draft(self.world.state), *self.beside_a_draft())
        self.world.wait(span)
        self.look()

    def happen(self, event: happens.Event) -> None:
        turn, _ = machine.read(self.world.state, event, self.world.facts())
        discards = turn.choice is not None and turn.choice.id in DISCARDS
        rewrites = turn.state.at == "REWRITE" and turn.said is not None
        replaced = self.in_draft(self.world.state) if discards or rewrites else ()
        before = len(self.world.told)
        self.world.happen(event)
        gone = [marker for marker in replaced if marker not in " ".join(self.kept())]
        self.forget(*gone)
        self.look()
        if isinstance(event, happens.Text) and not self.may_be_silent(turn):
            assert len(self.world.told) > before, f"no answer to {event} in {turn.state.at}"

    def may_be_silent(self, turn: Turn) -> bool:
        """Tell the documented silences: further words of a report or follow-up."""
        here = self.world.state.at
        return here == turn.state.at and here in ("DESC", "FOLLOWUP")

    def look(self) -> None:
        """Check every new step: it went where its row says, and every sentence can be written."""
        for turn, step in self.world.steps[self.looked_at :]:
            row = machine.decide(turn)
            allowed = {turn.state.at if to == SAME else to for to in row.to}
            allowed |= {turn.state.back or IDLE} if BACK in row.to else set()
            assert step.state.at in allowed, f"{row.does}: {turn.state.at} -> {step.state.at}"
            for say in step.replies:
                assert wording.text(say, "id")
                assert wording.text(say, "en")
        self.looked_at = len(self.world.steps)

    def marked(self, phrase: str, message: str | None = None) -> str:
        number = next(self.numbers)
        marker = f"zq{number:05d}"
        self.typed[marker] = message or f"m{number + 1}"
        return f"{phrase} {marker}"

    def last(self) -> str:
        """Name the message that carries the latest marker."""
        return list(self.typed.values())[-1] if self.typed else f"m{next(self.numbers)}"

    def forget_message(self, message: str) -> None:
        self.forget(*[marker for marker, where in self.typed.items() if where == message])

    def forget(self, *markers: str) -> None:
        for marker in markers:
            self.typed.pop(marker, None)

    def number(self, place: int) -> str | None:
        linked = self.world.linked
        return linked[place % len(linked)] if linked else None

    def in_draft(self, state: State) -> tuple[str, ...]:
        words = state.draft.words if state.draft else ""
        return tuple(marker for marker in self.typed if marker in words)

    def beside_a_draft(self) -> tuple[str, ...]:
        """Name what waits with an unsent report for "go on or start new?": it expires with it."""
        state = self.world.state
        waits = state.held if "RESUME" in (state.at, state.back) else ()
        held = " ".join(said.text for said in waits)
        return tuple(marker for marker in self.typed if marker in held)

    def kept(self) -> list[str]:
        state = self.world.state
        draft, survey = state.draft, state.survey
        said: list[Said] = [*state.held]
        said += draft.said if draft else ()
        said += survey.said if survey else ()
        return [each.text for each in said]

    def sent(self) -> list[str]:
        words: list[str] = []
        for _, step in self.world.steps:
            for effect in step.effects:
                if isinstance(effect, Submit):
                    words.append(effect.words)
                if isinstance(effect, AddComment | SaveStarsComment | SaveSurvey):
                    words += [said.text for said in effect.said]
        return words
