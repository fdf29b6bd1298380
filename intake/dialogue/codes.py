"""Tracking codes in a chat: a right one opens its report, and is words of nothing.

The adapter looks a code up before the dialogue hears of it: a right one comes as `opens`, covered
in the words. What merely looks like one stays as it was typed.
"""

from dataclasses import replace
from hashlib import sha256

from core.ground.spans import is_near
from core.tickets.tracking_code import read_code
from intake.dialogue import asides
from intake.dialogue.alone import is_alone
from intake.dialogue.effects import NoteRefusal
from intake.dialogue.events import Media, Text
from intake.dialogue.facts import Ticket
from intake.dialogue.numbers import is_number, looks_like_code
from intake.dialogue.spelling import plain
from intake.dialogue.state import IDLE, WrongCodes
from intake.dialogue.turn import Move, Turn

_AT_REST = (IDLE, "STATUS", "MENU")
_TELLING = ("UNIT", "DESC", "REVIEW", "EDIT", "REWRITE")


def opens(turn: Turn) -> Ticket | None:
    """Return the report whose code stood in what the person said."""
    event = turn.event
    return event.opens if isinstance(event, Text | Media) else None


def open_report(turn: Turn) -> Move:
    """Show the report. Words and files beside the code are words for it: who has it speaks for it.

    A code alone changes nothing.
    """
    ticket = opens(turn)
    if ticket is None:
        return turn.stay()
    says_more = isinstance(turn.event, Media) or not is_alone(turn.text)
    if not says_more or turn.said is None:
        return asides.opened(turn, ticket, turn.stay())
    added = asides.comment(turn, ticket.number).say("ADDED", no=ticket.number)
    return asides.opened(turn, ticket, added)


def is_wrong(turn: Turn) -> bool:
    """Tell whether nothing but a code was typed, at rest, that opens no report.

    Of digits alone it is somebody's number, and of letters alone it is words.
    """
    return turn.state.at in _AT_REST and _seems_wrong(turn)


def is_wrong_in_draft(turn: Turn) -> bool:
    """Tell whether such a code was typed where a report is told. Typed again it is words of it."""
    if turn.state.at not in _TELLING or not _seems_wrong(turn):
        return False
    wrong = turn.state.wrong_codes
    return wrong.count < turn.facts.limits.codes.most and wrong.last != _mark(turn)


def ask_again(turn: Turn) -> Move:
    """Say that it opens nothing, and keep it from the report unless it is sent once more.

    It may be a mistyped code, which is as good as a right one to whoever reads it.
    """
    counted = wrong(turn).state.wrong_codes
    noted = turn.stay().note(wrong_codes=replace(counted, last=_mark(turn)))
    return noted.say("WRONG_CODE_OR_WORDS").ask()


def _mark(turn: Turn) -> str:
    """Know a text again without keeping it."""
    return sha256(plain(turn.text).encode()).hexdigest()[:16]


def _seems_wrong(turn: Turn) -> bool:
    if turn.choice is not None or opens(turn) is not None:
        return False
    typed = turn.text.rpartition(":")[2]  # "kode saya: …"
    return read_code(typed) is not None and looks_like_code(typed) and not is_number(typed)


def wrong(turn: Turn) -> Move:
    """Say that a code opens nothing; too many of them are asked to wait. None of it is kept."""
    limit, now, before = turn.facts.limits.codes, turn.facts.now, turn.state.wrong_codes
    is_same = before.since is not None and is_near(before.since, now, limit.within)
    counted = replace(before, count=before.count + 1) if is_same else WrongCodes(since=now, count=1)
    move = turn.stay().note(wrong_codes=counted)
    if counted.count > limit.most:
        minutes = int(limit.within.total_seconds() // 60)
        return move.say("TOO_MANY_CODES", minutes=minutes).do(NoteRefusal(limit=limit))
    return move.say("WRONG_CODE")


def forget(turn: Turn) -> Move:
    """Let go of reports that were opened here a while ago."""
    now, life = turn.facts.now, turn.facts.limits.opened_life
    return turn.stay().note(
        opened=tuple(each for each in turn.state.opened if now < each.at + life)
    )
