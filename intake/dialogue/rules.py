"""Global rules, tried from top to bottom in every state before the state's own table."""

from dataclasses import replace

from core.ground.text import clean_line
from core.tickets.tracking_code import read_code
from intake.dialogue import (
    asides,
    bursts,
    buttons,
    codes,
    edits,
    news,
    pace,
    phones,
    placing,
    reports,
    wording,
)
from intake.dialogue.commands import COMMANDS, called
from intake.dialogue.effects import (
    LeaveChat,
    ReadPoster,
    ReadTicketLink,
    ResumeNotices,
    StopNotices,
)
from intake.dialogue.events import (
    Blocked,
    Contact,
    Edited,
    Filed,
    Found,
    GroupChat,
    Location,
    Media,
    Press,
    Scanned,
    Start,
    Text,
    TicketNews,
    Timer,
    Unblocked,
    Unsupported,
)
from intake.dialogue.numbers import asks_about
from intake.dialogue.replies import Size
from intake.dialogue.reports import DRAFTING
from intake.dialogue.screen import BACK, REPORT, SAME, Row, When, happens, is_courtesy, own_number
from intake.dialogue.screens import SCREENS
from intake.dialogue.spelling import plain
from intake.dialogue.state import IDLE, Said
from intake.dialogue.states import menu
from intake.dialogue.states.resolved import ANSWERED_BY_REPLY
from intake.dialogue.turn import Move, Turn

AT_REST = (IDLE, "STATUS", "MENU")
WITHOUT_A_DRAFT = (*AT_REST, *asides.ASIDES, "FOLLOWUP_PICK")
"""Screens on which a sticker can only mean thanks."""


def _decline_group(turn: Turn) -> Move:
    if turn.state.greeted_group:
        return turn.stay().do(LeaveChat())
    told = turn.stay().say("GROUP", bot=turn.facts.bot)
    return told.note(greeted_group=True).do(LeaveChat())


def _blocked(turn: Turn) -> Move:
    return turn.stay().note(blocked_at=turn.facts.now).do(StopNotices())


def _unblocked(turn: Turn) -> Move:
    return turn.stay().note(blocked_at=None).do(ResumeNotices())


def _start(turn: Turn) -> Move:
    """Follow the link's payload; a bare start shows the menu or the report not sent."""
    payload = turn.event.payload if isinstance(turn.event, Start) else ""
    kind, _, token = payload.partition("_")
    if kind == "u" and token:
        return turn.stay().do(ReadPoster(token=token))
    if kind == "t" and token:
        return turn.stay().do(ReadTicketLink(token=token))
    unit = turn.facts.units.by_code(payload)
    if payload:
        return news.scanned(replace(turn, event=Scanned(unit=unit.id if unit else None)))
    return menu.open_menu(turn.stay(), turn)


def _already_sent(turn: Turn) -> bool:
    sent, event = turn.state.sent, turn.event
    if turn.state.begun or sent is None or sent.ticket is None:
        return False
    pressed = isinstance(event, Press) and event.id == "send"
    return pressed or plain(turn.text) in wording.labels("label.send")


def _same_number(turn: Turn) -> Move:
    number = turn.state.sent.ticket if turn.state.sent else None
    return turn.stay().show(news.done(turn, number or ""))


def _thanks_for_a_message(turn: Turn) -> bool:
    """Tell whether a message about a ticket was answered by nothing but thanks or a sticker."""
    event = turn.event
    if isinstance(event, Unsupported):
        return turn.state.at in WITHOUT_A_DRAFT and is_courtesy(turn)
    known = isinstance(event, Text) and turn.facts.ticket(event.reply_to) is not None
    return known and turn.choice is None and is_courtesy(turn)


def _not_this(turn: Turn) -> Move:
    return placing.take_back(turn) or buttons.stale(turn)


def _replies_to_ticket(turn: Turn) -> bool:
    event = turn.event
    if not isinstance(event, Text | Media | Location) or turn.said is None:
        return False
    on_its_screen = turn.state.at in asides.ASIDES and turn.state.ticket == event.reply_to
    return turn.facts.ticket(event.reply_to) is not None and not on_its_screen


