"""What a mail says, as the words of a report. Pure: a Mail in, words, title and remarks out."""

import re
from dataclasses import dataclass

from core.ground.text import clean, clean_line
from core.hospital.directory import Directory
from intake.channels.email.understanding import limits
from intake.channels.email.understanding.content import elided
from intake.channels.email.understanding.mail import Mail
from intake.dialogue.alone import says_only
from intake.language import marked as _
from intake.language import translate

_PREFIX = re.compile(
    r"^\s*(?:re|fwd?|aw|wg|tr|bls|balas|trs|terusan)\s*(?:\[\d+\])?\s*:\s*", re.IGNORECASE
)
_NUMBER = re.compile(r"\bTKT-\d{8}-\d{4,12}\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[a-z]+")
_KEPT_CHARACTERS = 256 * 1024
"""Of what is kept beside the words."""
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
UNREADABLE_UNNAMED = _(
    "A mail came that could not be read automatically. It names its writer, who reported without a"
    " name, so it is not attached; ask them to write it again."
)
PASSED_ON = _("Passed on by %(who)s:")
ALSO_TO = _("This mail was also sent to %(unit)s.")
THIRD_PERSON = _("From a third person, %(who)s: the address is not one of this ticket's.")
UNNAMED = _("somebody unnamed")
RECALLED = _(
    "The sender's mail program asked to take an earlier mail back. Nothing was withdrawn; ask the"
    " person if it matters."
)
UNVERIFIED_STAFF = _("Not verified: this mail names a member of staff as its sender.")
FORWARDED_BY = _("A member of staff passed this mail on; the report is its writer's.")
FORWARDED_BY_NOBODY = _(
    "Not verified: %(staff)s is an address of staff, but nothing proves that they passed this mail"
    " on. So %(who)s, whom it names, was not made the reporter and was not answered. Ask, and then"
    " enter the contact."
)
UNPROVEN = _(
    "Sender not proven: only the address and a number, or a mail that it answers, say that this is"
    " from the person. Ask by a way you know before you act on it."
)
SENDER_FAILED = _("Not verified: the sender's domain says that this mail is not from it.")
MANY_REPORTS = _("%(count)s reports came from this address within an hour.")
TOO_LONG = _("The mail is too long to be kept whole here; the original is attached.")
MANY_FILES = _("%(count)s more files are only in the original.")


@dataclass(frozen=True, slots=True)
class Report:
    """A mail as it stands on a ticket. Words, `trimmed` and `whole` together lose nothing."""

    words: str
    title: str | None
    html: str | None
    trimmed: str
    """What was cut: a quotation, a footer, in an answer the signature."""
    whole: str
    """The readable text of the mail as it came; empty where the words are all of it."""
    too_long: bool
    """Whether something of it is too long to be kept with the message."""

    def remarks(self, language: str) -> tuple[str, ...]:
        """Say to staff what is not kept here."""
        return (translate(language, TOO_LONG),) if self.too_long else ()


def report_of(mail: Mail, language: str, *, is_answer: bool = False) -> Report:
    """Say what the person wrote; what a forward passes on comes first, as the report.

    A first mail keeps its signature, an answer gives its new words alone.
    """
    passed = mail.forwarded
    is_passed_on = passed is not None and bool(passed.text.strip()) and not is_answer
    own = mail.reply if is_answer else mail.letter
    trimmed = elided(mail.text, own)
    new = (own if own.strip() else mail.text).strip()
    if passed is not None and is_passed_on:
        trimmed = elided(trimmed, passed.text, unquoted=True)
        who = mail.sender.name or mail.sender.address or "-"
        cover = (
            f"\n\n{translate(language, PASSED_ON, who=who)}\n{own.strip()}" if own.strip() else ""
        )
        new = passed.text.strip() + cover
    elif not own.strip():
        trimmed = ""
    subject = bare_subject(mail.subject)
    if not new and not is_answer and subject not in ("", "-"):
        new = subject
    words, whole, trimmed = clean(new), clean(mail.text).strip(), clean(trimmed).strip()
    html = mail.html or ""
    return Report(
        words=words or translate(language, NO_CONTENT),
        title=clean_line(subject) if subject not in ("", "-") else None,
        html=html if html and len(html) <= _HTML_CHARACTERS else None,
        trimmed=trimmed[:_KEPT_CHARACTERS],
        whole=whole[:_KEPT_CHARACTERS] if whole != words.strip() else "",
        too_long=max(len(trimmed), len(whole) if trimmed else 0) > _KEPT_CHARACTERS
        or len(html) > _HTML_CHARACTERS
        or len(mail.text) >= limits.TEXT_CHARACTERS,
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
    """Say whether a word for a mailing program is all there is: subject and body say no other.

    A body that says "berhenti" under a subject is an answer to it.
    """
    body = mail.reply or mail.text
    said = {_command(bare_subject(mail.subject)), _command(body)} - {"", "-"}
    return bool(said) and said <= _COMMANDS and not mail.attachments


def shows_only(mail: Mail, code: str) -> bool:
    """Say whether a mail that shows a tracking code says nothing else, a greeting aside."""
    if mail.attachments or mail.forwarded is not None:
        return False
    return says_only(f"{bare_subject(mail.subject)}\n{mail.reply}", [code])


def _command(text: str) -> str:
    return clean_line(text).lower().strip(".! ")


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
