"""What is said of messages that were set aside: what is in them, why, and that one was released.

What the desk shows of one holds no tracking code: who decides about it is not who may open it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from core.ground.database import Database
from core.hospital.directory import Directory
from core.jobs import set_aside as reasons
from core.jobs.set_aside import Summary
from core.tickets.known_codes import covered_alone
from intake.channel import Preview, Raw
from intake.language import language_of, local_moment, translate
from intake.language import marked as _

REASONS: Final[Mapping[str, str]] = {
    # code                      why it waits, said to whoever decides
    reasons.AUTOMATIC_ANSWER: _("It looks like an automatic answer, such as an absence notice."),
    reasons.LIST: _("It looks like a newsletter or a mailing list."),
    reasons.BOUNCE: _("It says that a mail did not arrive, and names none of ours."),
    reasons.CLAIMS_TO_BE_US: _("It claims to be from a mailbox of ours, and nothing proves it."),
    reasons.COMMAND: _("It is only a word for a mailing program, such as “unsubscribe”."),
    reasons.TOO_MANY: _("More came from there in a short time than people write."),
    reasons.LOOP: _("It carries a message of ours back to us, as a loop of machines does."),
    reasons.ABUSE_REPORT: _("A provider reports unwanted mail, and it is about none of ours."),
    reasons.RECALL: _("A mail program takes a mail back that is not here."),
    reasons.UNREADABLE: _("It could not be understood."),
    reasons.POISON: _("Reading it broke off again and again; nobody has read it."),
    reasons.FAULT: _("A fault of ours kept it from being read."),
}

RELEASED: Final = _(
    "Arrived on %(moment)s and was set aside; %(who)s released it. Deadlines count from then on."
)
JOINED: Final = _("Arrived on %(moment)s and was set aside; %(who)s joined it to this report.")
OPERATOR: Final = _("an operator")


async def summary_of(
    database: Database, *, words: str, who: str = "", subject: str = "", key: str = ""
) -> Summary:
    """Return what the desk's list shows of a message. Raises DatabaseAwayError."""
    who, subject, words = await covered_alone(database, [who, subject, words])
    return Summary.of(who=who, subject=subject, words=words, key=key)


async def without_codes(database: Database, shown: Preview) -> Preview:
    """Return what the desk's page shows of a message. Raises DatabaseAwayError."""
    names = [name for name, _size in shown.files]
    said = (shown.sender_name, shown.subject, shown.words, *names)
    sender_name, subject, words, *names = await covered_alone(database, said)
    sizes = (size for _name, size in shown.files)
    files = tuple(zip(names, sizes, strict=True))
    return replace(shown, sender_name=sender_name, subject=subject, words=words, files=files)


def reason_words(code: str) -> str:
    """Return why something waits, in English; translate it. Codes of another release: a fault."""
    return REASONS.get(code, REASONS[reasons.FAULT])


def released(raw: Raw, directory: Directory) -> tuple[str, ...]:
    """Return the remark for staff on a message that a person released; none on every other."""
    verdict, language = raw.verdict, language_of(directory.hospital.language)
    if verdict is None:
        return ()
    said = JOINED if verdict.kind == "join" and verdict.ticket_id else RELEASED
    return (
        translate(
            language,
            said,
            moment=local_moment(verdict.arrived_at, directory.hospital.zone, language),
            who=verdict.by or translate(language, OPERATOR),
        ),
    )
