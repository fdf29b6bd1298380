"""Where an answer goes, in words that stand above the box it is written in. Pure."""

from dataclasses import dataclass
from typing import Final

from core.hospital.directory import Directory
from core.reading.case import CaseView
from intake.console.labels import channel_word
from intake.language import Language, language_of, translate
from intake.language import marked as _

TO_ADDRESS: Final = _("Goes by %(channel)s to %(address)s, in %(spoken)s")
TO_NAME: Final = _("Goes by %(channel)s to %(name)s, in %(spoken)s")
TO_PERSON: Final = _("Goes by %(channel)s to the person, in %(spoken)s")
BY_CALL: Final = _(
    "There is no written address: it is read on the page of the report, and told by telephone"
)
BY_PAGE: Final = _("There is no address: the person reads it on the page of their report")
SPOKEN: Final = {"id": _("Indonesian"), "en": _("English")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where it goes, and by which channel; none where only the page shows it."""

    sentence: str
    channel: str | None
    sign: str


def destination_of(case: CaseView, directory: Directory, language: Language) -> Destination:
    """Say where an answer on this ticket goes."""
    ticket, address = case.ticket, case.address
    if address is None:
        message = BY_CALL if ticket.submitter_phone else BY_PAGE
        sign = "phone" if ticket.submitter_phone else "globe"
        return Destination(sentence=translate(language, message), channel=None, sign=sign)
    word = channel_word(directory, language, address.channel)
    named = ticket.submitter_name and not ticket.is_anonymous
    readable = "@" in address.address
    message = TO_ADDRESS if readable else TO_NAME if named else TO_PERSON
    sentence = translate(
        language,
        message,
        channel=word.text,
        address=address.address,
        name=ticket.submitter_name or "",
        spoken=translate(language, SPOKEN[language_of(ticket.language)]),
    )
    return Destination(sentence=sentence, channel=address.channel, sign=word.sign)