def _reply(turn: Turn) -> Move:
    ticket = getattr(turn.event, "reply_to", None) or ""
    return asides.added(asides.comment(turn, ticket), ticket)


def _named_ticket(turn: Turn) -> Move:
    """Show a linked ticket; of another, ask the tracking code first."""
    number, rest = asks_about(turn.text) or ("", "")
    ticket = turn.facts.ticket(number)
    if ticket:
        return asides.show_card(turn, turn.stay(), ticket)
    move = asides.aside(turn.stay(), "CODE", number)
    return codes.wrong(replace(turn, state=move.state)).ask() if rest else move


def _names_a_ticket(turn: Turn) -> bool:
    named = asks_about(turn.text)
    return named is not None and (not named[1] or read_code(named[1]) is not None)


def _is_unit_code(turn: Turn) -> bool:
    elsewhere = turn.choice is None and turn.state.at not in ("UNIT", "NAME", "REWRITE")
    return elsewhere and turn.facts.units.by_code(turn.text) is not None


def _unit_code(turn: Turn) -> Move:
    """Set the unit of the draft, or begin as if the poster had been scanned."""
    unit = turn.facts.units.by_code(turn.text)
    if unit is None:
        return turn.stay()
    if turn.state.at in DRAFTING:
        return (
            turn.stay().draft(turn.facts.fresh, unit=unit.id).say("UNIT_SET", unit=unit.name).ask()
        )
    return news.scanned(replace(turn, event=Scanned(unit=unit.id)))


def _own_number(turn: Turn) -> Move:
    phone = turn.event.phone if isinstance(turn.event, Contact) else ""
    number = phones.read(phone) or clean_line(phone)[:40]
    move = turn.stay().draft(turn.facts.fresh, phone=number)
    if turn.state.at == "PHONE":
        return move.to("REVIEW")
    ticket = placing.about(turn) if turn.state.at in AT_REST else None
    if ticket:
        words = wording.spoken("SAID_phone", turn.state.lang, phone=number)
        return asides.added(asides.comment(turn, ticket, Said(text=words)), ticket)
    noted = move.say("PHONE_NOTED")
    return menu.open_menu(noted, turn) if turn.state.at == IDLE else noted.ask()


def _is_too_big(turn: Turn) -> bool:
    event = turn.event
    return isinstance(event, Media) and is_too_big(event, turn)


def is_too_big(media: Media, turn: Turn) -> bool:
    """Tell whether a file is over the limit."""
    return media.size > turn.facts.limits.file_bytes


def _too_big(turn: Turn) -> Move:
    return turn.stay().say("TOOBIG", limit=Size(turn.facts.limits.file_bytes)).ask()


def _only(turn: Turn) -> Move:
    tries = turn.state.tries + 1
    move = turn.stay().note(tries=tries).say("ONLY").ask()
    return reports.way_out(move, turn) if tries > 2 else move


def _over(turn: Turn) -> Move:
    act = SCREENS[turn.state.at].ends.act
    return act(turn) if act else turn.stay()


_ENDS_IN = tuple(dict.fromkeys((SAME, *(to for each in SCREENS.values() for to in each.ends.to))))
"""Where a state that ends by itself may lead."""


def _timer(name: str) -> When:
    label = f'timer "{name}"'
    return When(label, lambda turn: isinstance(turn.event, Timer) and turn.event.name == name)


