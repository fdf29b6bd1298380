"""Turn: one event in one state, read once. Move: what comes of it, built up word by word."""

from dataclasses import dataclass, replace
from typing import Any

from core.ground.text import is_readable
from intake.dialogue import wording
from intake.dialogue.effects import Effect
from intake.dialogue.events import Event, Location, Media, Text
from intake.dialogue.facts import Facts
from intake.dialogue.replies import Choice, Param, Say
from intake.dialogue.state import File, Said, State
from intake.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One event in one state: what was offered, which of it was meant, what was said."""

    state: State
    event: Event
    facts: Facts
    offer: Say | None = None
    """What the person was asked and could choose from."""
    choice: Choice | None = None
    said: Said | None = None

    @property
    def text(self) -> str:
        """The typed words, empty for anything else."""
        return self.event.text if isinstance(self.event, Text) else ""

    def stay(self) -> "Move":
        """Begin a move that changes nothing."""
        return Move(state=self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A step being built: the state to be, what is said and done, whether to ask again."""

    state: State
    replies: tuple[Say, ...] = ()
    effects: tuple[Effect, ...] = ()
    asks: bool = False

    def say(self, key: str, **params: Param) -> "Move":
        """Add a plain sentence."""
        return self.show(Say(key=key, params=params))

    def show(self, *says: Say) -> "Move":
        """Add messages."""
        return replace(self, replies=(*self.replies, *says))

    def do(self, *effects: Effect) -> "Move":
        """Add effects."""
        return replace(self, effects=(*self.effects, *effects))

    def ask(self) -> "Move":
        """Ask what the present screen asks, after all that was said."""
        return replace(self, asks=True)

    def note(self, **changes: Any) -> "Move":  # noqa: ANN401 - fields of State
        """Remember something without leaving the screen."""
        return replace(self, state=replace(self.state, **changes))

    def draft(self, draft_id: str, **changes: Any) -> "Move":  # noqa: ANN401 - fields of Draft
        """Change the draft, begun under this id if there was none."""
        return replace(self, state=self.state.with_draft(draft_id, **changes))

    def to(self, at: str, **changes: Any) -> "Move":  # noqa: ANN401 - fields of State
        """Go to a screen and ask its question."""
        blank = {"tries": 0, "answered": False, "hits": ()}
        version = self.state.version + 1
        return self.note(at=at, version=version, **(blank | changes)).ask()


def heard(event: Event, lang: Language) -> Said | None:
    """Return what an event says: words, a file with its caption, a place."""
    if isinstance(event, Text):
        return Said(text=event.text, message=event.message) if is_readable(event.text) else None
    if isinstance(event, Location):
        place = f"{event.latitude:.5f}, {event.longitude:.5f}"
        return Said(text=wording.spoken("SAID_place", lang, place=place), message=event.message)
    if isinstance(event, Media):
        return Said(text=_caption(event, lang), message=event.message, file=_file(event))
    return None


def _caption(media: Media, lang: Language) -> str:
    """Return the caption; a recording without one is named with its length."""
    if media.kind not in ("voice", "video_note"):
        return media.caption
    minutes, seconds = divmod(media.seconds, 60)
    named = wording.spoken(f"SAID_{media.kind}", lang, length=f"{minutes}:{seconds:02d}")
    return f"{named} {media.caption}".strip()


def _file(media: Media) -> File:
    return File(
        ref=media.ref,
        kind=media.kind,
        size=media.size,
        seconds=media.seconds,
        name=media.name,
    )
