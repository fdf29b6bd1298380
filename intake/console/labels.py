"""What the console calls things: channels, kinds, states, grades: codes to words and signs."""

from typing import Final, NamedTuple

from core.hospital.directory import ChannelEntry, Directory
from core.notices.delivery import STATUSES as DELIVERY_STATUSES
from core.tickets.link import ANSWERS_ITS_MAIL, CLOSED_LONG_AGO, NUMBER_ALONE
from intake.language import Language
from intake.language import marked as _
from intake.statuses import STATUSES


class Word(NamedTuple):
    """A message id, and the sign or badge that stands with it."""

    text: str
    sign: str


KINDS: Final = {
    "complaint": _("Complaint"),
    "suggestion": _("Suggestion"),
    "information": _("Question"),
    "satisfaction": _("Thanks"),
}
STATUSES_IN_WORDS: Final[dict[str, Word]] = {
    status: Word(words.staff, words.badge) for status, words in STATUSES.items()
}
GRADES: Final = {
    "red": Word(_("Red"), "red"),
    "yellow": Word(_("Yellow"), "yellow"),
    "green": Word(_("Green"), "green"),
}
GRADE_HELP: Final = {
    "red": _("Police, court or death may follow; the hospital is threatened. 24 hours."),
    "yellow": _("The press may ask; harm that cannot be counted in money. 72 hours."),
    "green": _("No great harm. 7 days."),
}
FOR_WHOM: Final = {
    "self": _("for themselves"),
    "family": _("for a family member"),
    "visitor": _("as a visitor"),
    "staff": _("as a member of staff"),
}
DELIVERY: Final = dict(
    zip(
        DELIVERY_STATUSES,
        (
            Word(_("waiting to be sent"), "open"),
            Word(_("being sent"), "working"),
            Word(_("being sent"), "working"),
            Word(_("sent"), "done"),
            Word(_("refused"), "late"),
            Word(_("did not arrive"), "late"),
            Word(_("called off"), "closed"),
        ),
        strict=True,
    )
)
REASONS: Final = {
    # the first word of a delivery's error: what staff can do about it
    "blocked": _("The person has blocked us there. Another address, or a call, helps."),
    "unknown_recipient": _("There is no such address. Ask for the right one."),
    "refused": _("Their provider does not take this message."),
    "returned": _("It came back as undeliverable. Another address helps."),
    "unreachable": _("Their provider does not answer; we keep trying."),
    "throttled": _("We were too fast; it goes out in a moment."),
    "unclear": _("No answer: it may have arrived."),
    "moved": _("The person has another address by now; it follows them."),
    "misconfigured": _("Our own access to the channel is wrong. Tell the administrator."),
}
LINKED: Final = {
    # why two reports stand together, where it was not staff who linked them
    CLOSED_LONG_AGO: _("It continues a report that had long been closed."),
    NUMBER_ALONE: _("The mail names this ticket, but nothing proves that it belongs to it."),
    ANSWERS_ITS_MAIL: _("Somebody else answers a mail that is on this ticket."),
}
VERBS: Final = {
    # what somebody wanted to do, in the sentence that says it is not possible
    "assign": _("assign it"),
    "move": _("move it"),
    "start": _("begin"),
    "reply": _("answer it"),
    "ask": _("ask back"),
    "note": _("write a note"),
    "grade": _("grade it"),
    "escalate": _("raise it"),
    "resolve": _("say it is solved"),
    "close": _("close it"),
    "merge": _("merge it"),
    "reopen": _("open it again"),
    "resend": _("send it again"),
    "cancel": _("call it off"),
}


def channel_word(directory: Directory, language: Language, name: str) -> Word:
    """Return what a channel says it is called; one that never said is called by its name."""
    channel = directory.channels.get(name) or ChannelEntry(name=name)
    text = channel.label.get(language) or name.replace("_", " ").capitalize()
    return Word(text, channel.sign)


def reason_of(error: str | None) -> str | None:
    """Return the sentence for a delivery's error."""
    return REASONS.get((error or "").partition(":")[0].strip())