RULES = (
    Row(happens("group or channel", GroupChat), "declines once, leaves", _decline_group),
    Row(happens("blocked by the person", Blocked), "stops notices", _blocked),
    Row(happens("unblocked", Unblocked), "resumes notices", _unblocked),
    Row(_timer("remind"), "once, by day: reminds of the report not sent", news.remind,
        (SAME, "RESUME")),
    Row(_timer("expire"), "erases the draft", news.expire, (SAME, IDLE)),
    Row(_timer("end"), "ends the present state, as the table below says", _over, _ENDS_IN),
    Row(_timer("opened"), "lets go of reports that a code opened an hour ago", codes.forget),
    Row(_timer("undo"), "forgets words on tickets that are there for a day", placing.forget),
    Row(_timer(bursts.TIMER), "answers a burst that was kept in silence", pace.answer),
    Row(happens("any other timer", Timer), "nothing", lambda turn: turn.stay()),
    Row(happens("news of a ticket", TicketNews), "tells it; resolved asks whether it is",
        news.tell, (SAME, "RESOLVE_CHECK")),
    Row(happens("report filed", Filed), "says number and deadline", news.filed),
    Row(happens("a ticket's link read", Found), "shows it; else says that it opens nothing",
        news.found, (SAME, "STATUS", BACK)),
    Row(happens("poster read", Scanned), "sets the unit; unknown is said", news.scanned,
        ("MENU", "RESUME", *REPORT)),
    Row(When("a tracking code, alone or in words", lambda turn: codes.opens(turn) is not None),
        "shows its report, with a button to be told of it here; words beside it are added to it",
        codes.open_report, (SAME, "STATUS", BACK)),
    Row(happens("start, with or without link", Start), "reads the link; menu or unsent report",
        _start, (SAME, "MENU", "RESUME", *REPORT)),
    *(Row(called(row), row.does, row.act, row.to) for row in COMMANDS),
    Row(happens("edited message", Edited), "replaces those words; on a ticket adds them",
        edits.take),
    ANSWERED_BY_REPLY,
    Row(When("told to slow down", pace.is_quiet),
        "keeps words and files, answers when the burst is over", pace.hush,
        (SAME, "FOLLOWUP_PICK")),
    Row(When("more than 20 messages a minute", pace.is_too_fast),
        "keeps words and files, says so once; danger, buttons and commands are answered",
        pace.slow_down, (SAME, "FOLLOWUP_PICK")),
    Row(When("thanks for a message about a ticket, or a sticker", _thanks_for_a_message),
        "you are welcome", lambda turn: turn.stay().say("WELCOME")),
    Row(When("reply to a message about a ticket", _replies_to_ticket),
        "adds to that ticket; the draft is not touched", _reply),
    Row(When("[Send] again", _already_sent), "says the same number again", _same_number),
    Row(When("[not-this] under words that were added", placing.is_not_this),
        "makes a new report of them, once; they stay on the ticket with a remark", _not_this,
        (SAME, "MENU", "RESUME", *DRAFTING)),
    Row(When("button of a ticket's message", buttons.is_ticket_button),
        "does it, if it still can be",
        buttons.press, (SAME, "FOLLOWUP", "STARS", "NOTYET", "COMMENT", "MENU", "RESUME", BACK)),
    Row(When("button of an older question",
             lambda turn: isinstance(turn.event, Press) and turn.choice is None),
        "says so, asks the present question", buttons.stale, (SAME, "MENU", "RESUME")),
    Row(When("ticket number", _names_a_ticket), "shows it; one not linked needs its code",
        _named_ticket, (SAME, "STATUS", "CODE", BACK)),
    Row(When("a code, alone, that opens nothing", codes.is_wrong),
        "says so; of too many, to wait", codes.wrong),
    Row(When("such a code while a report is told", codes.is_wrong_in_draft),
        "says so, asks the present question; sent once more it is words", codes.ask_again),
    Row(When("unit code", _is_unit_code), "sets the unit", _unit_code,
        (SAME, "MENU", "RESUME", *REPORT)),
    Row(own_number, "keeps it as the phone number", _own_number,
        (SAME, "REVIEW", "MENU", "RESUME")),
    Row(When("file over the limit", _is_too_big), "asks for a smaller one", _too_big),
    Row(When("sticker, poll, foreign contact, nothing readable",
             lambda turn: turn.said is None and turn.choice is None),
        "says what the bot understands", _only),
)  # fmt: skip
"""The first row that holds decides; if none does, the state's own rows are read."""
