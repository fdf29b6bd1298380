"""Asides: what concerns a ticket that exists, while a draft or survey may wait behind it."""

from dataclasses import replace

from core.ground.text import shorten
from intake.dialogue.effects import AddComment, ConfirmResolved, LinkChat, Reopen, SaveStars
from intake.dialogue.facts import Facts, Ticket
from intake.dialogue.replies import Choice, Moment, Param, Say, Style, Term
from intake.dialogue.reports import DRAFTING
from intake.dialogue.state import IDLE, Opened, Said, WrongCodes
from intake.dialogue.turn import Move, Turn

WAITING = (*DRAFTING, "RESUME", "FOLLOWUP_PICK", "SKM", "SKM_COMMENT")
"""Screens that an aside returns to."""

ASIDES = ("FOLLOWUP", "CODE", "RESOLVE_CHECK", "NOTYET", "STARS", "COMMENT")
"""Screens about a ticket, behind which something may wait."""

_SHOWN = 5
_SHOWN_ANSWER = 200
"""Characters of an answer on a card; its button shows all of it."""
_UNHAPPY = 2
"""Stars up to which we ask what to improve."""


def aside(move: Move, at: str, ticket: str) -> Move:
    """Open a screen about a ticket; what was under way waits behind it."""
    here = move.state.at
    back = here if here in WAITING else move.state.back
    return move.to(at, ticket=ticket, back=back)


def home(move: Move) -> Move:
    """Leave an aside: back to what was under way, else to rest."""
    return move.to(move.state.back or IDLE, back=None, ticket=None)


def comment(turn: Turn, ticket: str, *said: Said) -> Move:
    """Add what was said to a ticket."""
    new = said or ((turn.said,) if turn.said else ())
    return turn.stay().do(AddComment(ticket=ticket, said=new)) if new else turn.stay()


def emergency(facts: Facts, *, self_harm: bool = False) -> Say:
    """Say whom to call when life is in danger, before anything else is said."""
    phones = facts.phones
    if self_harm and phones.crisis:
        return Say(key="CRISIS", params={"crisis": phones.crisis, "igd": urgent_phones(facts)})
    return Say(key="EMERGENCY", params={"igd": urgent_phones(facts)})


def urgent_phones(facts: Facts) -> str:
    """Return the numbers to call in danger, the hospital's own first."""
    return " / ".join(filter(None, (facts.phones.igd, facts.phones.emergency))) or "IGD"


def leave(turn: Turn) -> Move:
    """Leave an aside that went quiet."""
    return home(turn.stay())


def added(move: Move, ticket: str, *choices: Choice) -> Move:
    """Tell that the words are on the ticket now."""
    style: Style = "inline" if choices else "none"
    params: dict[str, Param] = {"no": ticket}
    return move.show(Say(key="ADDED", params=params, choices=choices, style=style, ticket=ticket))


def card(ticket: Ticket, facts: Facts) -> Say:
    """Show how a ticket stands, with what can be done about it."""
    key = "STATUS_OPEN" if ticket.is_open and ticket.due else "STATUS"
    short = replace(ticket, answer=shorten(ticket.answer, _SHOWN_ANSWER))
    return Say(
        key=key,
        params=card_params(short, facts),
        choices=tuple(Choice(id=each, about=ticket.number) for each in _choices(ticket)),
        style="inline",
        ticket=ticket.number if ticket.is_linked else None,  # looking ties no chat to a report
    )


def _choices(ticket: Ticket) -> tuple[str, ...]:
    return ("add", "detail") if ticket.is_linked else ("add", "detail", "tell-here")


def detail(ticket: Ticket, facts: Facts) -> Say:
    """Show a ticket with its last answer in full."""
    shown = replace(card(ticket, facts), key="DETAIL", choices=(), style="none")
    return replace(shown, params=card_params(ticket, facts))


def card_params(ticket: Ticket, facts: Facts) -> dict[str, Param]:
    """Return the facts of a ticket's sentences."""
    due = Moment(ticket.due, facts.zone) if ticket.due else "-"
    return {
        "no": ticket.number,
        "unit": ticket.unit,
        "status": Term(f"status.{ticket.status}"),
        "since": Moment(ticket.since, facts.zone),
        "due": due,
        "answer": ticket.answer or "-",
    }


def show_card(turn: Turn, move: Move, ticket: Ticket) -> Move:
    """Show a ticket; what was under way is asked again, else more can be done about it."""
    shown = move.show(card(ticket, turn.facts))
    if turn.state.at in ASIDES and turn.state.back:
        return home(shown)
    return shown.ask() if turn.state.at in WAITING else shown.to("STATUS", back=None)


def statuses(turn: Turn) -> Move:
    """Show the latest tickets of this chat, or how to ask for another one."""
    tickets = turn.facts.tickets[:_SHOWN]
    cards = [card(ticket, turn.facts) for ticket in tickets]
    shown = turn.stay().show(*cards) if cards else turn.stay().say("NOSTATUS")
    return shown.ask() if turn.state.at in WAITING else shown.to("STATUS")


def opened(turn: Turn, ticket: Ticket, move: Move) -> Move:
    """Show a ticket that its tracking code opened. It is at hand for a while, and not linked.

    Who looks at a report is not thereby its author: news comes here only if that is asked for.
    """
    known = turn.facts.ticket(ticket.number)
    if known is None or not known.is_linked:
        ticket = replace(ticket, is_linked=False)
        here = Opened(ticket=ticket.number, at=turn.facts.now)
        others = (each for each in move.state.opened if each.ticket != ticket.number)
        move = move.note(opened=(here, *others)[:_SHOWN], wrong_codes=WrongCodes())
    shown = show_card(turn, move, ticket)
    return shown.note(ticket=ticket.number) if shown.state.at == "STATUS" else shown


def tell_here(turn: Turn, number: str) -> Move:
    """Let news of a ticket that a code opened come to this chat from now on."""
    kept = tuple(each for each in turn.state.opened if each.ticket != number)
    linked = turn.stay().note(opened=kept).do(LinkChat(ticket=number))
    return linked.say("TOLD_HERE", no=number)


def solved(turn: Turn, ticket: str) -> Move:
    """Confirm for the person that the problem is solved, and ask for stars."""
    move = turn.stay().do(ConfirmResolved(ticket=ticket))
    return aside(move, "STARS", ticket)


def unsolved(turn: Turn, ticket: str) -> Move:
    """Reopen at once, since the person says so, then ask what is still open."""
    move = turn.stay().do(Reopen(ticket=ticket))
    return aside(move, "NOTYET", ticket)


def stars(turn: Turn, ticket: str, number: int) -> Move:
    """Save a rating; a poor one asks what to improve."""
    move = turn.stay().do(SaveStars(ticket=ticket, stars=number))
    if number <= _UNHAPPY:
        return aside(move, "COMMENT", ticket)
    thanked = move.say("THANKS")
    return home(thanked) if turn.state.ticket == ticket else thanked.ask()
