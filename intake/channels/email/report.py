"""What a mail says, as the words of a report. Pure: a Mail in, words, title and remarks out."""

import re
from dataclasses import dataclass

from core.ground.text import clean, clean_line
from core.hospital.directory import Directory
from intake.channels.email.understanding.mail import Mail
from intake.language import marked as _
from intake.language import translate

_PREFIX = re.compile(
    r"^\s*(?:re|fwd?|aw|wg|tr|bls|balas|trs|terusan)\s*(?:\[\d+\])?\s*:\s*", re.IGNORECASE
)
_NUMBER = re.compile(r"\bTKT-\d{8}-\d{4,12}\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[a-z]+")
_ELIDED_CHARACTERS = 64 * 1024
_HTML_CHARACTERS = 256 * 1024
_COMMANDS = frozenset({"unsubscribe", "stop", "berhenti", "berhenti berlangganan"})

_LOOK_CHARACTERS = 4000
_ENGLISH = frozenset(
    _LETTERS.findall(
        "the and is was were are have has had my your our this that with for you not to of in on"
        " it they there when please would but from been what which who how because"
    )
)
_INDONESIAN = frozenset(
    _LETTERS.findall(
        "yang dan di ke dari untuk dengan tidak saya kami ini itu ada sudah belum karena mohon"
        " akan bisa pada juga atau oleh bapak ibu anak sakit rumah kamar tolong terima kasih"
    )
)

NO_CONTENT = _("(no content)")
UNREADABLE = _("This mail could not be read automatically; the original is attached.")
PASSED_ON = _("Passed on by %(who)s:")
ALSO_TO = _("This mail was also sent to %(unit)s.")
THIRD_PERSON = _("From a third person: the address is not one of this ticket's.")
UNVERIFIED_STAFF = _("Not verified: this mail names a member of staff as its sender.")
FORWARDED_BY = _("A member of staff passed this mail on; the report is its writer's.")
SENDER_FAILED = _("Not verified: the sender's domain says that this mail is not from it.")
MANY_REPORTS = _("%(count)s reports came from this address within an hour.")
MANY_FILES = _("%(count)s more files are only in the original.")


@dataclass(frozen=True, slots=True)
class Report:
    """A mail as it stands on a ticket."""

    words: str
    title: str | None
    html: str | None
    elided: str


def report_of(mail: Mail, language: str, *, is_answer: bool = False) -> Report:
    """Say what the person newly wrote; what a forward passes on comes first, as the report."""
    new = (mail.reply if mail.reply.strip() else mail.text).strip()
    passed = mail.forwarded
    if passed is not None and passed.text.strip() and not is_answer:
        who = mail.sender.name or mail.sender.address or "-"
        comment = mail.reply.strip()
        cover = f"\n\n{translate(language, PASSED_ON, who=who)}\n{comment}" if comment else ""
        new = passed.text.strip() + cover
    subject = bare_subject(mail.subject)
    if not new and not is_answer and subject not in ("", "-"):
        new = subject
    return Report(
        words=clean(new) or translate(language, NO_CONTENT),
        title=clean_line(subject) if subject not in ("", "-") else None,
        html=mail.html if mail.html and len(mail.html) <= _HTML_CHARACTERS else None,
        elided=clean(mail.elided[:_ELIDED_CHARACTERS]).strip(),
    )


def bare_subject(subject: str) -> str:
    """Return a subject without Re:, Fwd:, Bls: … in front."""
    for _round in range(10):
        shorter = _PREFIX.sub("", subject)
        if shorter == subject:
            break
        subject = shorter
    return subject.strip()


def number_in(subject: str) -> str | None:
    """Return the ticket number that a subject names; the last one, where a reply adds up."""
    numbers = _NUMBER.findall(subject)
    return numbers[-1].upper() if numbers else None


def is_command(mail: Mail) -> bool:
    """Say whether a mail is only a word to a mailing program (unsubscribe, berhenti)."""
    words = clean_line(mail.reply or mail.text or bare_subject(mail.subject)).lower()
    return words.strip(".! ") in _COMMANDS and not mail.attachments


def category_hint(subject: str, directory: Directory) -> str | None:
    """Return the category whose name or code the subject holds as whole words."""
    said = f" {_plain(bare_subject(subject))} "
    for code, category in directory.categories.items():
        if f" {_plain(category.name)} " in said or f"[{code.lower()}]" in subject.lower():
            return code
    return None


def language_of_words(text: str) -> str:
    """Return `id` or `en` by the small words in a text."""
    words = _LETTERS.findall(text[:_LOOK_CHARACTERS].lower())
    english = sum(word in _ENGLISH for word in words)
    indonesian = sum(word in _INDONESIAN for word in words)
    return "en" if english > 2 and english > 2 * indonesian else "id"


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))
