"""News: what staff did, told without disturbing what the person is writing."""

from intake.dialogue import asides
from intake.dialogue.effects import Schedule
from intake.dialogue.events import Filed, Found, Scanned, TicketNews
from intake.dialogue.replies import Choice, Moment, Say
from intake.dialogue.reports import DRAFTING
from intake.dialogue.state import IDLE, Scan, Sent
from intake.dialogue.states import menu
from intake.dialogue.states.resolved import solved_question
from intake.dialogue.turn import Move, Turn

RESTING = (IDLE, "STATUS", "RESOLVE_CHECK", "STARS", "COMMENT")
"""Screens on which a resolved ticket may ask its question at once."""

_ANSWERABLE = ("question", "answer", "passed_on")


def tell(turn: Turn) -> Move:
    """Tell the news; a resolved ticket asks whether it is."""
    event = turn.event
    if not isinstance(event, TicketNews):
        return turn.stay()
    ticket = event.ticket
    if event.kind == "resolved":
        asked = turn.stay().show(solved_question(ticket.number, ticket.answer))
        return _now_asking(asked, ticket.number) if turn.state.at in RESTING else asked
    choices = (Choice(id="add", about=ticket.number),) if event.kind in _ANSWERABLE else ()
    said = Say(
        key=f"NEWS_{event.kind}",
        params=asides.card_params(ticket, turn.facts),
        choices=choices,
        style="inline" if choices else "none",
        ticket=ticket.number,
    )
    return turn.stay().show(said)


def _now_asking(move: Move, ticket: str) -> Move:
    """Be on the screen of the question that was just shown."""
    state = move.to("RESOLVE_CHECK", ticket=ticket, back=None).state
    return Move(state=state, replies=move.replies, effects=move.effects)


def scanned(turn: Turn) -> Move:
    """Take the unit of the poster that was read as where the person is."""
    event = turn.event
    if not isinstance(event, Scanned) or turn.facts.units.get(event.unit) is None:
        return menu.open_menu(turn.stay().say("BADUNIT"), turn)
    unit = event.unit or ""
    if turn.state.begun:
        scan = Scan(unit=unit, qr_code=event.qr_code)
        return turn.stay().to("RESUME", scan=scan, back=None)
    move = turn.stay().draft(turn.facts.fresh, unit=unit, qr_code=event.qr_code)
    return menu.open_menu(move, turn)


def found(turn: Turn) -> Move:
    """Show the ticket that was asked for, or say that there is none."""
    ticket = turn.event.ticket if isinstance(turn.event, Found) else None
    if ticket:
        return asides.opened(turn, ticket, turn.stay())
    return turn.stay().say("NOT_FOUND").ask()


def filed(turn: Turn) -> Move:
    """Say the number of the report, and by when an answer comes."""
    event = turn.event
    if not isinstance(event, Filed):
        return turn.stay()
    ticket, sent = event.ticket, turn.state.sent
    urgent = sent is not None and sent.draft_id == event.draft_id and sent.urgent
    now_sent = Sent(draft_id=event.draft_id, ticket=ticket.number, urgent=urgent, at=turn.facts.now)
    move = turn.stay().note(sent=now_sent)
    move = move.show(done(turn, ticket.number, ticket.unit, due=_due(turn)))
    return move.show(asides.emergency(turn.facts)) if urgent else move


def done(turn: Turn, number: str, unit: str = "", due: Moment | None = None) -> Say:
    """Say the number of a report that was sent."""
    known = turn.facts.ticket(number)
    return Say(
        key="DONE" if due else "DONE_NUMBER",
        params={"no": number, "unit": unit or (known.unit if known else "-"), "due": due or "-"},
        choices=(Choice(id="status", about=number),),
        style="inline",
        ticket=number,
    )


def _due(turn: Turn) -> Moment | None:
    due = turn.event.ticket.due if isinstance(turn.event, Filed) else None
    return Moment(due, turn.facts.zone) if due else None


def remind(turn: Turn) -> Move:
    """Remind once of a report that was not sent, by day only."""
    draft, limits = turn.state.draft, turn.facts.limits
    first, last = limits.remind_hours
    waits = draft is not None and draft.begun and not (draft.reminded or draft.cancelled)
    at_hand = turn.state.at in (IDLE, *DRAFTING)
    if draft is None or not (waits and first <= turn.facts.hour < last):
        return turn.stay()
    if turn.state.at == "RESUME":  # asked already
        return turn.stay()
    if not at_hand:  # behind a question about a ticket, which ends by itself
        return turn.stay().do(Schedule(name="remind", at=turn.facts.now + limits.remind_after))
    if draft.touched and turn.facts.now < draft.touched + limits.remind_after:
        return turn.stay()
    return turn.stay().draft(draft.draft_id, reminded=True).say("REMIND").to("RESUME")


def expire(turn: Turn) -> Move:
    """Erase a draft that nobody came back to."""
    draft, limits = turn.state.draft, turn.facts.limits
    if draft is None:
        return turn.stay()
    life = limits.cancelled_draft_life if draft.cancelled else limits.draft_life
    if draft.touched and turn.facts.now < draft.touched + life:
        return turn.stay()
    told = turn.stay().say("EXPIRED") if draft.begun and not draft.cancelled else turn.stay()
    move = told.note(draft=None, scan=None, back=None)
    return move.to(IDLE) if turn.state.at in (*DRAFTING, "RESUME") else move
