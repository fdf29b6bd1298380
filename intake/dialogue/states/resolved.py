"""After a ticket was resolved: whether it is, how it was handled, what to do better."""

from core.ground.text import shorten
from intake.dialogue import asides
from intake.dialogue.effects import AddComment, Reopen, SaveStarsComment
from intake.dialogue.facts import Facts
from intake.dialogue.replies import Choice, Param, Say, choices
from intake.dialogue.screen import BACK, SAME, Row, Screen, chosen, said, some_thanks
from intake.dialogue.state import State
from intake.dialogue.turn import Move, Turn

_SHOWN_ANSWER = 1_000
STARS = tuple(f"star-{number}" for number in range(1, 6))


def solved_question(number: str, answer: str) -> Say:
    """Tell that a ticket was resolved, and ask whether the problem is."""
    pair = (Choice(id="solved", about=number), Choice(id="unsolved", about=number))
    params: dict[str, Param] = {"no": number, "answer": shorten(answer, _SHOWN_ANSWER) or "-"}
    return Say(key="RESOLVED", params=params, choices=pair, style="inline", ticket=number)


def _ask_solved(state: State, facts: Facts) -> Say:
    ticket = facts.ticket(state.ticket)
    return solved_question(state.ticket or "", ticket.answer if ticket else "")


def _ask_open(state: State, _facts: Facts) -> Say:
    return Say(
        key="NOTYET",
        params={"no": state.ticket or ""},
        choices=choices("skip"),
        style="reply",
        numbers=False,
        ticket=state.ticket,
    )


def _ask_stars(state: State, _facts: Facts) -> Say:
    no = state.ticket or ""
    marks = tuple(Choice(id=star, about=no) for star in STARS)
    return Say(key="STARS", params={"no": no}, choices=(*marks, *choices("skip")), style="inline")


def _ask_comment(_state: State, _facts: Facts) -> Say:
    return Say(key="COMMENT", choices=choices("skip"), style="reply", numbers=False)


def _about(turn: Turn) -> str:
    return turn.state.ticket or ""


def _not_solved(turn: Turn) -> Move:
    """Words instead of yes or no: they are a no, and what is still open."""
    ticket = _about(turn)
    heard = (turn.said,) if turn.said else ()
    move = turn.stay().do(Reopen(ticket=ticket), AddComment(ticket=ticket, said=heard))
    return asides.home(move.say("REOPENED", no=ticket))


def _still_open(turn: Turn) -> Move:
    ticket = _about(turn)
    return asides.home(asides.comment(turn, ticket).say("REOPENED", no=ticket))


def _no_words(turn: Turn) -> Move:
    return asides.home(turn.stay().say("REOPENED", no=_about(turn)))


def _stars(turn: Turn) -> Move:
    number = int(turn.choice.id.removeprefix("star-")) if turn.choice else 0
    return asides.stars(turn, _about(turn), number)


def _opinion(turn: Turn) -> Move:
    heard = (turn.said,) if turn.said else ()
    move = turn.stay().do(SaveStarsComment(ticket=_about(turn), said=heard))
    return asides.home(move.say("THANKS"))


def _leave(turn: Turn) -> Move:
    return asides.home(turn.stay().say("THANKS"))


SCREENS = (
    Screen(
        name="RESOLVE_CHECK",
        ask=_ask_solved,
        rows=(
            Row(chosen("solved"), "confirms and asks for stars",
                lambda turn: asides.solved(turn, _about(turn)), ("STARS",)),
            Row(chosen("unsolved"), "reopens and asks what is open",
                lambda turn: asides.unsolved(turn, _about(turn)), ("NOTYET",)),
            Row(some_thanks, "you are welcome; asks again",
                lambda turn: turn.stay().say("WELCOME").ask(), (SAME,)),
            Row(said, "reopens with these words", _not_solved, (BACK,)),
        ),
    ),
    Screen(
        name="NOTYET",
        ask=_ask_open,
        rows=(
            Row(chosen("skip"), "leaves it reopened", _no_words, (BACK,)),
            Row(said, "adds the words to the reopened ticket", _still_open, (BACK,)),
        ),
    ),
    Screen(
        name="STARS",
        ask=_ask_stars,
        rows=(
            Row(chosen(*STARS), "saves them; one or two ask what to improve", _stars,
                ("COMMENT", BACK)),
            Row(chosen("skip"), "thanks", _leave, (BACK,)),
            Row(said, "saves the words as comment", _opinion, (BACK,)),
        ),
    ),
    Screen(
        name="COMMENT",
        ask=_ask_comment,
        rows=(
            Row(chosen("skip"), "thanks", _leave, (BACK,)),
            Row(said, "saves the words as comment", _opinion, (BACK,)),
        ),
    ),
)  # fmt: skip
