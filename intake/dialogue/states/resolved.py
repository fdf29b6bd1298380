"""After a ticket was resolved: whether it is, how it was handled, what to do better."""

from core.ground.text import shorten
from core.tickets.lifecycle import RESOLVED
from intake.dialogue import asides, placing
from intake.dialogue.choices import match
from intake.dialogue.effects import AddComment, Reopen, SaveStarsComment
from intake.dialogue.facts import Facts
from intake.dialogue.replies import Choice, Param, Say, choices
from intake.dialogue.screen import (
    BACK,
    SAME,
    Ends,
    Row,
    Screen,
    When,
    chosen,
    only_text,
    said,
    some_thanks,
)
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
    heard = placing.heard(turn)
    move = turn.stay().do(Reopen(ticket=ticket), AddComment(ticket=ticket, said=heard))
    move, choice = placing.movable(asides.home(move), turn, ticket, *heard)
    reopened = Say(
        key="REOPENED", params={"no": ticket}, choices=(choice,), style="inline", ticket=ticket
    )
    return move.show(reopened)


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


_AN_HOUR = Ends(
    holds="nothing",
    after=lambda limits: limits.aside_life,
    goes="later words are words at rest; the buttons still work",
    act=asides.leave,
    to=(BACK,),
)


def _waiting(turn: Turn) -> str | None:
    """Return the ticket called solved whose message was replied to, or the one if none is open."""
    about = turn.facts.ticket(getattr(turn.event, "reply_to", None))
    if about:
        return about.number if about.status == RESOLVED else None
    possible = turn.facts.possible_tickets
    [only] = possible if len(possible) == 1 else (None,)
    return only.number if only and only.status == RESOLVED else None


def _meant(turn: Turn) -> str | None:
    """Return which answer to "is it solved?" was typed, when that is not the present question."""
    replies = bool(getattr(turn.event, "reply_to", None))
    if not (only_text(turn) or replies) or _waiting(turn) is None:
        return None
    pair = Say(key="RESOLVED", choices=choices("solved", "unsolved"), numbers=False)
    choice = match(turn.text, pair)
    return choice.id if choice else None


def _answer(turn: Turn) -> Move:
    ticket = _waiting(turn) or ""
    solved = _meant(turn) == "solved"
    return asides.solved(turn, ticket) if solved else asides.unsolved(turn, ticket)


ANSWERED_LATE = Row(
    When("[solved] [unsolved] typed when that is not asked, of the one ticket called solved",
         lambda turn: _meant(turn) is not None),
    "confirms and asks for stars; or reopens and asks what is open", _answer,
    ("STARS", "NOTYET"),
)  # fmt: skip
"""Whoever answers when the question is over is answered all the same."""

ANSWERED_BY_REPLY = Row(
    When("[solved] [unsolved] as a reply to a message about a ticket called solved",
         lambda turn: bool(getattr(turn.event, "reply_to", None)) and _meant(turn) is not None),
    ANSWERED_LATE.does, _answer, ANSWERED_LATE.to,
)  # fmt: skip

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
            Row(said, "reopens with these words; a button makes a report of their own of them",
                _not_solved, (BACK,)),
        ),
        ends=Ends(
            holds="nothing",
            after=lambda limits: limits.question_life,
            goes="later words are asked about: this ticket, or a new report",
            act=asides.leave,
            to=(BACK,),
        ),
    ),
    Screen(
        name="NOTYET",
        ask=_ask_open,
        rows=(
            Row(chosen("skip"), "leaves it reopened", _no_words, (BACK,)),
            Row(some_thanks, "leaves it reopened", _no_words, (BACK,)),
            Row(said, "adds the words to the reopened ticket", _still_open, (BACK,)),
        ),
        ends=_AN_HOUR,
    ),
    Screen(
        name="STARS",
        gathers=False,
        ask=_ask_stars,
        rows=(
            Row(chosen(*STARS), "saves them; one or two ask what to improve", _stars,
                ("COMMENT", BACK)),
            Row(chosen("skip"), "thanks", _leave, (BACK,)),
            Row(some_thanks, "thanks", _leave, (BACK,)),
            Row(said, "saves the words as comment", _opinion, (BACK,)),
        ),
        ends=_AN_HOUR,
    ),
    Screen(
        name="COMMENT",
        ask=_ask_comment,
        rows=(
            Row(chosen("skip"), "thanks", _leave, (BACK,)),
            Row(some_thanks, "thanks", _leave, (BACK,)),
            Row(said, "saves the words as comment", _opinion, (BACK,)),
        ),
        ends=_AN_HOUR,
    ),
)  # fmt: skip
